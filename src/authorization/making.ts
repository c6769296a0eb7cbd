import type { Use } from '../client/unserved.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
  KeptAsSent,
  PushedDecision,
} from '../protocol/authorization-request.ts'
import { isJwtMode } from './response-mode/index.ts'

/** What was proven when the request came, and is not proven again. */
export interface Proven {
  readonly hint_sub: string | undefined
  readonly hint_iat: number | undefined
  readonly decision: PushedDecision | undefined
  readonly signed_by: string | undefined
}

/** What is kept as it was sent. */
export type Sent = { -readonly [K in KeptAsSent]?: AuthorizationParameters[K] }

/** A request whose members are still being added; only the mark of a validated one is not there. */
export type Making = {
  -readonly [K in keyof AuthorizationRequest as K & string]: AuthorizationRequest[K]
}

/** What rules decided and may have left out: each has to be told. */
export type Told = {
  readonly [K in keyof Making as K extends KeptAsSent | keyof Proven
    ? never
    : object extends Pick<Making, K>
      ? K
      : never]-?: Making[K] | undefined
}

/** What of a request somebody may have been promised otherwise (C-39). */
export function usedBy({ scope, acr_values, response_mode }: Making): Use {
  return { scope, acr_values, jwt: isJwtMode(response_mode) }
}
