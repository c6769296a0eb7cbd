import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { clientKind } from '../../config/client.ts'
import type { Found, Leftover } from '../found.ts'
import { objectOf, plainText, saysNothing } from '../found.ts'
import { clientAttribute, quietAttributes } from './client-attribute.ts'
import { leftScopes, readScopes } from './scope.ts'
import { readOrigins, readUris } from './uri.ts'

/** Keycloak's own, made in every realm. */
const builtIn =
  /^(?:account|account-console|admin-cli|broker|realm-management|security-admin-console|.*-realm)$/

/** Keycloak's ways to authenticate a client. */
const methods: ReadonlyMap<string, string> = new Map([
  ['client-secret', 'client_secret_basic'],
  ['client-jwt', 'private_key_jwt'],
  ['client-secret-jwt', 'client_secret_jwt'],
  ['client-x509', 'tls_client_auth'],
])

/** Read below, or kept for Keycloak's own use. */
const quiet: ReadonlySet<string> = new Set(
  `id clientId name description enabled publicClient redirectUris webOrigins rootUrl baseUrl adminUrl secret
  clientAuthenticatorType standardFlowEnabled implicitFlowEnabled serviceAccountsEnabled consentRequired attributes
  defaultClientScopes optionalClientScopes protocol fullScopeAllowed nodeReRegistrationTimeout notBefore
  surrogateAuthRequired alwaysDisplayInConsole frontchannelLogout access type origin`.split(/\s+/),
)

/** A client of Keycloak, as far as it is one here. */
export function foundClient(
  client: JsonObject,
  realm: JsonObject,
  path: string,
  place: string,
): Found {
  const clientId = member(client, 'clientId')
  const id = typeof clientId === 'string' ? clientId : ''
  const protocol = member(client, 'protocol') ?? 'openid-connect'
  const none = (why: string): Found => ({
    ...{ called: 'client', realm: path, id, input: {}, place },
    leftovers: [{ attribute: 'client', why }],
  })
  if (builtIn.test(id)) return none('is one of Keycloak’s own')
  if (protocol !== 'openid-connect') return none('is of another protocol')
  if (member(client, 'bearerOnly') === true) return none('only takes tokens (bearerOnly)')
  const leftovers: Leftover[] = []
  for (const [name, value] of Object.entries(client)) {
    if (quiet.has(name) || saysNothing(value)) continue
    leftovers.push({ attribute: name, ...mappersIn(name, value) })
  }
  const said = new Map<string, Json | undefined>()
  leftovers.push(...readBasics(client, said))
  leftovers.push(...readUris(client, said), ...readOrigins(client, said))
  leftovers.push(...leftScopes(client, realm))
  for (const [name, value] of readScopes(client, realm)) said.set(name, value)
  leftovers.push(...readAttributes(client, said))
  const input = inSections(said)
  return { kind: clientKind, called: 'client', realm: path, id, input, leftovers, place }
}

function readAttributes(
  client: JsonObject,
  said: Map<string, Json | undefined>,
): readonly Leftover[] {
  const leftovers: Leftover[] = []
  const attributes = member(client, 'attributes')
  for (const [name, value] of Object.entries(isObject(attributes) ? attributes : {})) {
    if (quietAttributes.has(name) || saysNothing(value)) continue
    const read = clientAttribute(name, plainText(value), client)
    if (read === undefined) leftovers.push({ attribute: `attributes.${name}` })
    else for (const [ours, mapped] of read) said.set(ours, mapped)
  }
  return leftovers
}

/** Mappers are told by their type: that is what somebody has to find another way for. */
function mappersIn(name: string, value: Json): { readonly why?: string } {
  if (name !== 'protocolMappers' || !Array.isArray(value)) return {}
  const types = (value as readonly Json[]).map((each) =>
    isObject(each) ? plainText(member(each, 'protocolMapper')) : '?',
  )
  return { why: [...new Set(types)].sort().join(', ') }
}

