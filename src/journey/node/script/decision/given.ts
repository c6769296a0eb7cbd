import { header } from '../../../../base/http.ts'
import type { Json, JsonObject } from '../../../../base/json.ts'
import { textsIn } from '../../../../script/execute.ts'
import { cookiesIn, toldOf } from '../../../cookie/told.ts'
import type { Turn, VisitSession } from '../../../journey.ts'

/** What a script is given of a node’s turn. */
export async function given(turn: Turn, inputs: readonly string[]): Promise<JsonObject> {
  const { realm, visit, state, running, resumed } = turn
  const { shared, secure, transient } = state
  const { http, session, locales } = visit
  const { headers, parameters, cookies } = await toldOf(realm, http)
  return {
    state: { shared, secure, transient },
    // Older scripts have copies of two of the maps beside.
    legacy: { shared: visible(shared, inputs), transient: visible(transient, inputs) },
    callbacks: answered(turn),
    headers: Object.fromEntries(headers),
    parameters: Object.fromEntries([...parameters].map(([name, value]) => [name, [value]])),
    cookies: Object.fromEntries(cookies),
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

/** What of a map a script finds that has these inputs. */
export function visible(map: JsonObject, inputs: readonly string[]): JsonObject {
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

/** Properties of a session as PingAM names them. */
function propertiesOf({ username, sub, properties = {}, journey }: VisitSession): JsonObject {
  return {
    ...properties,
    UserToken: username,
    UserId: sub ?? username,
    ...(journey === undefined ? {} : { Service: journey }),
  }
}

/** Whatever of the state is kept sealed, what was answered to callbacks that hide it, and what a browser has to prove itself. */
export function secretsOf({ state, asked, answers = [], visit }: Turn): readonly string[] {
  const hidden = asked.flatMap(({ type }, i) =>
    type.includes('Password') || type.includes('Kba')
      ? textsIn([...(answers[i]?.values ?? [])])
      : [],
  )
  const line = (visit.http && header(visit.http, 'cookie')) ?? ''
  const tokens = cookiesIn(line).flatMap(([, value]) => (value.length >= 20 ? [value] : []))
  return [...textsIn(state.secure), ...textsIn(state.transient), ...hidden, ...tokens]
}
