import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { JourneyRecord } from '../../realm/journey/document.ts'
import { journeyKey } from '../../realm/journey/document.ts'
import type { Realm } from '../../realm/realm.ts'
import { cachedReads } from '../../store/cached.ts'
import type { Store } from '../../store/store.ts'
import { CallRefused } from '../run.ts'
import { findScript } from '../script.ts'
import { drop, entriesIn, find, put } from './entries.ts'

/** Where PingAM has them: the service, and its caches by their names. */
const folder = 'realm-config/services/cache-manager'

/** A cache as somebody has configured it. */
interface Cache {
  /** Begins the keys of its entries: another version of it begins empty. */
  readonly start: string
  readonly script: string
  readonly period: number
  readonly policy: 'never' | 'access' | 'refresh' | 'write'
  /** The service is switched off: everything is loaded each time. */
  readonly off: boolean
}

const readsOf = memo((settings: Store) =>
  cachedReads(settings, {
    keyOf: (key) => key,
    parse: (value, version) => ({
      version,
      document: (JSON.parse(value.toString()) as JourneyRecord).document ?? {},
    }),
    limit: 1000,
  }),
)

/** What `cacheManager` asks (PingAM: cache manager). Entries are in the memory of one process, and of one realm. */
export const cacheCalls = (
  realm: Realm,
): Readonly<Record<string, (...args: readonly Json[]) => Promise<Json>>> => ({
  cacheExists: async (name) => (await findCache(realm, textOf(name))) !== undefined,
  async cached(name, key) {
    const cache = await cacheNamed(realm, textOf(name))
    const found = lookUp(realm, cache, textOf(key))
    return found === undefined || found.stale
      ? { ...found, loader: await loaderOf(realm, cache) }
      : { ...found }
  },
  async cacheLoader(name) {
    return loaderOf(realm, await cacheNamed(realm, textOf(name)))
  },
  async keepCached(name, key, value = null) {
    const cache = await cacheNamed(realm, textOf(name))
    const until = realm.now() + cache.period
    if (!cache.off) put(entriesIn(realm), `${cache.start}${textOf(key)}`, value, until)
    return null
  },
  async forgetCached(name, key = null) {
    const { start } = await cacheNamed(realm, textOf(name))
    const entries = entriesIn(realm)
    const gone =
      key === null
        ? [...entries.all.keys()].filter((each) => each.startsWith(start))
        : [`${start}${textOf(key)}`]
    for (const each of gone) drop(entries, each)
    return null
  },
})

function lookUp(realm: Realm, cache: Cache, key: string) {
  const entries = entriesIn(realm)
  const name = `${cache.start}${key}`
  const entry = find(entries, name)
  if (entry === undefined) return undefined
  const over = realm.now() >= entry.until
  if (over && cache.policy !== 'refresh') {
    drop(entries, name)
    return undefined
  }
  if (cache.policy === 'access') entry.until = realm.now() + cache.period
  return { found: true, value: JSON.parse(entry.text) as Json, stale: over }
}

async function cacheNamed(realm: Realm, name: string): Promise<Cache> {
  const cache = await findCache(realm, name)
  if (cache === undefined) throw new CallRefused('there is no such cache')
  return cache
}

async function findCache(realm: Realm, name: string): Promise<Cache | undefined> {
  const read = readsOf(realm.settings)
  const found = await read(journeyKey(realm, `${folder}/caches/${name}`))
  if (found === undefined) return undefined
  const service = await read(journeyKey(realm, folder))
  const { document, version } = found
  return {
    start: `${JSON.stringify(name)} ${version} `,
    script: textAt(document, 'script'),
    ...times(document),
    off: service === undefined || member(service.document, 'enabled') !== true,
  }
}

function textAt(document: JsonObject, name: string): string {
  return textOf(member(document, name) ?? '')
}

/** What is no text is none that anybody has written. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

const units: readonly (readonly [name: RegExp, seconds: number])[] = [
  [/^sec/i, 1],
  [/^min/i, 60],
  [/^day/i, 86_400],
]
const hour = 3600

/** PingAM: an hour after it was written, unless something else is said. */
function times(document: JsonObject): Pick<Cache, 'period' | 'policy'> {
  const said = textAt(document, 'evictionPolicy').toLowerCase()
  const policy =
    (['never', 'access', 'refresh'] as const).find((each) => said.includes(each)) ?? 'write'
  const unit = textAt(document, 'durationUnit')
  const each = units.find(([name]) => name.test(unit))?.[1] ?? hour
  const count = Number(member(document, 'evictionPeriod') ?? 1)
  const period = policy === 'never' ? Number.POSITIVE_INFINITY : Math.max(1, count || 1) * each
  return { period, policy }
}

async function loaderOf(realm: Realm, { script: id }: Cache): Promise<string> {
  const script = await findScript(realm, id)
  if (script?.language !== 'JAVASCRIPT')
    throw new CallRefused('the cache has no script that loads it')
  return script.source
}
