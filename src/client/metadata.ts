import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import {
  attributeProblem,
  clientAttributes,
  clientMetadata,
  overrideSection,
} from '../protocol/client-metadata.ts'
import type { DocumentRead } from '../protocol/document.ts'
import { readDocument } from '../protocol/document.ts'
import { isGrantType } from '../protocol/grant-type.ts'
import type { Problem } from '../protocol/problem.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import { readSettings, unwrap } from '../protocol/setting.ts'
import { webUriProblem } from '../protocol/value/uri.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import { certificateProblems } from './certificate-subject.ts'
import type { SecretGiven } from './key-rules.ts'
import { keyProblems, profileProblems, secretProblems } from './key-rules.ts'
import { methods } from './method/index.ts'
import { longestId } from './registration.ts'
import { profileOf, termsOf } from './terms.ts'
import { logoutUriProblem, redirectUriProblem } from './uri.ts'

/** A registration as somebody asks for it. */
export interface Registration extends SecretGiven {
  readonly client_id: string
  readonly document: JsonObject
}

/** Why an entry of a list cannot be registered; undefined when it can. */
type Rule = (entry: string, metadata: ClientMetadata, realm: Realm) => string | undefined

/** Lists whose entries have to be more than text. */
const entryRules: Partial<Record<keyof ClientMetadata, Rule>> = {
  redirect_uris: (uri, metadata, realm) =>
    redirectUriProblem(termsOf(realm, metadata), metadata.clientType, uri),
  post_logout_redirect_uris: (uri, metadata, realm) =>
    logoutUriProblem(termsOf(realm, metadata), uri),
  request_uris: (uri) => webUriProblem(uri.replace(/#.*$/s, '')),
  javascriptOrigins: line,
  logo_uri: localisedUri,
  policy_uri: localisedUri,
  tos_uri: localisedUri,
  client_uri: localisedUri,
  scopes: scopeEntry,
  default_scopes: scopeEntry,
  grant_types: (name) => (isGrantType(name) ? undefined : 'not a grant type'),
  response_types: (name) =>
    responseTypeOf.get(name) !== undefined || /^device_code(?: id_token)?$/.test(name)
      ? undefined
      : 'a response type that is not served',
  client_name: line,
  display_names: line,
  descriptions: line,
  contacts: line,
  default_acr_values: line,
}

const mostEntries = 200
const longestLine = 1000

/**
 * Sorts out a client document as AM's JSON brings it. While the overrides are off nothing in their
 * section means anything, so nothing there is refused.
 */
export function readClientDocument(input: JsonObject): DocumentRead {
  const overrides = member(input, overrideSection)
  const on = isObject(overrides) && unwrap(member(overrides, 'providerOverridesEnabled')) === true
  return readDocument(clientAttributes, input, on ? undefined : new Set([overrideSection]))
}

/** Every reason why a client cannot be registered so, none if it can. */
export async function registrationProblems(
  realm: Realm,
  registration: Registration,
): Promise<Problem[]> {
  const { values: metadata } = readSettings(clientMetadata, registration.document)
  const id = await clientIdProblem(realm, registration.client_id)
  return [
    ...(id === undefined ? [] : [{ path: '_id', text: id }]),
    ...entryProblems(realm, metadata),
    ...methodProblems(realm, metadata),
    ...keyProblems(metadata),
    ...profileProblems(metadata, profileOf(realm, metadata)),
    ...certificateProblems(metadata),
    ...secretProblems(metadata, registration),
    ...(metadata.treeName === '' || realm.provider.journeys.includes(metadata.treeName)
      ? []
      : [attributeProblem('treeName', 'not a journey of the realm')]),
  ]
}

/** RFC 6749 §A.1, narrowed; and no user's `sub`, so that a token's subject is never in doubt (T-10). */
async function clientIdProblem(realm: Realm, client_id: string): Promise<string | undefined> {
  if (client_id.length > longestId || !/^[\x20-\x7e]+$/.test(client_id))
    return `1 to ${longestId} printable ASCII characters`
  if (/^\.{1,2}$/.test(client_id)) return 'not a name that can stand in a URL'
  const user = `user/${realmName(realm.path)}/${encodeURIComponent(client_id.toLowerCase())}`
  return (await realm.settings.get(user)) === undefined ? undefined : 'the sub of a user'
}

function entryProblems(realm: Realm, metadata: ClientMetadata): Problem[] {
  return Object.entries(entryRules).flatMap(([key, rule]) => {
    const field = key as keyof ClientMetadata
    const entries = metadata[field] as readonly string[]
    if (entries.length > mostEntries)
      return [attributeProblem(field, `more than ${mostEntries} entries`)]
    return entries.flatMap((entry, i) => {
      const problem = rule(entry, metadata, realm)
      return problem === undefined ? [] : [attributeProblem(field, problem, i)]
    })
  })
}

function methodProblems(realm: Realm, metadata: ClientMetadata): Problem[] {
  const { token_endpoint_auth_method: method, clientType } = metadata
  const { public_clients, auth_methods } = termsOf(realm, metadata)
  const problems: Problem[] = []
  if (!methods.some(({ name }) => name === method)) {
    problems.push(attributeProblem('token_endpoint_auth_method', 'a method that is not served'))
  }
  if (clientType === 'Confidential' && method === 'none') {
    problems.push(
      attributeProblem('token_endpoint_auth_method', 'a confidential client has to prove itself'),
    )
  }
  if (clientType === 'Public' && !public_clients) {
    problems.push(attributeProblem('clientType', 'the profile has no public clients'))
  }
  if (clientType === 'Confidential' && !auth_methods.includes(method)) {
    problems.push(
      attributeProblem('token_endpoint_auth_method', 'a method the profile does not have'),
    )
  }
  return problems
}

function localisedUri(entry: string): string | undefined {
  return webUriProblem(entry.replace(/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*\|/, ''))
}

/** `name`, `name|text` or `name|locale|text`; the name as RFC 6749 §3.3 has it. */
function scopeEntry(entry: string): string | undefined {
  const name = entry.split('|', 1)[0] as string
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(name)) return 'not a scope (RFC 6749 §3.3)'
  return line(entry)
}

function line(entry: string): string | undefined {
  if (entry.length > longestLine) return `longer than ${longestLine} characters`
  return /[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(entry) ? 'more than one line of text' : undefined
}
