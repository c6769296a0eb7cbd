/**
 * journey: how a user proves who they are, as a tree of nodes that ask or decide (PingAM: trees).
 * Says who it was; makes no session and knows no page.
 */
import type { Ready } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { Question } from './callback.ts'
import type { NodeTypeName } from './node/index.ts'

/** What a journey has learnt so far. It travels sealed in the `authId`. */
export interface JourneyState {
  readonly username?: string
  readonly password?: string
  /** Who it is, once proven. */
  readonly sub?: string
  /** Where the counter of that account stood then (`user/epoch.ts`). */
  readonly epoch?: number
}

/** What is known of whoever logs in beside their answers. */
export interface Visit {
  /** Where they come from: `HttpRequest.peer`. */
  readonly peer: string
  /** What their browser has to show of earlier logins; absent for one that has nothing. */
  readonly device?: string | undefined
  /** Whose session their browser has. */
  readonly session: { readonly username: string } | undefined
  /** Whom the client expects (OIDC Core §3.1.2.1). */
  readonly login_hint: string | undefined
  /** The name that was tried before and failed, empty if none was asked; absent at the first try. */
  readonly tried?: string
}

/** How a node ended: by which outcome and what is known now. No outcome: it asks again. */
export interface NodeResult {
  readonly outcome: string | undefined
  readonly state: JourneyState
}

/** A kind of node. */
export interface NodeType {
  readonly outcomes: readonly string[]
  /** What must be answered first; nothing for a node that only decides. */
  questions(visit: Visit, state: JourneyState): readonly Question[]
  /** `answers` stand in the order of the questions; unanswered ones are empty. */
  process(
    realm: Realm,
    visit: Visit,
    state: JourneyState,
    answers: readonly string[],
  ): Ready<NodeResult>
}

/** Nodes asked on one page (a node of its own is a page of one), and where each outcome of the last leads. */
export interface Step {
  readonly nodes: readonly NodeTypeName[]
  readonly outcomes: Readonly<Record<string, string>>
}

/** A tree of places. Outcomes lead to places, to `success` or to `failure`. */
export interface Journey {
  readonly name: string
  readonly entry: string
  readonly places: Readonly<Record<string, Step>>
}
