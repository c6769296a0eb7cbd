import type { HttpRequest } from '../../../../base/http.ts'
import { header } from '../../../../base/http.ts'
import type { Json, JsonObject } from '../../../../base/json.ts'
import { readQuery } from '../../../../protocol/parameter.ts'
import { textsIn } from '../../../../script/execute.ts'
import type { Turn, VisitSession } from '../../../journey.ts'

/** What a script is given of a node’s turn. */
export function given(turn: Turn, inputs: readonly string[]): JsonObject {
  const { realm, visit, state, running, resumed } = turn
  const { shared, secure, transient } = state
  const { http, session, locales } = visit
  return {
    state: { shared, secure, transient },
    // Older scripts have copies of two of the maps beside.
    legacy: { shared: visible(shared, inputs), transient: visible(transient, inputs) },
    callbacks: answered(turn),
    ...{ headers: headersOf(http), parameters: parametersOf(http), cookies: cookiesIn(http) },
    session: session === undefined ? null : propertiesOf(session),
    ...{ resumed, locales, cookieName: realm.provider.cookieName },
    journey: {
      name: running.name,
      innerJourney: running.name !== running.outer,
      identityResource: running.identityResource ?? null,
      mustRun: running.mustRun,
    },
  }
}

function visible(map: JsonObject, inputs: readonly string[]): JsonObject {
  if (inputs.includes('*')) return map
  return Object.fromEntries(Object.entries(map).filter(([name]) => inputs.includes(name)))
}

/** What was asked, with what was answered to it; nothing where the node was reached just now. */
function answered({ asked, answers }: Turn): readonly Json[] {
  if (answers === undefined) return []
  return asked.map(({ type, output, values }, i) => ({
    type,
    output: Object.fromEntries(output.map(({ name, value }) => [name, value])),
    values: answers[i]?.values ?? values,
  }))
}

function headersOf(http: HttpRequest | undefined): JsonObject {
  const found: Record<string, string[]> = {}
  const raw = http?.rawHeaders ?? []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]).toLowerCase()
    found[name] = [...(found[name] ?? []), String(raw[i + 1])]
  }
  return found
}

function parametersOf(http: HttpRequest | undefined): JsonObject {
  if (http === undefined) return {}
  return Object.fromEntries([...readQuery(http)].map(([name, value]) => [name, [value]]))
}

function cookiesIn(http: HttpRequest | undefined): Readonly<Record<string, string>> {
  const line = http === undefined ? '' : (header(http, 'cookie') ?? '')
  const found: Record<string, string> = {}
  for (const pair of line.split(';')) {
    const [name = '', value = ''] = pair.trim().split(/=(.*)/s, 2)
    if (name !== '') found[name] = value
  }
  return found
}

/** Properties of a session as PingAM names them. */
function propertiesOf({ username, sub, properties = {}, journey }: VisitSession): JsonObject {
  return {
    UserToken: username,
    UserId: sub ?? username,
    ...(journey === undefined ? {} : { Service: journey }),
    ...properties,
  }
}

/** Whatever of the state is kept sealed, what was answered to callbacks that hide it, and what a browser has to prove itself. */
export function secretsOf({ state, asked, answers = [], visit }: Turn): readonly string[] {
  const hidden = asked.flatMap(({ type }, i) =>
    type.includes('Password') || type.includes('Kba')
      ? textsIn([...(answers[i]?.values ?? [])])
      : [],
  )
  const tokens = Object.values(cookiesIn(visit.http)).filter((each) => each.length >= 20)
  return [...textsIn(state.secure), ...textsIn(state.transient), ...hidden, ...tokens]
}
