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
import type { Problem } from '../protocol/problem.ts'
import { readSettings, unwrap } from '../protocol/setting.ts'
import type { TextRule } from '../protocol/value/text.ts'
import { logoutUri, redirectUri } from '../protocol/value/uri-rule.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import { administrationProblems } from './administration.ts'
import { certificateProblems } from './certificate-subject.ts'
import { choiceProblems } from './choice.ts'
import type { SecretGiven } from './key-rules.ts'
import { keyProblems, profileProblems, secretProblems } from './key-rules.ts'
import { canBeClient, longestId, readClient } from './registration.ts'
import { sectorProblems } from './sector.ts'
import { hasServiceAccounts, readServiceAccount } from './service-account/account.ts'
import { serviceAccountClient } from './service-account/as-client.ts'
import { enforcedProfile, termsOf } from './terms.ts'
import { logoutTermsProblem, redirectTermsProblem } from './uri.ts'

/** A registration as somebody asks for it. */
export interface Registration extends SecretGiven {
  readonly client_id: string
  readonly document: JsonObject
}

/**
 * Sorts out a client document as AM's JSON brings it. While the overrides are off nothing in their
 * section means anything, so nothing there is refused.
 */
export function readClientDocument(
  input: JsonObject,
  filled = false,
  stored?: JsonObject,
): DocumentRead {
  const overrides = member(input, overrideSection)
  const on = isObject(overrides) ? unwrap(member(overrides, 'providerOverridesEnabled')) : undefined
  const off = on === undefined || on === null || on === false
  const lenient = new Set(off ? [overrideSection] : [])
  return readDocument(clientAttributes, input, { lenient, filled, stored })
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
    ...administrationProblems(realm, registration.client_id, metadata),
    ...choiceProblems(realm, metadata),
    ...uriProblems(realm, metadata),
    ...methodProblems(realm, metadata),
    ...sectorProblems(realm, metadata),
    ...keyProblems(metadata),
    ...profileProblems(metadata, enforcedProfile(realm, metadata)),
    ...certificateProblems(metadata),
    ...bindingProblems(metadata),
    ...secretProblems(metadata, registration),
  ]
}

/**
 * RFC 6749 §A.1, narrowed; and nobody else's `sub`, so that a token's subject is never in doubt (T-10). What all
 * service accounts are called as clients is nobody's own.
 */
async function clientIdProblem(realm: Realm, client_id: string): Promise<string | undefined> {
  if (client_id.length > longestId || !/^[\x20-\x7e]+$/.test(client_id))
    return `1 to ${longestId} printable ASCII characters`
  if (/^\.{1,2}$/.test(client_id)) return 'not a name that can stand in a URL'
  if (!canBeClient(realm, client_id) && (await readClient(realm, client_id)) === undefined)
    return 'shorter, or with fewer signs that are no letters or digits, in a realm of so long a path'
  if (hasServiceAccounts(realm) && client_id === serviceAccountClient)
    return 'not the name that service accounts ask for tokens by'
  if ((await readServiceAccount(realm, client_id.toLowerCase())) !== undefined)
    return 'the id of a service account'
  const user = `user/${realmName(realm.path)}/${encodeURIComponent(client_id.toLowerCase())}`
  return (await realm.settings.get(user)) === undefined ? undefined : 'the sub of a user'
}

/** What redirect and logout URIs may not be by the client's terms; what nobody may register is not looked at. */
function uriProblems(realm: Realm, metadata: ClientMetadata): Problem[] {
  const terms = termsOf(realm, metadata)
  const wrong = (
    field: 'redirect_uris' | 'post_logout_redirect_uris',
    rule: TextRule,
    own: (uri: string) => string | undefined,
  ): Problem[] =>
    metadata[field].flatMap((uri, i) => {
      const text = rule.wrong(uri) === undefined ? own(uri) : undefined
      return text === undefined ? [] : [attributeProblem(field, text, i)]
    })
  return [
    ...wrong('redirect_uris', redirectUri, (uri) =>
      redirectTermsProblem(terms, metadata.clientType, uri),
    ),
    ...wrong('post_logout_redirect_uris', logoutUri, (uri) => logoutTermsProblem(terms, uri)),
  ]
}

/** RFC 9449 §5.2, RFC 8705 §3.4: tokens are tied to one key, and each of the two would refuse what the other wants. */
function bindingProblems(metadata: ClientMetadata): Problem[] {
  const field = 'tls_client_certificate_bound_access_tokens'
  const both = metadata[field] && metadata.dpop_bound_access_tokens
  return both ? [attributeProblem(field, 'not beside dpopBoundAccessTokens')] : []
}

function methodProblems(realm: Realm, metadata: ClientMetadata): Problem[] {
  const { token_endpoint_auth_method: method, clientType } = metadata
  const { public_clients, auth_methods } = termsOf(realm, metadata)
  const problems: Problem[] = []
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
