import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import { realmKind } from '../../config/realm.ts'
import type { Found, Leftover } from '../found.ts'
import { entriesOf, plainText, saysNothing } from '../found.ts'
import { inSections } from './client.ts'

const core = 'coreOAuth2Config'
const advanced = 'advancedOAuth2Config'

type Map1 = (value: Json) => readonly (readonly [string, Json])[] | undefined

/** A time in seconds that may be so long at most; longer ones have no counterpart. */
const seconds =
  (ours: string, least: number, most: number): Map1 =>
  (value) => {
    const time = Number(value)
    return time >= least && time <= most ? [[ours, time]] : undefined
  }

/** Minutes of a session here, seconds there. */
const minutes =
  (ours: string): Map1 =>
  (value) => {
    const time = Number(value)
    return time >= 60 ? [[ours, Math.floor(time / 60)]] : undefined
  }

/** Members and attributes of a Keycloak realm that are a setting of its provider. */
const settings: ReadonlyMap<string, Map1> = new Map<string, Map1>([
  ['accessTokenLifespan', seconds(`${core}.accessTokenLifetime`, 1, 2 ** 31)],
  ['accessCodeLifespan', seconds(`${core}.codeLifetime`, 1, 600)],
  ['ssoSessionMaxLifespan', minutes('parapetConfig.sessionMaxTime')],
  ['ssoSessionIdleTimeout', minutes('parapetConfig.sessionIdleTime')],
  ['attributes.parRequestUriLifespan', seconds(`${advanced}.parRequestUriLifetime`, 5, 599)],
])

/** What of a realm would be missed, so that it is told: everything else is Keycloak’s own way to do what is done otherwise here. */
const missed: readonly string[] = [
  'authenticationFlows',
  'components',
  'clientPolicies',
  'clientProfiles',
  'eventsListeners',
  'identityProviderMappers',
  'identityProviders',
  'organizations',
  'otpPolicyType',
  'passwordPolicy',
  'requiredActions',
  'roles',
  'scopeMappings',
  'smtpServer',
  'userFederationProviders',
  'webAuthnPolicyRpEntityName',
]

/** The realm itself, and the settings of its provider. */
export function* foundRealm(realm: JsonObject, path: string): Generator<Found> {
  const active = member(realm, 'enabled') !== false
  const shared = { realm: path, place: 'realm' } as const
  yield {
    ...{ ...shared, kind: realmKind, called: 'realm', id: path, input: { active } },
    leftovers: leftOf(realm),
  }
  const said = new Map<string, Json>()
  const leftovers: Leftover[] = []
  for (const [name, read] of settings) {
    const value = valueAt(realm, name)
    if (saysNothing(value)) continue
    const mapped = read(value as Json)
    if (mapped === undefined)
      leftovers.push({ attribute: name, why: 'is beyond what can be set here' })
    else for (const [ours, mappedValue] of mapped) said.set(ours, mappedValue)
  }
  const input = inSections(said)
  yield { ...shared, kind: oauth2ProviderKind, called: 'provider', id: '', input, leftovers }
}

function valueAt(realm: JsonObject, name: string): Json | undefined {
  const inner = /^attributes\.(.*)$/.exec(name)?.[1]
  const attributes = member(realm, 'attributes')
  if (inner === undefined) return member(realm, name)
  return isObject(attributes) ? member(attributes, inner) : undefined
}

function leftOf(realm: JsonObject): readonly Leftover[] {
  return missed.flatMap((name) => {
    const value = member(realm, name)
    if (saysNothing(value)) return []
    if (name === 'roles') return rolesIn(value as Json)
    return [{ attribute: name }]
  })
}

/** Roles give nobody anything here: people have groups, and administrators one role. */
function rolesIn(roles: Json): readonly Leftover[] {
  const ofRealm = isObject(roles) ? member(roles, 'realm') : undefined
  const own = entriesOf(ofRealm).filter(
    (each) =>
      isObject(each) &&
      !/^(?:offline_access|uma_authorization|default-roles-.*)$/.test(
        plainText(member(each, 'name')),
      ),
  )
  return own.length === 0
    ? []
    : [{ attribute: 'roles.realm', why: 'has no counterpart but groups' }]
}
