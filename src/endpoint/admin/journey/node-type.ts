import type { Json, JsonObject } from '../../../base/json.ts'
import { onlyVersion } from '../../../config/journey/node-version.ts'
import type { NodeType } from '../../../journey/journey.ts'
import type { NodeSetting } from '../../../journey/node-setting.ts'
import { nodeTypes } from '../../../journey/node-types.ts'

/** PingAM: node changelog. What became of a kind in each of its versions, in PingAM's words where nothing is told. */
export const versionInfo: readonly JsonObject[] = [
  { version: onlyVersion, changelog: 'No changelog entry found' },
]

/** What PingAM's editor is told of a kind of nodes. */
export function typeEntry({ type, name, tags }: NodeType): JsonObject {
  return { _id: type, name, collection: true, tags, metadata: { tags } }
}

/** All of them, in the order of their names. */
export function typeEntries(): readonly JsonObject[] {
  return Object.keys(nodeTypes)
    .sort()
    .map((type) => typeEntry(nodeTypes[type] as NodeType))
}

/** The settings of a kind as PingAM's editor reads them. */
export function nodeSchema({ settings }: NodeType): JsonObject {
  const rows = Object.entries(settings)
  return {
    type: 'object',
    properties: Object.fromEntries(
      rows.map(([name, row], i): [string, JsonObject] => [name, propertyOf(row, i)]),
    ),
    required: rows.flatMap(([name, row]) => (isAlwaysThere(row) ? [name] : [])),
  }
}

/** PingAM: a node without them has them as a new one; and those without which it does nothing. */
function isAlwaysThere(row: NodeSetting<unknown>): boolean {
  return row.required === true || (row.optional !== true && defaultOf(row) !== undefined)
}

function propertyOf(row: NodeSetting<unknown>, place: number): JsonObject {
  const { title, about, read, secret } = row
  const fallback = defaultOf(row)
  const schema = (read.schema ?? {}) as JsonObject
  return {
    ...{ title, description: about, propertyOrder: (place + 1) * 100 },
    ...(schema.enum === undefined ? {} : { type: 'string' }),
    ...schema,
    exampleValue: '',
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(secret === true ? { format: 'password' } : {}),
  }
}

/** The settings of a new node. */
export function nodeTemplate({ settings }: NodeType): JsonObject {
  const set = Object.entries(settings).flatMap(([name, row]): [string, Json][] => {
    const value = row.secret === true ? null : defaultOf(row)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(set)
}

/** What a setting is where nothing is said; undefined: nothing either. */
function defaultOf({ default: fallback, read }: NodeSetting<unknown>): Json | undefined {
  if (typeof fallback === 'number' && read.schema?.type === 'string') return String(fallback)
  return fallback === '' || fallback === undefined ? undefined : (fallback as Json)
}
