import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Resource } from '../../client/resource/resource.ts'
import { bareResource } from '../../client/resource/resource.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { flag, oneOf, whole } from '../../protocol/setting.ts'
import { line, scope } from '../../protocol/value/name.ts'
import { resourceIdentifier } from '../../protocol/value/resource.ts'
import { textOf, textsOf } from '../../protocol/value/text.ts'

/** A member of the object: how it is read, what it is where nothing is said. */
interface Row<T> {
  readonly read: Read<T>
  readonly fallback: T
  readonly about: string
}

type Rows = { readonly [K in keyof Resource]: Row<Resource[K]> }

const rows: Rows = {
  identifier: {
    read: textOf(resourceIdentifier),
    fallback: '',
    about: 'The absolute URI by which clients ask for it (`resource`), which is its id.',
  },
  displayNames: {
    read: textsOf(line, 50),
    fallback: bareResource.displayNames,
    about: 'What the consent page calls it: `name` or `locale|name`; else its identifier.',
  },
  scopes: {
    read: textsOf(scope, 200),
    fallback: bareResource.scopes,
    about:
      'Scopes that mean something there, with their words for the consent page: `name|locale|text`. A token for it has no other; empty: whatever the client may have.',
  },
  everyClient: {
    read: flag,
    fallback: bareResource.everyClient,
    about:
      'Every client of the realm may ask for it; else those that list it (`parapetClientConfig.resources`).',
  },
  accessTokenLifetime: {
    read: whole(0, 2 ** 31),
    fallback: bareResource.accessTokenLifetime,
    about: 'Seconds a token for it lives at most; 0: as long as the client’s tokens do.',
  },
  accessTokenFormat: {
    read: oneOf('', 'jwt', 'opaque'),
    fallback: bareResource.accessTokenFormat,
    about:
      'What a token for it is; empty: what the client’s tokens are. Of several resources the first counts that says it.',
  },
  accessTokenTyp: {
    read: oneOf('', 'at+jwt', 'JWT'),
    fallback: bareResource.accessTokenTyp,
    about:
      '`typ` of JWTs for it (RFC 9068 §2.1); empty: as the realm has it. Of several resources the first counts that says it.',
  },
  advertised: {
    read: flag,
    fallback: bareResource.advertised,
    about: 'The server’s metadata list it in `protected_resources` (RFC 9728 §4).',
  },
}

const table: readonly (readonly [name: string, row: Row<unknown>])[] = Object.entries(rows)

/** What the kind `resource` takes. */
export const resourceSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    table.map(([name, { read, about, fallback }]) => [
      name,
      {
        ...read.schema,
        description: about,
        ...(name === 'identifier' ? {} : { default: fallback as Json }),
      },
    ]),
  ),
  additionalProperties: false,
}

/** Its members as they are where nothing is said. */
export const resourceTemplate: JsonObject = Object.fromEntries(
  table.map(([name, { fallback }]) => [name, fallback as Json]),
)

export interface ResourceInput {
  readonly wanted: Resource
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** Reads what somebody wants a resource to be, all of it; `id`: the identifier they name it by. */
export function readResourceInput(id: string, input: JsonObject): ResourceInput {
  const problems: Problem[] = []
  const values = table.map(([name, { read, fallback }]): [string, unknown] => {
    const said = member(input, name) ?? null
    if (said === null) return [name, name === 'identifier' ? id : fallback]
    const value = read(said)
    if (value === undefined) problems.push({ path: name, text: `must be ${read.wants}` })
    return [name, value ?? fallback]
  })
  const wanted = Object.fromEntries(values) as unknown as Resource
  for (const [name, { read }] of table) {
    const value = wanted[name as keyof Resource] as Json
    for (const { path, text } of faultsOf(read, name, value, problems))
      problems.push({ path: name + path, text })
  }
  if (id !== '' && wanted.identifier !== id && problems.length === 0)
    problems.push({ path: 'identifier', text: 'must be the id of the resource' })
  const unknown = Object.keys(input).filter(
    (each) => !each.startsWith('_') && !Object.hasOwn(rows, each),
  )
  return { wanted, problems, unknown }
}

/** Of what could be read at all. */
function faultsOf(
  { faults }: Read<unknown>,
  name: string,
  value: Json,
  before: readonly Problem[],
): readonly Problem[] {
  if (faults === undefined || before.some(({ path }) => path === name)) return []
  return faults(value)
}

/** A resource in the names of its JSON: what is as in a new one is left out. */
export function valueOf(resource: Resource): JsonObject {
  const said = Object.entries(resource).filter(
    ([name, value]) =>
      name === 'identifier' || JSON.stringify(value) !== JSON.stringify(resourceTemplate[name]),
  )
  return Object.fromEntries(said)
}
