import type { JsonObject } from '../../../base/json.ts'
import { textMap, texts } from '../../../protocol/setting.ts'
import { toldOf, withholding } from '../../cookie/told.ts'
import type { Turn } from '../../journey.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared } from '../../state.ts'

const longest = 4096

/** What of a request goes into the state: by its name there, each with its values; with none where it was not sent. */
function taken(
  names: Readonly<Record<string, string>>,
  delimited: readonly string[],
  valuesOf: (name: string) => readonly string[],
): JsonObject {
  const entries = Object.entries(names).map(([name, key]): [string, readonly string[]] => {
    const values = valuesOf(name).map((each) => each.slice(0, longest))
    return [key, delimited.includes(name) ? values.flatMap((each) => each.split(',')) : values]
  })
  return Object.fromEntries(entries)
}

/** Of the parameters that are asked for, those that open nothing. */
async function parametersOf(
  { realm, visit }: Turn,
  names: readonly string[],
): Promise<(name: string) => readonly string[]> {
  const withheld = withholding(realm)
  const told: [name: string, value: string][] = []
  for (const [name, value] of new URLSearchParams(visit.http?.query ?? ''))
    if (names.includes(name) && !(await withheld(name, value))) told.push([name, value])
  return (name) => told.filter(([each]) => each === name).map(([, value]) => value)
}

/** Keeps parameters of the request as lists (PingAM: Query Parameter node). */
export const queryParameter = nodeType({
  type: 'QueryParameterNode',
  name: 'Query Parameter',
  tags: ['contextual', 'utilities'],
  settings: {
    allowedQueryParameters: nodeSetting(
      ...(['Allowed Query Parameters', textMap, {}, 'Parameter → what it is kept as.'] as const),
    ),
    queryParametersToBeDelimited: nodeSetting(
      ...(['Query Parameters To Be Delimited', texts, [], 'Those that are lists.'] as const),
    ),
  },
  outcomes: () => oneOutcome,
  async process(turn, { allowedQueryParameters, queryParametersToBeDelimited }) {
    const { state } = turn
    const valuesOf = await parametersOf(turn, Object.keys(allowedQueryParameters))
    const found = taken(allowedQueryParameters, queryParametersToBeDelimited, valuesOf)
    return passed('outcome', putShared(state, found))
  },
})

/** The same of headers (PingAM: Request Header node), but of none that proves somebody. */
export const requestHeader = nodeType({
  type: 'RequestHeaderNode',
  name: 'Request Header',
  tags: ['contextual', 'utilities'],
  settings: {
    allowedHeaders: nodeSetting('Allowed Headers', textMap, {}, 'Header → what it is kept as.'),
    headersToBeDelimited: nodeSetting('Headers To Be Delimited', texts, [], 'Those of lists.'),
  },
  outcomes: () => oneOutcome,
  async process({ realm, visit, state }, { allowedHeaders, headersToBeDelimited }) {
    const { headers } = await toldOf(realm, visit.http)
    const found = taken(allowedHeaders, headersToBeDelimited, (name) => {
      const values = headers.get(name.toLowerCase())
      return values === undefined
        ? []
        : [values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ')]
    })
    return passed('outcome', putShared(state, found))
  },
})
