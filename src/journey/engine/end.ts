import { member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { Realm } from '../../realm/realm.ts'
import { findByUsername } from '../../user/end-user.ts'
import { findTree } from '../find.ts'
import type { NodeError } from '../journey.ts'
import { isNamedSince, withoutOverruled } from '../person/who.ts'
import type { Identified, JourneyState } from '../state.ts'
import { textIn } from '../state.ts'
import type { Tree } from '../tree.ts'
import type { Frame } from './position.ts'

/** The end of a journey. */
export interface Ended {
  readonly kind: 'success' | 'failure'
  readonly state: JourneyState
  /** Whom it found or proved; the endpoint asks whether that account still is as it was then. */
  readonly user: Identified | undefined
  /** It ended because a node could not do its work. */
  readonly byError: boolean
  /** The node that was passed last, or could not do its work; absent: none was. */
  readonly last?: Passed | undefined
}

/** A node as logs and explanations name it, and the journey it stands in. */
export interface Passed {
  readonly journey: string
  readonly node: string
}

/** Where a walk was when it ended. */
interface At {
  readonly frames: readonly Frame[]
  readonly state: JourneyState
  readonly last: Passed | undefined
}

/** What of a walk its end goes by. */
interface Walk {
  readonly realm: Realm
  readonly targetLevel?: number | undefined
}

export function passedIn(tree: Tree | undefined, name: string, node: string): Passed {
  const { displayName = '', type = '' } = tree?.nodes.get(node) ?? {}
  return { journey: name, node: displayName || type || node }
}

/** A node could not do its work. Why is for the log alone. */
export async function broken(
  { realm }: Pick<Walk, 'realm'>,
  { frames, state, last }: At,
  error: NodeError,
): Promise<Ended> {
  const [frame] = frames
  const journey = frames.at(-1)?.tree
  const node = frame?.node
  const told = { realm: realm.path, journey, node, reason: error.message }
  event('journey.failed', told, 'warn')
  const at = frame && passedIn((await findTree(realm, frame.tree))?.tree, frame.tree, frame.node)
  return { kind: 'failure', state, user: state.user, byError: true, last: at ?? last }
}

export function failed({ state, last }: Pick<At, 'state' | 'last'>): Ended {
  return { kind: 'failure', state, user: state.user, byError: false, last }
}

/**
 * Whoever was found last; where no node said whom, the name that the state has (PingAM: `username`). Who was found and has
 * proven nothing, while the name that was set since is another’s, is neither. Where a level was asked for, only who has
 * come to it.
 */
export async function succeeded({ realm, targetLevel }: Walk, at: At): Promise<Ended> {
  const { last } = at
  const state = withoutOverruled(at.state)
  if (targetLevel !== undefined && levelIn(state) < targetLevel) {
    const reason = `it ends at level ${levelIn(state)}, and ${targetLevel} was asked for`
    tellFailed(realm, at, reason)
    return failed(at)
  }
  const { user } = state
  if (user !== undefined && (state.methods.length > 0 || !isNamedSince(state)))
    return { kind: 'success', state, user, byError: false, last }
  const username = textIn(state, 'username')
  const found = username === undefined ? undefined : await findByUsername(realm, username)
  const named = found && { sub: found.sub, epoch: found.epoch }
  if (user === undefined) return { kind: 'success', state, user: named, byError: false, last }
  if (user.sub === named?.sub) return { kind: 'success', state, user, byError: false, last }
  tellFailed(realm, at, 'somebody was found who proved nothing, and another one named since')
  return failed(at)
}

function tellFailed({ path }: Realm, { frames }: At, reason: string): void {
  event('journey.failed', { realm: path, journey: frames.at(-1)?.tree, reason }, 'warn')
}

function levelIn(state: JourneyState): number {
  const level = member(state.shared, 'authLevel')
  return typeof level === 'number' ? level : 0
}
