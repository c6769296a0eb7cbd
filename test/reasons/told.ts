import type { HttpResponse } from '../../src/base/http.ts'
import { explain } from '../../src/history/explain.ts'
import type { Stopped } from '../../src/history/explanation.ts'
import type { ReasonName } from '../../src/protocol/reason/index.ts'
import { withEvents } from '../events.ts'
import type { RecordedWorld } from '../history.ts'

/** A request that is refused, and the row of reasons that says why. */
export type Case = readonly [why: ReasonName, ask: () => Promise<HttpResponse>]

/** Cases, and the server that refuses them. */
export interface Topic {
  readonly w: RecordedWorld
  readonly cases: readonly Case[]
  /** The realm they are for, where that is not alpha. */
  readonly path?: string
}

/** What was told of the last request of these. */
export interface Told {
  readonly error: unknown
  readonly why: unknown
  readonly endpoint: unknown
  /** What `explain` says of it, asked by the request's name. */
  readonly stopped: Stopped | undefined
}

export async function toldOf({ w, path }: Topic, ask: Case[1]): Promise<Told> {
  const { events } = await withEvents(ask)
  const last = events.findLast(({ name }) => name === 'request')
  const { error, why, endpoint } = last?.fields ?? {}
  const explained = await explain(await w.realm(path), { request: last?.trace?.id ?? '' })
  return { error, why, endpoint, stopped: explained?.stopped }
}
