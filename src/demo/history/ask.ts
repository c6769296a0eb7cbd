import { isObject, type JsonObject, member, parseJsonObject } from '../../base/json.ts'
import type { Exchange } from '../exchange.ts'
import { exchange } from '../exchange.ts'
import type { Flow } from '../flow.ts'
import { proofOf } from '../request.ts'
import type { DemoCredentials } from '../seed.ts'

/** A push of one of the demo's clients, by what leads to it. */
export interface Asked {
  /** `alpha`. */
  readonly realm: string
  readonly client_id: string
  /** A refused push has no `request_uri`: the name under which it was answered leads to it. */
  readonly by: 'request_uri' | 'request'
  readonly value: string
}

/** What the server told of a push. */
export type History =
  /** A public client has nothing to prove itself by, and is told nothing. */
  | { readonly way: 'public'; readonly asked: Asked }
  | {
      readonly way: 'asked'
      readonly exchange: Exchange
      /** Undefined: it is not known, or no answer came. */
      readonly told: JsonObject | undefined
    }

/** Who asks, and where. */
interface Asker {
  readonly baseUrl: string
  readonly credentials: DemoCredentials
}

/**
 * Asks the server what became of a push, as the client that pushed it. What is asked about comes from what
 * this application remembers, and travels in a body (C-33).
 */
export async function askHistory(
  fetchIt: typeof fetch,
  { baseUrl, credentials }: Asker,
  asked: Asked,
): Promise<History> {
  const { headers, form: names, ...hidden } = proofOf(asked.client_id, credentials)
  if (names.length > 0) return { way: 'public', asked }
  const made = await exchange(fetchIt, {
    url: `${baseUrl}/am/json/realms/root/realms/${asked.realm}/parapet?_action=explain`,
    headers: { ...headers, 'x-requested-with': 'demo', 'accept-api-version': 'resource=1.0' },
    json: { [asked.by]: asked.value },
    ...hidden,
  })
  return { way: 'asked', exchange: made, told: toldIn(made) }
}

/** The push that a flow began with. */
export function pushOf({ realm, client_id, answer }: Flow): Asked {
  const named = member(parseJsonObject(answer) ?? {}, 'request_uri')
  return { realm, client_id, by: 'request_uri', value: typeof named === 'string' ? named : '' }
}

function toldIn({ answer }: Exchange): JsonObject | undefined {
  const told = answer?.status === 200 ? answer.json : undefined
  return told !== undefined && Array.isArray(told.steps) && told.steps.every(isObject)
    ? told
    : undefined
}
