import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { symmetricBytes } from '../../client/key-rules.ts'
import { readClientDocument, registrationProblems } from '../../client/metadata.ts'
import type { StoredClient } from '../../client/registration.ts'
import { readClient, writeClient } from '../../client/registration.ts'
import type { StoredSecret } from '../../client/stored-secret.ts'
import { hashSecret, isSecret } from '../../client/stored-secret.ts'
import { clientAttributes, clientMetadata } from '../../protocol/client-metadata.ts'
import { attributeNames } from '../../protocol/document.ts'
import { readSettings, unwrap } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'
import { readJsonDocument } from '../serve/version.ts'
import { invalidAttribute, invalidValues } from './refusal.ts'

const core = 'coreOAuth2ClientConfig'

/**
 * Puts the client of a request's body in the place of `before`. What the body leaves out is unset,
 * except the secret. Answers what was stored, the error to give, or `lost` when somebody was faster.
 */
export async function changeClient(
  realm: Realm,
  http: HttpRequest,
  client_id: string,
  before: StoredClient | undefined,
): Promise<StoredClient | HttpResponse | 'lost'> {
  const { body, password } = takePassword(readJsonDocument(http))
  const { document, problems, unknown } = readClientDocument(body)
  if (unknown.length > 0)
    return invalidAttribute([...attributeNames(clientAttributes), 'userpassword'], unknown)
  if (password === 'malformed') return invalidValues([`${core}.userpassword: must be text`])
  const kept = before?.record.secrets.find((each) => each.symmetric !== undefined)?.symmetric
  const secret = password?.text
  const wrong = await registrationProblems(realm, { client_id, document, secret, kept })
  if (problems.length + wrong.length > 0) return invalidValues([...problems, ...wrong])
  const secrets = await secretsOf(realm, document, secret, before)
  if (!(await writeClient(realm, { client_id, document, secrets }, before))) return 'lost'
  return (await readClient(realm, client_id)) ?? 'lost'
}

interface Taken {
  readonly body: JsonObject
  readonly password: { readonly text: string } | 'malformed' | undefined
}

/** The secret apart from the document, where it must never be stored. */
function takePassword(input: JsonObject): Taken {
  const section = member(input, core)
  if (!isObject(section)) return { body: input, password: undefined }
  const { userpassword, ...rest } = section
  const value: Json | undefined = unwrap(userpassword)
  const body = { ...input, [core]: rest }
  if (value === undefined || value === null) return { body, password: undefined }
  return { body, password: typeof value === 'string' ? { text: value } : 'malformed' }
}

/**
 * A new secret takes the place of the newest, which goes on for `previousSecretLifetime`; the same one
 * again changes nothing. Copies that no key needs any more are dropped.
 */
async function secretsOf(
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
  const made = await hashSecret(realm, secret, keep)
  if (newest === undefined) return [made]
  if (await isSecret(newest, secret)) return [made, ...kept(previous)]
  return [made, ...kept(lifetime > 0 ? [{ ...newest, until: realm.now() + lifetime }] : [])]
}

function withoutCopy({ hash, until }: StoredSecret): StoredSecret {
  return until === undefined ? { hash } : { hash, until }
}
