import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { schemaProblems } from '../../details/schema.ts'
import type { DetailsTypeRecord } from '../../details/type.ts'
import { template } from '../../details/words.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { detailsTypeName } from '../../protocol/value/name.ts'
import { matching, textsOf } from '../../protocol/value/text.ts'

const name = matching(/^[^\p{Cc}]{1,200}$/u, 'one line', 'lines of at most 200 characters')
const words = matching(
  new RegExp(`^(?=[^\\p{Cc}]{1,1000}$)${template.source.slice(1)}`, 'u'),
  'a line',
  'lines of at most 1000 characters in which braces have names of members: {amount.value}',
)

const displayName = textsOf(name, 50)
const consentText = textsOf(words, 50)

/** What the kind `authorization-details-type` takes. */
export const detailsTypeSchema: JsonSchema = {
  type: 'object',
  properties: {
    type: {
      ...detailsTypeName.schema,
      description: 'The value of `type` (RFC 9396 §2), which is the id.',
    },
    displayName: {
      ...displayName.schema,
      description: 'What the consent page calls it: `name` or `locale|name`.',
    },
    consentText: {
      ...consentText.schema,
      description:
        'What the consent page says of an object: `text` or `locale|text`, with values of it in braces: `Pay {amount.value} {amount.currency}`. Without one its members are listed.',
    },
    schema: {
      type: 'object',
      description: 'What an object has to be: JSON Schema, draft 2020-12.',
    },
  },
  additionalProperties: false,
}

export const detailsTypeTemplate: JsonObject = {
  type: '',
  displayName: [],
  consentText: [],
  schema: {},
}

/** What a document wants of a type. */
export interface DetailsTypeInput {
  readonly wanted: DetailsTypeRecord
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** Reads a document for the type of this id; what it leaves out is empty. */
export function readDetailsTypeInput(id: string, input: JsonObject): DetailsTypeInput {
  const problems: Problem[] = []
  const given = Object.keys(input).filter((each) => !each.startsWith('_'))
  const type = member(input, 'type') ?? id
  const wrong = typeof type === 'string' ? detailsTypeName.wrong(type) : 'must be text'
  if (wrong !== undefined) problems.push({ path: 'type', text: wrong })
  else if (type !== id) problems.push({ path: 'type', text: 'must be the id' })
  const schema = member(input, 'schema') ?? {}
  if (!isObject(schema)) problems.push({ path: 'schema', text: 'must be an object' })
  else {
    for (const { path, text } of schemaProblems(schema))
      problems.push({ path: path === '' ? 'schema' : `schema.${path}`, text })
  }
  const wanted: DetailsTypeRecord = {
    type: id,
    displayName: lines('displayName', displayName, input, problems),
    consentText: lines('consentText', consentText, input, problems),
    schema: isObject(schema) ? schema : {},
  }
  const unknown = given.filter((each) => !Object.hasOwn(detailsTypeTemplate, each))
  return { wanted, problems, unknown }
}

function lines(
  path: string,
  read: Read<readonly string[]>,
  input: JsonObject,
  problems: Problem[],
): readonly string[] {
  const value: Json = member(input, path) ?? []
  const list = read(value)
  if (list === undefined) problems.push({ path, text: `must be ${read.wants}` })
  else
    for (const fault of read.faults?.(value) ?? [])
      problems.push({ path: `${path}${fault.path}`, text: fault.text })
  return list ?? []
}
