import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJson } from '../../base/json.ts'
import { nodeKind } from '../../config/journey/node.ts'
import { scriptKind } from '../../config/journey/script.ts'
import { journeyKind } from '../../config/journey/tree.ts'
import type { Found } from '../found.ts'
import { membersOf, plainText } from '../found.ts'

/** Members of an export that are journeys, or belong to one. */
export const journeyMembers: ReadonlySet<string> = new Set([
  ...['tree', 'trees', 'nodes', 'innerNodes', 'innernodes', 'scripts'],
])

/** A journey as frodo writes it: its tree, with the nodes and scripts it uses. */
interface Exported {
  readonly name: string
  readonly tree: JsonObject
  /** Its own nodes and those on its pages, by their ids. */
  readonly nodes: readonly (readonly [string, JsonObject])[]
  readonly scripts: readonly (readonly [string, JsonObject])[]
}

/** The journeys of a file, one or many, each with what it needs. */
export function journeysIn(part: JsonObject, realm: string | undefined, place: string): Found[] {
  const many = member(part, 'trees')
  const all = [
    ...(isObject(many) ? membersOf(many).map(([name, each]) => exported(each, name)) : []),
    exported(part, ''),
  ].filter((each) => each !== undefined)
  const made = all.flatMap((each) => [
    ...each.scripts.map(([id, script]) => scriptFound(id, script, realm, place)),
    ...each.nodes.map(([id, node]) => nodeFound(id, node, realm, place)),
    journeyFound(each, realm, place),
  ])
  return made
}

/** A script by itself, or among those of a journey. */
export function scriptFound(
  id: string,
  script: JsonObject,
  realm: string | undefined,
  place: string,
): Found {
  // Older files have the text as JSON once more.
  const source = member(script, 'script')
  const text = typeof source === 'string' && source.startsWith('"') ? parseJson(source) : source
  const input = withoutMarks({ ...script, ...(text === undefined ? {} : { script: text }) })
  const at = { realm: realm ?? '', id, input, leftovers: [], place }
  return { ...at, kind: scriptKind, called: 'script' }
}

function exported(each: JsonObject, named: string): Exported | undefined {
  const tree = member(each, 'tree')
  if (!isObject(tree)) return undefined
  const name = plainText(member(tree, '_id')) || named
  const of = (key: string): readonly (readonly [string, JsonObject])[] => {
    const value = member(each, key)
    return isObject(value) ? membersOf(value) : []
  }
  const nodes = [...of('innerNodes'), ...of('innernodes'), ...of('nodes')]
  return { name, tree, nodes, scripts: of('scripts') }
}

function nodeFound(id: string, node: JsonObject, realm: string | undefined, place: string): Found {
  const at = { realm: realm ?? '', input: withoutMarks(node), leftovers: [], place }
  return { ...at, id: `${typeOf(node)}/${id}`, kind: nodeKind, called: 'journey node' }
}

function typeOf(node: JsonObject): string {
  const type = member(node, '_type')
  return isObject(type) ? plainText(member(type, '_id')) : ''
}

function journeyFound({ name, tree }: Exported, realm: string | undefined, place: string): Found {
  const at = { realm: realm ?? '', id: name, input: withPositions(withoutMarks(tree)), place }
  return { ...at, kind: journeyKind, called: 'journey', leftovers: [] }
}

/** Files may leave out where an editor draws things (frodo: `--no-coords`); it moves them once somebody has opened it. */
function withPositions(tree: JsonObject): JsonObject {
  const placed = ['nodes', 'staticNodes'].flatMap((name): [string, JsonObject][] => {
    const all = member(tree, name)
    if (!isObject(all)) return []
    const each = Object.entries(all).map(([id, at]): [string, Json] => [
      id,
      isObject(at) ? { x: 0, y: 0, ...at } : at,
    ])
    return [[name, Object.fromEntries(each)]]
  })
  return { ...tree, ...Object.fromEntries(placed) }
}

function withoutMarks(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => name !== '_rev' && name !== '_id'),
  )
}
