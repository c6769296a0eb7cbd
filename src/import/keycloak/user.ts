import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { userKind } from '../../config/user.ts'
import { attributeOf } from '../../user/attribute.ts'
import type { Found, Leftover } from '../found.ts'
import { entriesOf, objectOf, plainText, saysNothing } from '../found.ts'
import { takePassword } from '../password.ts'
import { readCredential } from './credential.ts'
import { groupName } from './group.ts'

/** Members of Keycloak's user that are an attribute here. */
const members: ReadonlyMap<string, string> = new Map([
  ['username', 'username'],
  ['firstName', 'givenName'],
  ['lastName', 'sn'],
  ['email', 'mail'],
])

/** Keycloak's usual names of attributes that have another one here; what has the same needs no row. */
const attributes: ReadonlyMap<string, string> = new Map([
  ['locale', 'preferredLocale'],
  ['phoneNumber', 'telephoneNumber'],
  ['phoneNumberVerified', 'phone_number_verified'],
  ['middleName', 'middle_name'],
  ['locality', 'l'],
  ['region', 'st'],
  ['postal_code', 'postalCode'],
  ['formatted', 'postalAddress'],
])

/** Read elsewhere, or kept for Keycloak's own use. */
const silent: ReadonlySet<string> = new Set(
  'id enabled emailVerified attributes credentials groups createdTimestamp totp access notBefore disableableCredentialTypes self origin userProfileMetadata'.split(
    ' ',
  ),
)
const silentAttributes = new Set(['LDAP_ID', 'LDAP_ENTRY_DN', 'createTimestamp', 'modifyTimestamp'])

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A user of Keycloak; undefined for the account of a client itself, which has none here. */
export function foundUser(
  user: JsonObject,
  realm: string,
  place: string,
  clear: boolean,
): Found | undefined {
  if (!saysNothing(member(user, 'serviceAccountClientId'))) return undefined
  const leftovers: Leftover[] = []
  const said = new Map<string, Json | undefined>()
  for (const [name, value] of Object.entries(user)) {
    const ours = members.get(name)
    if (ours !== undefined) said.set(ours, saysNothing(value) ? undefined : value)
    else if (!silent.has(name) && !saysNothing(told(name, value)))
      leftovers.push({ attribute: name })
  }
  said.set('inetUserStatus', member(user, 'enabled') === false ? 'Inactive' : 'Active')
  if (said.get('mail') !== undefined)
    said.set('email_verified', member(user, 'emailVerified') === true)
  leftovers.push(...readAttributes(member(user, 'attributes'), said))
  const groups = entriesOf(member(user, 'groups'))
  if (groups.length > 0)
    said.set(
      'groups',
      groups.map((each) => groupName(plainText(each))),
    )
  leftovers.push(...readCredentials(member(user, 'credentials'), said, clear))
  const id = member(user, 'id')
  const known = typeof id === 'string' && uuid.test(id) ? id : plainText(said.get('username') ?? '')
  const input = objectOf(said)
  return { kind: userKind, called: 'user', realm, id: known, input, leftovers, place }
}

/** Everybody has these roles, and they say nothing. */
const usualRole = /^(?:default-roles-.*|offline_access|uma_authorization)$/

function told(name: string, value: Json): Json {
  if (name !== 'realmRoles' || !Array.isArray(value)) return value
  return (value as readonly Json[]).filter((role) => !usualRole.test(plainText(role)))
}

function readAttributes(all: Json | undefined, said: Map<string, Json | undefined>): Leftover[] {
  const leftovers: Leftover[] = []
  for (const [name, value] of Object.entries(isObject(all) ? all : {})) {
    if (silentAttributes.has(name) || saysNothing(value)) continue
    const row = attributeOf(attributes.get(name) ?? name)
    if (row === undefined || said.has(row.name)) leftovers.push({ attribute: `attributes.${name}` })
    else said.set(row.name, row.many || !Array.isArray(value) ? value : (value[0] as Json))
  }
  return leftovers
}

/** Takes the password of Keycloak's credentials; what else there is has no counterpart. */
export function readCredentials(
  all: Json | undefined,
  said: Map<string, Json | undefined>,
  clear: boolean,
): readonly Leftover[] {
  const leftovers: Leftover[] = []
  let found = false
  for (const credential of entriesOf(all)) {
    const type = isObject(credential) ? member(credential, 'type') : undefined
    if (!isObject(credential) || type !== 'password' || found) {
      leftovers.push({ attribute: `credentials.${typeof type === 'string' ? type : '?'}` })
      continue
    }
    found = true
    leftovers.push(...takePassword(readCredential(credential), said, clear))
    if (member(credential, 'temporary') === true)
      leftovers.push({ attribute: 'credentials.password.temporary' })
  }
  return leftovers
}
