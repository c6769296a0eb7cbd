import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { RealmWorld } from '../../../realm/realms.ts'
import { allRealms } from '../../../realm/realms.ts'
import { kinds } from '../../index.ts'
import type { Kind } from '../../kind.ts'
import { allItems } from '../items.ts'
import { escaped } from '../reference.ts'
import { realmAt, siteOf } from '../step.ts'
import { sealSecrets } from './seal.ts'

export interface ExportOptions {
  /** Only of this realm. */
  readonly realm?: string | undefined
  /** Secrets and hashes go along, sealed under it; without it they are left out. */
  readonly passphrase?: string | undefined
}

/**
 * What a store has, as a document that `apply` takes back: in an order of its own, so that two exports of
 * one state are the same text. @throws Error for a realm that is not there.
 */
export async function exportDocument(
  world: RealmWorld,
  { realm: only, passphrase }: ExportOptions,
): Promise<JsonObject> {
  const site = siteOf(world, 'export', { env: () => undefined, file: () => '' })
  const realms: JsonObject[] = []
  const secrets: Record<string, JsonObject> = {}
  const stored = (await allRealms(world.settings)).map(({ record }) => record)
  for (const { path, aliases, active = true } of stored) {
    const realm = only === undefined || only === path ? await realmAt(site, path) : undefined
    if (realm === undefined) continue
    const own = {
      path,
      ...(aliases.length > 0 ? { aliases } : {}),
      ...(active ? {} : { active }),
    }
    const found = await objectsOf(realm, passphrase !== undefined)
    realms.push({ ...own, ...found.objects })
    if (Object.keys(found.secrets).length > 0) secrets[path] = found.secrets
  }
  if (realms.length === 0) throw new Error(`there is no realm ${only ?? '/'}`)
  if (passphrase === undefined) return { realms }
  return { realms, sealed: await sealSecrets(secrets, passphrase, world.random) }
}

interface Objects {
  /** By the members of a realm in a document. */
  readonly objects: JsonObject
  /** By the same, and then by id. */
  readonly secrets: JsonObject
}

async function objectsOf(realm: Realm, withSecrets: boolean): Promise<Objects> {
  const objects: Record<string, Json> = {}
  const secrets: Record<string, JsonObject> = {}
  for (const kind of kinds) {
    if (kind.member === undefined || kind.member === 'realms') continue
    const items = await allItems(kind, realm)
    if (items === undefined)
      throw new Error(`${realm.path} has too many ${kind.name}s to list them`)
    const gone = (await kind.removed?.(realm)) ?? []
    const sorted = items
      .filter(({ inherent }) => inherent !== true)
      .concat(gone.map((id) => ({ id, rev: '', value: { removed: true } })))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    const shown = sorted.map(({ id, value }) => inOrder(kind, id, value))
    if (!kind.single && shown.length > 0) objects[kind.member] = shown
    else if (Object.keys(shown[0] ?? {}).length > 0) objects[kind.member] = shown[0] as JsonObject
    const kept = withSecrets
      ? await secretsOf(
          kind,
          realm,
          sorted.map(({ id }) => id),
        )
      : {}
    if (Object.keys(kept).length > 0) secrets[kind.member] = kept
  }
  return { objects, secrets }
}

async function secretsOf(kind: Kind, realm: Realm, ids: readonly string[]): Promise<JsonObject> {
  const kept: [string, JsonObject][] = []
  for (const id of ids) {
    const secret = await kind.backup?.read(realm, id)
    if (secret !== undefined) kept.push([id, asWritten(secret) as JsonObject])
  }
  return Object.fromEntries(kept)
}

/** Its id first, and then its members by name. What a kept document calls itself is not where it is kept. */
function inOrder({ single }: Kind, id: string, value: JsonObject): JsonObject {
  const { _id: _, ...members } = asWritten(value) as JsonObject
  return single ? members : { _id: id, ...members }
}

/** As a document has to say it: `$` of a reference doubled, names in order. */
function asWritten(value: Json): Json {
  if (typeof value === 'string') return escaped(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map(asWritten)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, asWritten(member(value, name) ?? null)]))
}
