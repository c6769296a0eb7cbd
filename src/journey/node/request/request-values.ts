import type { HttpRequest } from '../../../base/http.ts'
import { header } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { textMap, texts } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared } from '../../state.ts'

const longest = 4096

/** What of a request goes into the state: by its name there, each with its values. */
function taken(
  names: Readonly<Record<string, string>>,
  delimited: readonly string[],
  valuesOf: (name: string) => readonly string[],
): JsonObject {
  const entries = Object.entries(names).map(([name, key]): [string, readonly string[]] => {
    const values = valuesOf(name).map((each) => each.slice(0, longest))
    return [key, delimited.includes(name) ? values.flatMap((each) => each.split(',')) : values]
  })
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0))
}

function parametersOf(http: HttpRequest | undefined): (name: string) => readonly string[] {
  const all = new URLSearchParams(http?.query ?? '')
  return (name) => all.getAll(name)
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
  process({ visit, state }, { allowedQueryParameters, queryParametersToBeDelimited }) {
    const valuesOf = parametersOf(visit.http)
    const found = taken(allowedQueryParameters, queryParametersToBeDelimited, valuesOf)
    return passed('outcome', putShared(state, found))
  },
})

/** The same of headers (PingAM: Request Header node). */
export const requestHeader = nodeType({
  type: 'RequestHeaderNode',
  name: 'Request Header',
  tags: ['contextual', 'utilities'],
  settings: {
    allowedHeaders: nodeSetting('Allowed Headers', textMap, {}, 'Header → what it is kept as.'),
    headersToBeDelimited: nodeSetting('Headers To Be Delimited', texts, [], 'Those of lists.'),
  },
  outcomes: () => oneOutcome,
  process({ visit: { http }, state }, { allowedHeaders, headersToBeDelimited }) {
    const found = taken(allowedHeaders, headersToBeDelimited, (name) => {
      const value = http && header(http, name.toLowerCase())
      return value === undefined ? [] : [value]
    })
    return passed('outcome', putShared(state, found))
  },
})
