import type { Realm } from '../../realm/realm.ts'
import type { Answer } from '../callback/callback.ts'
import { findNode, findTree } from '../find.ts'
import type { NodeResult, Visit } from '../journey.ts'
import { NodeError } from '../journey.ts'
import type { People } from '../people.ts'
import type { JourneyState } from '../state.ts'
import { putShared, settled } from '../state.ts'
import type { Tree } from '../tree.ts'
import { failureId, successId } from '../tree.ts'
import type { Ended, Passed } from './end.ts'
import { broken, failed, passedIn, succeeded } from './end.ts'
import { risesFrom } from './level.ts'
import { processed } from './looking.ts'
import type { Frame, Position } from './position.ts'
import { JourneyChanged } from './position.ts'
import { settingsDigest } from './settings-digest.ts'

/** What a walk comes to. */
export type Walked =
  | { readonly kind: 'ask'; readonly position: Position; readonly minutes?: number | undefined }
  | Ended

/** What the nodes of one walk share. */
export interface Walk {
  readonly realm: Realm
  readonly visit: Visit
  readonly targetLevel?: number | undefined
  /** Nothing may come of it but what is asked first. @throws WouldAct where something would. */
  readonly looking?: true | undefined
  /** See `Turn`. */
  readonly resumeUri: (address?: string) => string
  readonly isSentTo: (address: string) => boolean
  readonly people: People
}

/** Nodes passed in one request, inner journeys' and pages' among them: more are a circle. */
const mostNodes = 1000

/** Where a walk goes on. */
interface At {
  readonly frames: readonly Frame[]
  readonly state: JourneyState
  readonly asked: Position['asked']
  readonly answers: readonly Answer[] | undefined
  readonly kept: Position['kept']
  readonly settings: Position['settings']
  readonly resumed: boolean
  /** The node that was passed last. */
  readonly last: Passed | undefined
}

/** From the beginning of a journey until something is asked, or its end. */
export function begin(walk: Walk, journey: string, state: JourneyState): Promise<Walked> {
  return entered(walk.realm, journey, false).then(
    (frame) => walkOn(walk, { ...fresh, frames: [frame], state }),
    (error: unknown) => caught(walk, { ...fresh, frames: [], state }, error),
  ) as Promise<Walked>
}

/** On from where it asked, with the answers; or from where it was suspended. */
export function goOn(
  walk: Walk,
  { frames, state, asked, kept, settings, suspended }: Position,
  answers: readonly Answer[] | undefined,
): Promise<Walked> {
  const from = { frames, state, asked, kept, settings, answers }
  return walkOn(walk, { ...from, resumed: suspended, last: undefined })
}

const fresh = {
  ...{ asked: [], answers: undefined, kept: undefined, settings: undefined },
  ...{ resumed: false, last: undefined },
}

async function entered(realm: Realm, name: string, catches: boolean): Promise<Frame> {
  const found = await findTree(realm, name)
  // PingAM’s words for both: where another journey catches the error, nodes after it read them.
  if (found?.tree.enabled !== true) throw new NodeError(`Configured tree does not exist: ${name}`)
  return { tree: name, version: found.version, node: found.tree.entry, catches }
}

async function walkOn(walk: Walk, from: At): Promise<Walked> {
  let at = from
  for (let left = mostNodes; left > 0; left -= 1) {
    const next = await step(walk, at).catch((error: unknown) => caught(walk, at, error))
    if ('kind' in next) return next
    at = next
  }
  return broken(
    walk,
    at,
    new NodeError(`more than ${mostNodes} nodes were passed without a question`),
  )
}

/** One node, or the end of one journey of those that stand in each other. */
async function step(walk: Walk, at: At): Promise<At | Walked> {
  const [frame, ...outer] = at.frames
  if (frame === undefined) throw new Error('a journey without a frame')
  if (frame.node !== successId && frame.node !== failureId) return pass(walk, at, frame)
  const success = frame.node === successId
  if (outer.length > 0) {
    // What comes of it there is no error of the journey that has ended.
    const outside = { ...at, frames: outer }
    const outcome = success ? 'true' : 'false'
    return left(walk, outside, outcome).catch((error: unknown) => caught(walk, outside, error))
  }
  return success ? succeeded(walk, at) : failed(at)
}

