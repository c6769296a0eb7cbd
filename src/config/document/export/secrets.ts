import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { merged } from '../merge.ts'
import type { Part } from '../text.ts'
import type { DocumentProblem } from '../told.ts'
import { openSecrets } from './seal.ts'

export interface Opened {
  readonly parts: readonly Part[]
  readonly problems: readonly DocumentProblem[]
}

/** Puts what is sealed in a document back where it belongs; objects that it does not name are left alone. */
export async function withSecrets(
  parts: readonly Part[],
  passphrase: string | undefined,
): Promise<Opened> {
  const problems: DocumentProblem[] = []
  const opened: Part[] = []
  for (const part of parts) {
    const sealed = member(part.document, 'sealed')
    const secrets = passphrase === undefined ? undefined : await openedText(sealed, passphrase)
    if (sealed !== undefined && secrets === undefined) {
      const text =
        passphrase === undefined
          ? 'needs the passphrase it was sealed under: apply it with --secrets-passphrase-file'
          : 'does not open with this passphrase, or was changed'
      problems.push({ file: part.file, path: 'sealed', text })
    }
    const document = secrets === undefined ? part.document : withObjects(part.document, secrets)
    opened.push({ file: part.file, document })
  }
  return { parts: opened, problems }
}

async function openedText(sealed: unknown, passphrase: string): Promise<JsonObject | undefined> {
  return typeof sealed === 'string' ? openSecrets(sealed, passphrase) : undefined
}

function withObjects(document: JsonObject, secrets: JsonObject): JsonObject {
  const realms = member(document, 'realms')
  const each = (realm: Json): Json => (isObject(realm) ? inRealm(realm, secrets) : realm)
  return Array.isArray(realms)
    ? { ...document, realms: (realms as readonly Json[]).map(each) }
    : document
}

function inRealm(realm: JsonObject, secrets: JsonObject): JsonObject {
  const path = member(realm, 'path')
  const own = typeof path === 'string' ? member(secrets, path) : undefined
  if (!isObject(own)) return realm
  const members = Object.entries(realm).map(([name, objects]): readonly [string, Json] => {
    const kept = member(own, name)
    if (!isObject(kept) || !Array.isArray(objects)) return [name, objects]
    const each = (object: Json): Json => (isObject(object) ? inObject(object, kept) : object)
    return [name, (objects as readonly Json[]).map(each)]
  })
  return Object.fromEntries(members)
}

/** What the document says itself goes before what was sealed. */
function inObject(object: JsonObject, kept: JsonObject): JsonObject {
  const id = member(object, '_id')
  const secret = typeof id === 'string' ? member(kept, id) : undefined
  return isObject(secret) ? merged(secret, object) : object
}
