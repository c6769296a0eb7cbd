import type { ResponseType } from '../../protocol/response-type.ts'
import { formPost } from './form-post.ts'
import { fragment } from './fragment.ts'
import { formPostJwt, fragmentJwt, jwt, queryJwt } from './jwt.ts'
import { query } from './query.ts'
import type { ResponseMode, ResponseModeByType } from './response-mode.ts'

/** Every response mode that is served, by its name on the wire, as discovery lists them. */
export const responseModes = {
  query,
  fragment,
  form_post: formPost,
  jwt,
  'query.jwt': queryJwt,
  'fragment.jwt': fragmentJwt,
  'form_post.jwt': formPostJwt,
} as const satisfies Readonly<Record<string, ResponseMode | ResponseModeByType>>

/** What a request may name. */
export type ResponseModeName = keyof typeof responseModes

/** What an answer travels in. */
export type CarryingMode = {
  [K in ResponseModeName]: (typeof responseModes)[K] extends ResponseMode ? K : never
}[ResponseModeName]

/** The row of a mode that carries. */
export function modeOf(name: CarryingMode): ResponseMode {
  return responseModes[name]
}

/** The mode that a name means for a response type whose answers usually go so. */
export function carryingMode(
  name: ResponseModeName,
  usual: ResponseType['default_mode'],
): CarryingMode {
  const row = responseModes[name]
  return 'byType' in row ? row.byType[usual] : (name as CarryingMode)
}

/** Whether what is asked for is a JWT. */
export function isJwtMode(name: ResponseModeName): boolean {
  const row: ResponseMode | ResponseModeByType = responseModes[name]
  return 'byType' in row || row.jwt === true
}
