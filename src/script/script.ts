/**
 * script: JavaScript that an operator wrote, run in an interpreter of its own (PingAM: scripting). What a script may ask
 * of the server is here, what it means for a login or a token is for those who run it. Nothing of the server is reachable
 * from inside: values go in and come out as JSON, and what comes out is looked at like a request.
 */
import type { Json } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import type { JourneyRecord } from '../realm/journey/document.ts'
import { keptFolder } from '../realm/kept.ts'
import type { Realm } from '../realm/realm.ts'
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

/** A library script by the name that `require` says. Names are few enough to be looked through. */
export async function findLibrary(realm: Scripts, name: string): Promise<Script | undefined> {
  const folder = keptFolder(realm.path)
  const prefix = keyOf(realm, '')
  for await (const key of keysIn(realm.settings, folder, { after: prefix })) {
    if (!key.startsWith(prefix)) return undefined
    const script = await readsOf(realm.settings)(key)
    if (script?.name === name && script.context === 'LIBRARY') return script
  }
  return undefined
}

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
    source: sourceIn(member(document, 'script')),
  }
}

/** On the wire it is base64; in files lines, or a text. */
function sourceIn(script: Json | undefined): string {
  if (Array.isArray(script)) return (script as readonly Json[]).map(String).join('\n')
  if (typeof script !== 'string') return ''
  const bare = script.replace(/\s+/g, '')
  if (bare.length % 4 !== 0 || !/^[A-Za-z\d+/]{4,}={0,2}$/.test(bare)) return script
  const decoded = Buffer.from(bare, 'base64').toString()
  // What is no text after it was decoded was one before.
  return decoded.includes('�') ? script : decoded
}
