import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { flag, reading, text, textMap, whole } from '../../protocol/setting.ts'

/** A member of a journey: how it is read, and what PingAM calls it. */
interface Row {
  readonly title: string
  readonly read: Read<unknown>
  readonly about: string
  readonly template: Json
}

const position = { x: { type: 'number' }, y: { type: 'number' } } as const

const positions = reading(
  'an object of positions, each with `x` and `y`',
  {
    type: 'object',
    additionalProperties: { type: 'object', properties: position, required: ['x', 'y'] },
  },
  (v) => (isObject(v) && Object.values(v).every(isPosition) ? v : undefined),
)

function isPosition(at: Json): boolean {
  return isObject(at) && ['x', 'y'].every((name) => typeof member(at, name) === 'number')
}

/** Each node by its id: its kind, and where each of its outcomes leads. */
const nodes = reading(
  'an object of nodes, each with `nodeType` and `connections`',
  {
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: {
        nodeType: { type: 'string' },
        displayName: { type: 'string' },
        connections: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['nodeType'],
    },
  },
  (v) => (isObject(v) && Object.values(v).every(isNode) ? v : undefined),
)

function isNode(node: Json): boolean {
  if (!isObject(node)) return false
  const connections = member(node, 'connections') ?? {}
  return (
    typeof member(node, 'nodeType') === 'string' &&
    isObject(connections) &&
    Object.values(connections).every((to) => typeof to === 'string')
  )
}

const minutes = whole(1, 2 ** 31)

/** What a journey may say (PingAM: authentication trees), and how a new one has it. */
const rows: Readonly<Record<string, Row>> = {
  description: row('Description', text, '', 'What it is for.'),
  enabled: row('Enabled', flag, true, 'Whether it can be started.'),
  entryNodeId: row('Entry Node Id', text, '', 'The node that it begins with, or one of its ends.'),
  identityResource: row(
    'Identity Resource',
    text,
    null,
    'Whose objects its nodes look up: `managed/alpha_user`.',
  ),
  innerTreeOnly: row('Inner Tree Only', flag, false, 'Whether only other journeys start it.'),
  maximumIdleTime: row('Maximum Idle Time', minutes, null, 'Minutes of its sessions without use.'),
  maximumSessionTime: row('Maximum Session Time', minutes, null, 'Minutes of its sessions.'),
  mustRun: row('Must Run', flag, false, 'Whether it runs although there is a session.'),
  noSession: row('No Session', flag, false, 'Whether it ends without a session.'),
  nodes: row(
    'Nodes',
    nodes,
    {},
    'Its nodes by their ids; their settings are documents of their own.',
  ),
  staticNodes: row(
    'Static Nodes',
    positions,
    {},
    'Where an editor draws its beginning and its ends.',
  ),
  transactionalOnly: row('Transactional Only', flag, false, 'Whether only transactions start it.'),
  treeTimeout: row('Tree Timeout', minutes, null, 'Minutes it may take.'),
  uiConfig: row('Ui Config', textMap, {}, 'What an editor keeps of it.'),
}

function row(title: string, read: Read<unknown>, template: Json, about: string): Row {
  return { title, read, about, template }
}

export const treeTemplate: JsonObject = Object.fromEntries(
  Object.entries(rows).map(([name, { template }]) => [name, template]),
)

export const treeSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(rows).map(([name, { read, title, about }]) => [
      name,
      { ...read.schema, title, description: about },
    ]),
  ),
}

/** Every name there is, in order. */
export const treeMembers: readonly string[] = Object.keys(rows).sort()

export interface TreeInput {
  readonly document: JsonObject
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** Reads what somebody wants a journey to be. What is null is as if it was not there. */
export function readTreeInput(input: JsonObject): TreeInput {
  const given = Object.entries(input).filter(([, value]) => value !== null)
  const problems = given.flatMap(([name, value]): Problem[] => {
    const known = rowOf(name)
    if (known === undefined || known.read(value) !== undefined) return []
    return [{ path: name, text: `must be ${known.read.wants}` }]
  })
  const entry = input.entryNodeId
  if (entry === undefined || entry === null || entry === '')
    problems.push({ path: 'entryNodeId', text: 'is required' })
  return {
    document: Object.fromEntries(given),
    problems,
    unknown: given.map(([name]) => name).filter((name) => rowOf(name) === undefined),
  }
}

function rowOf(name: string): Row | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined
}

/** What PingAM calls the member that a problem is about; undefined where it is about none. */
export function treeTitle({ path }: Problem): string | undefined {
  return rowOf(path)?.title
}
