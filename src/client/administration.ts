import { isAdministrationScope } from '../protocol/administration-scope.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem, clientAttributes, clientMetadata } from '../protocol/client-metadata.ts'
import { withKept } from '../protocol/document.ts'
import type { Problem } from '../protocol/problem.ts'
import { readSettings } from '../protocol/setting.ts'
import type { KeptAttribute } from '../protocol/unserved/attribute.ts'
import { keptAttributes } from '../protocol/unserved/attribute.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { scopeName } from './client.ts'
import type { ClientRecord } from './registration.ts'
import { hasCome } from './unserved.ts'

/** The one client by which administrators may get tokens of administration for themselves (PingAM: Advanced Identity Cloud). */
const administrationClient = 'idmAdminClient'

/** Whether it is that client, switched on by an operator: nobody else's tokens are good for administration. */
export function isAdministrationClient(
  { path }: Pick<Realm, 'path'>,
  { client_id, administration, clientType }: Client,
): boolean {
  return (
    path === '/' && client_id === administrationClient && administration && clientType === 'Public'
  )
}

/**
 * What a registration must not say of administration. Scopes of that family belong to that one client; in
 * the root realm no other may even be registered with one. Elsewhere they open nothing: there they are kept
 * as exports have them, and nobody is granted one (C-39).
 */
export function administrationProblems(
  { path }: Pick<Realm, 'path'>,
  client_id: string,
  metadata: ClientMetadata,
): Problem[] {
  if (metadata.administration) {
    const { clientType, grant_types, codeVerifierEnforced } = metadata
    if (path !== '/' || client_id !== administrationClient)
      return [attributeProblem('administration', `only ${administrationClient} of the root realm`)]
    if (clientType !== 'Public')
      return [attributeProblem('clientType', 'administrators come by a public client, with PKCE')]
    const byCode = grant_types.every((name) => name === 'authorization_code')
    if (!byCode) return [attributeProblem('grant_types', 'for administrators: authorization_code')]
    if (codeVerifierEnforced !== 'true')
      return [attributeProblem('codeVerifierEnforced', 'for administrators: true')]
    return []
  }
  if (path !== '/') return []
  return scopesOfAdministration(metadata).map(([field, i]) =>
    attributeProblem(field, 'no client may have a scope of administration', i),
  )
}

/** Where a registration has one of them. */
function scopesOfAdministration(
  metadata: ClientMetadata,
): readonly (readonly [field: 'scopes' | 'default_scopes', index: number])[] {
  return (['scopes', 'default_scopes'] as const).flatMap((field) =>
    metadata[field].flatMap((entry, i) =>
      isAdministrationScope(scopeName(entry)) ? [[field, i] as const] : [],
    ),
  )
}

/** What a registration holds that is kept and not served (C-39): attributes, and scopes that nobody is granted. */
export function unservedOfClient(
  realm: Pick<Realm, 'journeys' | 'provider'>,
  { document, kept }: Pick<ClientRecord, 'document' | 'kept'>,
): readonly KeptAttribute[] {
  const { values: metadata } = readSettings(clientMetadata, document)
  const fields = metadata.administration ? [] : scopesOfAdministration(metadata)
  const scopes = [...new Set(fields.map(([field]) => field))].map((field): KeptAttribute => {
    const { path } = attributeProblem(field, '')
    return { path, name: clientMetadata[field].name, stops: 'nothing' }
  })
  const { values } = readSettings(clientMetadata, withKept(document, kept))
  const found = keptAttributes(clientAttributes, document, kept)
  return [...found.filter((each) => !hasCome(realm, values, each)), ...scopes]
}
