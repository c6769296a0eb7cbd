import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { symmetricBytes } from '../../client/key-rules.ts'
import type { StoredClient } from '../../client/registration.ts'
import type { StoredSecret } from '../../client/stored-secret.ts'
import { hashSecret, isSecret, readStoredSecrets } from '../../client/stored-secret.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { readSettings, unwrap } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'

export const core = 'coreOAuth2ClientConfig'

/** Secrets as they are stored, by trusted doors only. */
export const hashesName = 'userpasswordHashes'

interface Taken {
  readonly body: JsonObject
  readonly password: { readonly text: string } | 'malformed' | undefined
  readonly hashes?: readonly StoredSecret[] | 'malformed'
}

/** The secret apart from the document, where it must never be stored. */
export function takeSecrets(input: JsonObject, trusted: boolean): Taken {
  const section = member(input, core)
  if (!isObject(section)) return { body: input, password: undefined }
  const { userpassword, ...others } = section
  const { [hashesName]: stored, ...rest } = others
  const isStored = trusted && stored !== undefined
  const hashes = isStored ? { hashes: readStoredSecrets(stored) ?? ('malformed' as const) } : {}
  const value: Json | undefined = unwrap(userpassword)
  const body = { ...input, [core]: trusted ? rest : others }
  if (value === undefined || value === null) return { body, password: undefined, ...hashes }
  const password = typeof value === 'string' ? { text: value } : 'malformed'
  return { body, password, ...hashes }
}

/**
 * A new secret takes the place of the newest, which goes on for `previousSecretLifetime`; the same one
 * again changes nothing. Copies that no key needs any more are dropped.
 */
export async function secretsOf(
  realm: Realm,
  document: JsonObject,
  secret: string | undefined,
  before: StoredClient | undefined,
): Promise<readonly StoredSecret[]> {
  const { values } = readSettings(clientMetadata, document)
  const keep = symmetricBytes(values) > 0
  const { previousSecretLifetime: lifetime } = values
  const [newest, ...older] = before?.record.secrets ?? []
  const previous = lifetime > 0 ? older : []
  const kept = (secrets: readonly StoredSecret[]): readonly StoredSecret[] =>
    keep ? secrets : secrets.map(withoutCopy)
  if (secret === undefined) return newest === undefined ? [] : kept([newest, ...previous])
  // As it stands, so that saying the same again is no change.
  if (newest !== undefined && (await isSecret(newest, secret)))
    return [{ ...newest, ...(keep ? { symmetric: secret } : {}) }, ...previous].flatMap((each) =>
      kept([each]),
    )
  const made = await hashSecret(realm, secret, keep)
  if (newest === undefined) return [made]
  return [made, ...kept(lifetime > 0 ? [{ ...newest, until: realm.now() + lifetime }] : [])]
}

function withoutCopy({ hash, until }: StoredSecret): StoredSecret {
  return until === undefined ? { hash } : { hash, until }
}
