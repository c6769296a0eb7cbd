/**
 * What a journey of a few kinds of nodes comes to, told without the engine: trees, and a walk through them that has
 * neither store nor requests. `src/journey/engine/model.test.ts` holds the engine against it.
 */

import { basicCallbacks } from '../src/journey/callback/basic.ts'
import { asked, textOf } from '../src/journey/callback/callback.ts'
import type { NodeType } from '../src/journey/journey.ts'
import { asks, NodeError, nodeType, oneOutcome, passed } from '../src/journey/journey.ts'
import { nodeSetting } from '../src/journey/node-setting.ts'
import { identify } from '../src/journey/state.ts'
import { failureId, successId } from '../src/journey/tree.ts'
import { flag } from '../src/protocol/setting.ts'
import type { EndUser } from '../src/user/end-user.ts'

export type Kind = 'Ask' | 'Effect' | 'Prove' | 'Suspend' | 'Break' | 'Inner'

export interface ModelNode {
  readonly kind: Kind
  /** Outcome → index of a node that stands behind it, or an end, or nowhere. */
  readonly to: Readonly<Record<string, number | 'success' | 'failure' | undefined>>
  /** Of `Ask`: what it shows is long. Of `Inner`: it has the outcome `error`. */
  readonly more: boolean
}

/** A tree by its name; the first node is where it begins, none is straight to the failure. */
export interface ModelTree {
  readonly name: string
  readonly nodes: readonly ModelNode[]
}

export const outcomes: Readonly<Record<Kind, readonly string[]>> = {
  Ask: ['right', 'wrong'],
  Effect: ['outcome'],
  Prove: ['outcome'],
  Suspend: ['outcome'],
  Break: ['outcome'],
  Inner: ['true', 'false', 'error'],
}

export const typeOf = (kind: Kind): string =>
  kind === 'Inner' ? 'InnerTreeEvaluatorNode' : `Model${kind}Node`

/** The kinds of nodes, which write down what they do for whom: a visit's `device`. */
export function modelNodes(user: EndUser): {
  readonly types: readonly NodeType[]
  readonly effects: Map<string, number>
  readonly links: Map<string, string>
} {
  const effects = new Map<string, number>()
  const links = new Map<string, string>()
  const row = (kind: Kind) => ({
    ...{ type: typeOf(kind), name: kind, tags: [] },
    settings: { more: nodeSetting('More', flag, false) },
    outcomes: () => oneOutcome,
  })
  const types = [
    nodeType({
      ...row('Ask'),
      process({ id, state, answers }, { more }) {
        const answer = textOf(answers?.[0])
        if (answer !== '') return passed(answer === 'right' ? 'right' : 'wrong', state)
        const prompt = more ? id.padEnd(5000, '.') : id
        return asks([asked(basicCallbacks.TextInputCallback, { prompt }, '')], state)
      },
    }),
    nodeType({
      ...row('Effect'),
      process({ visit, state }) {
        effects.set(visit.device ?? '', (effects.get(visit.device ?? '') ?? 0) + 1)
        return passed('outcome', state)
      },
    }),
    nodeType({
      ...row('Prove'),
      process: ({ state }) => passed('outcome', identify(state, user, 'Model')),
    }),
    nodeType({
      ...row('Suspend'),
      process({ visit, state, resumed, resumeUri }) {
        if (resumed) return passed('outcome', state)
        links.set(visit.device ?? '', resumeUri())
        return { kind: 'suspend', callbacks: [], state }
      },
    }),
    nodeType({
      ...row('Break'),
      process() {
        throw new NodeError('it breaks')
      },
    }),
  ]
  return { types, effects, links }
}

/** A tree at which somebody stands, as it was when they came there. */
interface Frame {
  readonly tree: ModelTree
  readonly at: number | 'success' | 'failure'
  readonly catches: boolean
}

/** Where somebody stands. */
export interface Standing {
  readonly frames: readonly Frame[]
  readonly proven: boolean
  readonly effects: number
  readonly kind: 'ask' | 'suspend' | 'success' | 'failure' | 'changed'
}

export type Trees = ReadonlyMap<string, ModelTree>

/** The id of a node in documents. */
export const idOf = ({ name }: ModelTree, at: number): string => `${name}-${at}`

export const endIds = { success: successId, failure: failureId } as const

export function begun(trees: Trees, name: string): Standing {
  const tree = trees.get(name) as ModelTree
  const frames = [{ tree, at: startOf(tree), catches: false }]
  return walked(trees, { frames, proven: false, effects: 0, kind: 'ask' }, undefined, false)
}

/** One step on: with an answer, or, from where it was suspended, without. */
export function goneOn(trees: Trees, from: Standing, answer?: string): Standing {
  return walked(trees, from, answer, answer === undefined)
}

const startOf = ({ nodes }: ModelTree): Frame['at'] => (nodes.length === 0 ? 'failure' : 0)

/** The name of the tree that stands inside others. */
export const innerName = 'Inside'

function walked(
  trees: Trees,
  from: Standing,
  given: string | undefined,
  isResumed: boolean,
): Standing {
  let { frames, proven, effects } = from
  let [answer, resumed] = [given, isResumed]
  const stop = (kind: Standing['kind']): Standing => ({ frames, proven, effects, kind })
  const isAsItWas = ({ tree }: Frame): boolean => trees.get(tree.name) === tree
  for (;;) {
    const before = proven
    const [frame, ...outer] = frames as readonly [Frame, ...Frame[]]
    let outcome: string
    if (typeof frame.at === 'string') {
      if (outer.length === 0) return stop(frame.at)
      outcome = frame.at === 'success' ? 'true' : 'false'
      frames = outer
    } else {
      if (!isAsItWas(frame)) return stop('changed')
      const node = frame.tree.nodes[frame.at] as ModelNode
      if (node.kind === 'Ask' && (answer ?? '') === '') return stop('ask')
      if (node.kind === 'Suspend' && !resumed) return stop('suspend')
      if (node.kind === 'Effect') effects += 1
      if (node.kind === 'Prove') proven = true
      if (node.kind === 'Inner') {
        const tree = trees.get(innerName) as ModelTree
        frames = [{ tree, at: startOf(tree), catches: node.more }, ...frames]
        continue
      }
      outcome = node.kind === 'Ask' ? (answer === 'right' ? 'right' : 'wrong') : 'outcome'
      if (node.kind === 'Break') outcome = 'broken'
      ;[answer, resumed] = [undefined, false]
    }
    // Where an outcome leads nowhere a node broke; what catches that is around it.
    for (;;) {
      const [first, ...rest] = frames as readonly [Frame, ...Frame[]]
      if (!isAsItWas(first)) return stop('changed')
      const to =
        outcome === 'broken' ? undefined : first.tree.nodes[first.at as number]?.to[outcome]
      if (to !== undefined) {
        frames = [{ ...first, at: to }, ...rest]
        break
      }
      // What it learnt at that node is as if it had not.
      proven = before
      const place = frames.findIndex(({ catches }) => catches)
      if (place === -1) return stop('failure')
      frames = frames.slice(place + 1)
      outcome = 'error'
    }
  }
}
