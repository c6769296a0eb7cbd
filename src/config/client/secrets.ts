import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { symmetricBytes } from '../../client/key-rules.ts'
import type { StoredClient } from '../../client/registration.ts'
import type { StoredSecret } from '../../client/stored-secret.ts'
import { hashSecret, isSecret, readStoredSecrets } from '../../client/stored-secret.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import type { Problem } from '../../protocol/problem.ts'
import { readSettings, unwrap } from '../../protocol/setting.ts'
import { holdsPlaceholder, placeholderText } from '../../protocol/unserved/placeholder.ts'
import type { Realm } from '../../realm/realm.ts'

export const core = 'coreOAuth2ClientConfig'

/** Secrets as they are stored, by trusted doors only. */
export const hashesName = 'userpasswordHashes'

interface Taken {
  readonly body: JsonObject
  /** Why there is nothing to be made of it; absent: it is as follows. */
  readonly malformed?: Problem
  readonly secret: string | undefined
  readonly hashes?: readonly StoredSecret[]
}

/** The secret apart from the document, where it must never be stored. */
export function takeSecrets(input: JsonObject, trusted: boolean, filled = false): Taken {
  const section = member(input, core)
  if (!isObject(section)) return { body: input, secret: undefined }
  const { userpassword, ...others } = section
  const { [hashesName]: stored, ...rest } = others
  const body = { ...input, [core]: trusted ? rest : others }
  const given = unwrap(userpassword) ?? undefined
  const hashes = trusted && stored !== undefined ? readStoredSecrets(stored) : undefined
  const none = { body, secret: undefined }
  if (given !== undefined && typeof given !== 'string')
    return { ...none, malformed: { path: secretPath, text: 'must be text' } }
  if (given !== undefined && holdsPlaceholder(given, filled))
    return { ...none, malformed: { path: secretPath, text: placeholderText } }
  if (!trusted || stored === undefined) return { body, secret: given }
  if (hashes === undefined)
    return { ...none, malformed: { path: hashesPath, text: 'must be what an export has' } }
  if (given !== undefined)
    return { ...none, malformed: { path: hashesPath, text: 'must not stand beside userpassword' } }
  return { ...none, hashes }
}

const secretPath = `${core}.userpassword`
const hashesPath = `${core}.${hashesName}`

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
