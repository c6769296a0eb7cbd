/**
 * script: JavaScript that an operator wrote, run in an interpreter of its own (PingAM: scripting). What a script may ask
 * of the server is here, what it means for a login or a token is for those who run it. Nothing of the server is reachable
 * from inside: values go in and come out as JSON, and what comes out is looked at like a request.
 */
import type { Json } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import { singleFlight } from '../base/single-flight.ts'
import type { JourneyRecord } from '../realm/journey/document.ts'
import { keptFolder } from '../realm/kept.ts'
import type { Realm } from '../realm/realm.ts'
import { sourceOf } from '../realm/script/source.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import { keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'

/** A script of a realm. */
export interface Script {
  readonly id: string
  readonly name: string
  /** PingAM: `AUTHENTICATION_TREE_DECISION_NODE`, `LIBRARY` … */
  readonly context: string
  readonly language: string
  /** `1.0`: an older script, which finds Java; `2.0`: next generation. */
  readonly version: '1.0' | '2.0'
  readonly source: string
}

type Scripts = Pick<Realm, 'path' | 'settings'>

/** A script by its id; undefined where the realm has none of it. */
export function findScript(realm: Scripts, id: string): Ready<Script | undefined> {
  return readsOf(realm.settings)(keyOf(realm, id))
}

/** A library script by the name that `require` says. Which one is called so is looked up once, until the settings change. */
export async function findLibrary(realm: Scripts, name: string): Promise<Script | undefined> {
  const { path, settings } = realm
  const { known, oneRead } = librariesOf(settings)
  const changeCount = await settings.changeCount()
  let found = known.get(path)
  if (found?.changeCount !== changeCount) {
    const keys = await oneRead(path, changeCount, () => librariesIn(realm))
    found = { changeCount, keys }
    known.set(path, found)
  }
  const key = found.keys.get(name)
  const script = key === undefined ? undefined : await readsOf(settings)(key)
  // What was looked up a moment ago may have been changed since.
  return script?.name === name && script.context === 'LIBRARY' ? script : undefined
}

type Keys = ReadonlyMap<string, string>

/** Keys of a realm's library scripts by their names; of two of a name, the first. */
async function librariesIn(realm: Scripts): Promise<Keys> {
  const keys = new Map<string, string>()
  const prefix = keyOf(realm, '')
  for await (const key of keysIn(realm.settings, keptFolder(realm.path), { after: prefix })) {
    if (!key.startsWith(prefix)) break
    const script = await readsOf(realm.settings)(key)
    if (script?.context === 'LIBRARY' && !keys.has(script.name)) keys.set(script.name, key)
  }
  return keys
}

/** Of realms used last: their library scripts, and the count of changes at which those were looked up. */
const librariesOf = memo((_settings: Store) => ({
  known: lru<{ readonly changeCount: number; readonly keys: Keys }>(1000),
  oneRead: singleFlight<Keys>(),
}))

function keyOf({ path }: Scripts, id: string): string {
  return `${keptFolder(path)}/${encodeURIComponent(`scripts/${id.isWellFormed() ? id : '%'}`)}`
}

const readsOf = memo(
  (settings: Store): CachedRead<Script | undefined> =>
    cachedReads(settings, {
      keyOf: (key) => key,
      parse(value) {
        const { path, document } = JSON.parse(value.toString()) as JourneyRecord
        return scriptIn(path.slice('scripts/'.length), document)
      },
      limit: 1000,
    }),
)

function scriptIn(id: string, document: Json | undefined): Script | undefined {
  if (!isObject(document)) return undefined
  const text = (name: string): string => {
    const value = member(document, name)
    return typeof value === 'string' ? value : ''
  }
  return {
    ...{ id, name: text('name'), context: text('context') },
    language: text('language') || 'JAVASCRIPT',
    version: text('evaluatorVersion') === '2.0' ? '2.0' : '1.0',
    source: sourceOf(member(document, 'script')),
  }
}
