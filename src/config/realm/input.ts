import type { Json, JsonObject } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import { isRealmPath } from '../../realm/locate.ts'
import type { RealmState } from '../../realm/record.ts'
import { parentOf } from '../../realm/tree.ts'

const hostName =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

/** What the kind `realm` takes, in AM's names. */
export const realmSchema: JsonSchema = {
  type: 'object',
  properties: {
    parentPath: {
      type: 'string',
      description: 'Path of the realm above it; the id says it too',
      default: '/',
    },
    active: {
      type: 'boolean',
      description: 'Whether its users log in and its clients are served',
      default: true,
    },
    name: {
      type: 'string',
      description: 'The last name of its path; the id says it too',
      pattern: '^[A-Za-z0-9_.~-]{1,64}$',
    },
    aliases: {
      type: 'array',
      description: 'Host names that mean this realm when the path of a request names none',
      items: { type: 'string', pattern: hostName.source, maxLength: 253 },
      default: [],
    },
  },
  additionalProperties: false,
}

/** What a document wants of a realm; aliases are absent where it says nothing of them. */
export interface RealmInput {
  readonly active: boolean
  readonly aliases: RealmState['aliases'] | undefined
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** Reads a document for the realm of this path; name and parent need not be said again, and have to be right. */
export function readRealmInput(path: string, input: JsonObject): RealmInput {
  const given = Object.entries(input).filter(([name, value]) => name[0] !== '_' && value !== null)
  const values: ReadonlyMap<string, Json> = new Map(given)
  const { active = true, aliases } = Object.fromEntries(given)
  const problems: Problem[] = []
  const wrong = (at: string, text: string): number => problems.push({ path: at, text })
  if (path !== '/' && !isRealmPath(path))
    wrong('name', path.startsWith('/') ? nameRule : 'must be a path that begins with "/"')
  if ((values.get('name') ?? nameOf(path)) !== nameOf(path)) wrong('name', mismatch)
  const parent = parentOf(path) ?? ''
  // AM shows a root above which there is nothing, and takes an empty text for it.
  if ((values.get('parentPath') ?? parent) !== parent) wrong('parentPath', mismatch)
  if (typeof active !== 'boolean') wrong('active', 'must be true or false')
  if (path === '/' && active === false) wrong('active', 'the root realm is always active')
  for (const { at, text } of aliasProblems(aliases)) wrong(at, text)
  return {
    active: active !== false,
    aliases: Array.isArray(aliases) ? (aliases as readonly string[]) : undefined,
    problems,
    unknown: given.map(([name]) => name).filter((name) => !Object.hasOwn(properties, name)),
  }
}

const nameRule = `must be letters, digits, '.', '_', '~' or '-', at most 64, and four deep`

const mismatch = 'must agree with the id, which is the path'

const { properties = {} } = realmSchema

/** The last name of a path; the root's is the slash. */
export function nameOf(path: string): string {
  return path === '/' ? path : path.slice(path.lastIndexOf('/') + 1)
}

interface AliasProblem {
  readonly at: string
  readonly text: string
}

function aliasProblems(aliases: Json | undefined): readonly AliasProblem[] {
  if (aliases === undefined) return []
  if (!Array.isArray(aliases)) return [{ at: 'aliases', text: 'must be a list of host names' }]
  const seen = new Set<string>()
  return (aliases as readonly Json[]).flatMap((alias, i) => {
    const at = `aliases[${i}]`
    if (typeof alias !== 'string' || !hostName.test(alias))
      return [{ at, text: 'must be a host name without scheme and port' }]
    if (seen.has(alias.toLowerCase())) return [{ at, text: 'stands there already' }]
    seen.add(alias.toLowerCase())
    return []
  })
}
