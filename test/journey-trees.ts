/** Random trees of the nodes of `test/journey-model.ts`, and their documents. */
import fc from 'fast-check'
import type { BuiltIn } from '../src/journey/built-in/journey.ts'
import type { Kind, ModelNode, ModelTree } from './journey-model.ts'
import { endIds, idOf, innerName, outcomes, typeOf } from './journey-model.ts'

/** A tree and its nodes as an administrator writes them. */
export function written(tree: ModelTree): BuiltIn {
  const { name, nodes } = tree
  const target = (to: number | 'success' | 'failure') =>
    typeof to === 'number' ? idOf(tree, to) : endIds[to]
  const connections = ({ to }: ModelNode) =>
    Object.fromEntries(
      Object.entries(to).flatMap(([outcome, at]) =>
        at === undefined ? [] : [[outcome, target(at)]],
      ),
    )
  const settings = ({ kind, more }: ModelNode) =>
    kind === 'Inner' ? { tree: innerName, displayErrorOutcome: more } : { more }
  return {
    tree: {
      entryNodeId: nodes.length === 0 ? endIds.failure : idOf(tree, 0),
      innerTreeOnly: name === innerName,
      nodes: Object.fromEntries(
        nodes.map((node, i) => [
          idOf(tree, i),
          { nodeType: typeOf(node.kind), displayName: '', connections: connections(node) },
        ]),
      ),
    },
    nodes: Object.fromEntries(
      nodes.map((node, i) => [
        idOf(tree, i),
        { type: typeOf(node.kind), document: settings(node) },
      ]),
    ),
  }
}

/** Nodes lead to those behind them, to an end or nowhere; only whoever is asked comes back. */
function treeOf(name: string, kinds: readonly Kind[]): fc.Arbitrary<ModelTree> {
  const node = (i: number, count: number): fc.Arbitrary<ModelNode> => {
    const behind = Array.from({ length: count - i - 1 }, (_, at) => i + 1 + at)
    const all = Array.from({ length: count }, (_, at) => at)
    const ends = fc.constantFrom<'success' | 'failure' | undefined>(
      'success',
      'success',
      'failure',
      undefined,
    )
    const target = (places: readonly number[]) =>
      places.length === 0
        ? ends
        : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...places) }, ends)
    return fc.constantFrom(...kinds).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        more: fc.boolean(),
        to: fc.record(
          Object.fromEntries(
            outcomes[kind].map((outcome) => [outcome, target(outcome === 'wrong' ? all : behind)]),
          ),
        ),
      }),
    )
  }
  return fc
    .integer({ min: 0, max: 5 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => node(i, count))))
    .map((nodes) => ({ name, nodes }))
}

export const inside = treeOf(innerName, ['Ask', 'Effect', 'Prove', 'Suspend', 'Break'])
export const outside = treeOf('Outside', [
  'Ask',
  'Ask',
  'Effect',
  'Prove',
  'Suspend',
  'Break',
  'Inner',
  'Inner',
])
