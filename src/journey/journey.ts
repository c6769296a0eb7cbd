/**
 * journey: how a user proves who they are, as a tree of nodes that ask or decide (PingAM: trees). Says who it was and
 * what the session is to hold; makes no session and knows no page.
 */
import type { HttpRequest } from '../base/http.ts'
import type { Json, JsonObject } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { Answer, Asked } from './callback/callback.ts'
import type { NodeSettings, NodeValues } from './node-setting.ts'
import type { People } from './people.ts'
import type { JourneyState } from './state.ts'

/** What is known of whoever logs in beside their answers. */
export interface Visit {
  /** Where they come from: `HttpRequest.peer`. */
  readonly peer: string
  /** What their browser has to show of earlier logins; absent for one that has nothing. */
  readonly device?: string | undefined
  /** The session their browser has. */
  readonly session: VisitSession | undefined
  /** Whom the client expects (OIDC Core §3.1.2.1). */
  readonly login_hint: string | undefined
  /** The name that was tried before and failed, empty if none was asked; absent at the first try. */
  readonly tried?: string
  /** Languages, the preferred first: of the request's `locale`, else of the authorization's `ui_locales`; then of `Accept-Language`. */
  readonly locales: readonly string[]
  /** The request itself; absent where a journey is run without one. */
  readonly http?: HttpRequest
  /** `goto` and `gotoOnFail`, where they lead to a place that a login may lead to. */
  readonly goto?: string | undefined
  readonly gotoOnFail?: string | undefined
  /** Whether they have to show who they are, though their browser may have a cookie that says so; absent: they need not. */
  readonly active?: (() => Ready<boolean>) | undefined
  /** The same, since whoever began the journey said so (PingAM: `ForceAuth`): it holds for the whole of it. */
  readonly forced?: boolean | undefined
}

/** What of a session nodes may look at. */
export interface VisitSession {
  readonly username: string
  readonly sub?: string
  /** Where the counter of its account stood when it was made; the session is over once that has moved. */
  readonly epoch?: number
  readonly properties?: Readonly<Record<string, string>>
  readonly journey?: string
}

/** An outcome of a node: its id, and what PingAM's editor calls it. */
export interface Outcome {
  readonly id: string
  readonly displayName: string
}

/** What of the journey a node may know. */
export interface Running {
  /** The journey that was started. */
  readonly outer: string
  /** The one whose node this is: an inner one, or the same. */
  readonly name: string
  readonly identityResource: string | undefined
  readonly mustRun: boolean
  /** The level that was asked for (`authIndexType=level`); absent: none. */
  readonly targetLevel?: number
  /** Nobody has asked for more than to see its first step. */
  readonly looking?: true
}

/** A node at its turn: all that it may go by. */
export interface Turn {
  readonly realm: Realm
  readonly visit: Visit
  readonly running: Running
  /** Id of the node in its journey. */
  readonly id: string
  readonly state: JourneyState
  /** What this node asked last; empty where it has not. */
  readonly asked: readonly Asked[]
  /** Answers to what this node asked, in that order; undefined: it was reached just now, and has not asked. */
  readonly answers: readonly Answer[] | undefined
  /** What the node kept for itself when it asked or suspended. */
  readonly kept: Json | undefined
  /** The journey was suspended by this node, and is resumed. */
  readonly resumed: boolean
  /** A node that stands inside this one, by type and id. */
  readonly inside: (type: string, id: string) => Ready<FoundNode | undefined>
  /** By how much the level may still rise where an outcome leads; undefined: it leads to no success. */
  readonly mostRise: (outcome: string) => Promise<number | undefined>
  /**
   * Where a suspended journey is resumed (PingAM: `resumeURI`); the suspension is real once the node says `suspend`.
   * `address`: to which that is written, where it has to be the same still once somebody comes with it.
   */
  readonly resumeUri: (address?: string) => string
  /** Whether the link by which the journey is resumed may have been written to that address. */
  readonly isSentTo: (address: string) => boolean
  readonly people: People
}

/** A node with its kind and its settings. */
export interface FoundNode {
  readonly type: NodeType
  readonly values: NodeValues<NodeSettings>
  /** The settings as they were written. */
  readonly document: JsonObject
}

/** How a node's turn ended. */
export type NodeResult =
  /** It is passed by one of its outcomes. */
  | { readonly kind: 'outcome'; readonly outcome: string; readonly state: JourneyState }
  /** It asks. It has its turn again with the answers. */
  | ({ readonly kind: 'ask' } & Asking)
  /** It waits for whoever comes with the link that it sent, and tells so. */
  | ({ readonly kind: 'suspend'; readonly minutes?: number | undefined } & Asking)
  /** Another journey runs first; then it is passed by `true`, `false`, or `error` where `catches` says so. */
  | {
      readonly kind: 'enter'
      readonly journey: string
      readonly catches: boolean
      readonly state: JourneyState
    }

/** What a node asks for, and how the page is to call it. */
export interface Asking {
  readonly callbacks: readonly Asked[]
  readonly state: JourneyState
  readonly header?: string | undefined
  readonly description?: string | undefined
  readonly stage?: string | undefined
  /** The callbacks are those of a page, where each has an `_id`. */
  readonly onPage?: true
  /** For its next turn. */
  readonly keep?: Json | undefined
}

/** A kind of node. */
export interface NodeType<T extends NodeSettings = NodeSettings> {
  /** PingAM's name for it, as it stands in `nodeType`. */
  readonly type: string
  /** What PingAM's editor calls it. */
  readonly name: string
  readonly tags: readonly string[]
  readonly settings: T
  outcomes(
    values: NodeValues<T>,
    inside: (type: string, id: string) => Ready<FoundNode | undefined>,
  ): Ready<readonly Outcome[]>
  /** Whether its turn sends or writes something that outlasts the journey; absent: nothing before it was answered. */
  acts?(turn: Turn, values: NodeValues<T>): boolean
  process(turn: Turn, values: NodeValues<T>): Ready<NodeResult>
}

/** Of nodes that always do. */
export const always = (): boolean => true

/** A row of the table of nodes; exists so that the settings are known to the functions beside them. */
export function nodeType<T extends NodeSettings>(row: NodeType<T>): NodeType {
  return row
}

export function passed(outcome: string, state: JourneyState): NodeResult {
  return { kind: 'outcome', outcome, state }
}

export function asks(
  callbacks: readonly Asked[],
  state: JourneyState,
  more: Omit<Asking, 'callbacks' | 'state'> = {},
): NodeResult {
  return { kind: 'ask', callbacks, state, ...more }
}

/** PingAM's single outcome. */
export const oneOutcome: readonly Outcome[] = [{ id: 'outcome', displayName: 'Outcome' }]

/** PingAM's two. */
export const trueOrFalse: readonly Outcome[] = [
  { id: 'true', displayName: 'True' },
  { id: 'false', displayName: 'False' },
]

/**
 * A node cannot do its work as things are: it ends the journey, by the outcome `error` of an inner one that has it,
 * else as a failure (PingAM: node exceptions). What it says is for the log and for scripts, never for whoever logs in.
 */
export class NodeError extends Error {
  override readonly name = 'NodeError'
}