async function treeAt(realm: Realm, { tree: name, version }: Frame): Promise<Tree> {
  const found = await findTree(realm, name)
  if (found === undefined || found.version !== version || !found.tree.enabled)
    throw new JourneyChanged(name)
  return found.tree
}

async function pass(walk: Walk, at: At, frame: Frame): Promise<At | Walked> {
  const { realm, visit } = walk
  const tree = await treeAt(realm, frame)
  const node = tree.nodes.get(frame.node)
  const found = node && (await findNode(realm, node.type, node.id))
  if (node === undefined || found === undefined)
    throw new NodeError(`the journey ${tree.name} has no node ${frame.node} that can run`)
  const { state, asked, answers, kept, resumed } = at
  const isKnown = answers !== undefined && at.settings !== undefined
  if (isKnown && at.settings !== (await settingsDigest(realm, node.id, found)))
    throw new JourneyChanged(tree.name)
  const outer = at.frames.at(-1)?.tree ?? tree.name
  const result = await processed(
    {
      ...{ realm, visit, id: node.id, state, asked, answers, kept, resumed },
      running: {
        ...{ outer, name: tree.name, identityResource: tree.identityResource },
        mustRun: tree.mustRun,
        ...(walk.targetLevel === undefined ? {} : { targetLevel: walk.targetLevel }),
        ...(walk.looking === true && { looking: walk.looking }),
      },
      inside: (type, id) => findNode(realm, type, id),
      mostRise: risesFrom(realm, at.frames),
      ...{ resumeUri: walk.resumeUri, isSentTo: walk.isSentTo, people: walk.people },
    },
    found,
  )
  const settings = result.kind === 'ask' ? await settingsDigest(realm, node.id, found) : undefined
  return after(walk, { ...at, settings }, result)
}

async function after(walk: Walk, at: At, result: NodeResult): Promise<At | Walked> {
  const { state } = result
  if (result.kind === 'outcome') return left(walk, { ...at, state }, result.outcome)
  if (result.kind === 'enter') {
    const frame = await entered(walk.realm, result.journey, result.catches)
    return { ...fresh, frames: [frame, ...at.frames], state, last: at.last }
  }
  const { callbacks, header, description, stage, keep, kind } = result
  const position: Position = {
    ...{ frames: at.frames, state: settled(state), asked: callbacks, kept: keep },
    ...{ header, description, stage, suspended: kind === 'suspend' },
    ...(at.settings === undefined ? {} : { settings: at.settings }),
    onPage: result.onPage === true,
  }
  return { kind: 'ask', position, minutes: result.kind === 'suspend' ? result.minutes : undefined }
}

/** On to where an outcome of the node in front leads. */
async function left(walk: Walk, at: At, outcome: string): Promise<At> {
  const [frame, ...outer] = at.frames as readonly [Frame, ...Frame[]]
  const tree = await treeAt(walk.realm, frame)
  const node = tree.nodes.get(frame.node)
  const to =
    node !== undefined && Object.hasOwn(node.connections, outcome)
      ? node.connections[outcome]
      : undefined
  if (to === undefined)
    throw new NodeError(
      `the outcome ${outcome} of node ${frame.node} in ${tree.name} leads nowhere`,
    )
  const last = passedIn(tree, tree.name, frame.node)
  return { ...fresh, frames: [{ ...frame, node: to }, ...outer], state: at.state, last }
}

/** A node could not do its work: the nearest journey around it that has an outcome for that goes on, else all ends. */
async function caught(walk: Walk, at: At, error: unknown): Promise<At | Walked> {
  if (!(error instanceof NodeError)) throw error
  const place = at.frames.findIndex(({ catches }) => catches)
  const [frame] = at.frames
  if (place === -1 || frame === undefined) return broken(walk, at, error)
  const node = (await treeAt(walk.realm, frame)).nodes.get(frame.node)
  const errorNode = {
    id: frame.node,
    displayName: node?.displayName ?? '',
    type: node?.type ?? '',
  }
  const state = putShared(at.state, { errorMessage: error.message, errorNode })
  const outside: At = { ...fresh, frames: at.frames.slice(place + 1), state }
  return left(walk, outside, 'error').catch((again: unknown) => caught(walk, outside, again))
}