const core = 'coreOAuth2ClientConfig'
const advanced = 'advancedOAuth2ClientConfig'
const own = 'parapetClientConfig'

function readBasics(client: JsonObject, said: Map<string, Json | undefined>): readonly Leftover[] {
  const on = (name: string, unsaid = false): boolean => (member(client, name) ?? unsaid) === true
  const isPublic = on('publicClient')
  const leftovers: Leftover[] = []
  said.set(`${core}.status`, on('enabled', true) ? 'Active' : 'Inactive')
  said.set(`${core}.clientType`, isPublic ? 'Public' : 'Confidential')
  const name = member(client, 'name')
  if (typeof name === 'string' && isSaid(name)) {
    said.set(`${core}.clientName`, [name])
    said.set(`${advanced}.name`, [name])
  }
  const description = member(client, 'description')
  if (typeof description === 'string' && isSaid(description))
    said.set(`${advanced}.descriptions`, [description])
  said.set(`${advanced}.isConsentImplied`, !on('consentRequired'))
  const attributes = member(client, 'attributes')
  const refresh = isObject(attributes) ? member(attributes, 'use.refresh.tokens') : undefined
  const code = on('standardFlowEnabled', true)
  const implicit = on('implicitFlowEnabled')
  const service = on('serviceAccountsEnabled') && !isPublic
  const grants = { authorization_code: code, implicit, client_credentials: service }
  const allowed = Object.entries({
    ...grants,
    refresh_token: code && plainText(refresh) !== 'false',
  })
  said.set(
    `${advanced}.grantTypes`,
    allowed.flatMap(([grant, is]) => (is ? [grant] : [])),
  )
  const hybrid = code && implicit ? ['code token', 'code id_token', 'code token id_token'] : []
  const fragments = implicit ? ['token', 'id_token', 'token id_token', ...hybrid] : []
  said.set(`${advanced}.responseTypes`, [...(code ? ['code'] : []), ...fragments])
  // A client that used no PKCE goes on without it, and one that did is asked for it by its attribute.
  said.set(`${own}.codeVerifierEnforced`, 'false')
  if (isPublic) said.set(`${advanced}.tokenEndpointAuthMethod`, 'none')
  else leftovers.push(...readMethod(client, said))
  return leftovers
}

/** Whether it is words: Keycloak's own clients have the key of a text that is translated. */
function isSaid(text: string): boolean {
  return text !== '' && !text.includes('${')
}

function readMethod(client: JsonObject, said: Map<string, Json | undefined>): readonly Leftover[] {
  const type = member(client, 'clientAuthenticatorType') ?? 'client-secret'
  const method = methods.get(typeof type === 'string' ? type : '')
  const secret = member(client, 'secret')
  if (
    typeof secret === 'string' &&
    secret !== '' &&
    !/^\*+$/.test(secret) &&
    !secret.startsWith('${')
  )
    said.set(`${core}.userpassword`, secret)
  if (method === undefined) return [{ attribute: 'clientAuthenticatorType' }]
  said.set(`${advanced}.tokenEndpointAuthMethod`, method)
  // Keycloak takes a secret by Basic or in the body.
  if (method === 'client_secret_basic') said.set(`${own}.eitherSecretMethod`, true)
  const wants = method.startsWith('client_secret') && !said.has(`${core}.userpassword`)
  return wants ? [{ attribute: 'secret', why: 'is not in the file: set one' }] : []
}

/** `section.name` → the sections of a client's document. */
export function inSections(said: ReadonlyMap<string, Json | undefined>): JsonObject {
  const sections = new Map<string, Map<string, Json | undefined>>()
  for (const [path, value] of said) {
    const [section = '', name = ''] = path.split('.')
    const members = sections.get(section) ?? new Map<string, Json | undefined>()
    sections.set(section, members.set(name, value))
  }
  return objectOf([...sections].map(([name, members]) => [name, objectOf(members)] as const))
}
