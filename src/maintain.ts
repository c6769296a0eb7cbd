/* What an operator does to a store by a command, beside the servers on it or without any. */
import { event, quietly } from './base/log.ts'
import { random } from './base/random.ts'
import { now } from './base/time.ts'
import type { Configured } from './config/document/at-start.ts'
import { setOrTell } from './config/document/at-start.ts'
import { worldOver } from './config/document/step.ts'
import { removeDemo } from './demo/populate.ts'
import { ensureRealms } from './first-realms.ts'
import { realmsOf, storesOf, storesOptions, worldOf } from './opened.ts'
import type { Replaced, Replacement } from './realm/key/rotation.ts'
import { replaceKeys } from './realm/key/rotation.ts'
import type { RealmWorld } from './realm/realms.ts'
import { realms as openRealms } from './realm/realms.ts'
import { storeProblems } from './servable.ts'
import { startAudit } from './server/observe/audit.ts'
import { besideRealms, type Settings } from './server/settings.ts'
import { acceptStores } from './store/accept.ts'
import type { StoresOptions } from './store/backend.ts'
import { examine } from './store/doctor/doctor.ts'
import type { Finding } from './store/doctor/finding.ts'
import { emptyStore, type Stores, shownUrl, storeIsThere } from './store/index.ts'
import { acceptTime as putAcceptedTime } from './store/kept-time.ts'
import { abandon } from './store/migrate/abandon.ts'
import { type Migrated, migrate } from './store/migrate/migrate.ts'
import type { Migration } from './store/migrate/migration.ts'
import { openEnds } from './store/migrate/open.ts'
import { reasonFor } from './store/reason-for.ts'
import type { KeyUse } from './store/sealing/reseal.ts'
import { resealStores } from './store/sealing/reseal.ts'

/** Takes the demo's user and clients out of the store; tells what was removed. */
export async function forgetDemo(settings: Settings): Promise<readonly string[]> {
  return withStores(settings, (stores) => removeDemo(stores.settings, realmsOf(stores)))
}

/** Makes new keys for one realm, or for all; servers on this store take them up. Tells the realms. */
export async function rotateKeys(
  settings: Settings,
  path: string | undefined,
  replacement: Replacement,
): Promise<readonly Replaced[]> {
  const times = { past: now(), now: now() }
  return withStores(settings, (stores) => replaceKeys(stores.settings, times, path, replacement))
}

/** Seals anew what older keys have sealed, and tells what each key seals then. */
export async function resealStore(settings: Settings): Promise<readonly KeyUse[]> {
  await requireStore(settings)
  return resealStores(storesOptions(settings))
}

/** Lets a store be served that lost something, or comes from a backup; tells what became of it. */
export async function acceptStore(
  settings: Settings,
  keepRecords: boolean,
): Promise<readonly string[]> {
  await requireStore(settings)
  return audited(settings, async () => acceptStores(storesOptions(settings), keepRecords))
}

/** Copies a store into another one, and makes that one the one that is served. */
export async function migrateStore(
  settings: Settings,
  places: Places,
  asked: Pick<Migration, 'tell' | 'stopped'>,
): Promise<Migrated> {
  return audited(settings, async () => {
    const { moves, holder, close, settle } = await openEnds(...(await endsOf(settings, places)))
    try {
      const migrated = await migrate({ ...asked, moves, holder, settle, now, random })
      const [from, to] = [shownUrl(places.from.url), shownUrl(places.to.url)]
      const { settings, records } = migrated.counts
      if (migrated.switched) event('store.moved', { from, to, settings, records }, 'warn')
      return migrated
    } finally {
      await close()
    }
  })
}

/** Tries on a store what servers rely on, in a folder of keys of its own. */
export async function examineStore(
  { durability }: Settings,
  url: string,
): Promise<readonly Finding[]> {
  return examine({ url, durability, now, random })
}

/** Gives up a migration that was not finished. */
export async function abandonMigration(settings: Settings, places: Places): Promise<void> {
  await abandon(...(await endsOf(settings, places)))
}

type Place = Pick<StoresOptions, 'url' | 'settingsUrl'>

interface Places {
  readonly from: Place
  readonly to: Place
}

/** How both ends are opened, whatever the servers ask of them. */
async function endsOf(
  settings: Settings,
  { from, to }: Places,
): Promise<[from: StoresOptions, to: StoresOptions]> {
  if (!(await storeIsThere(from))) throw new Error(`there is no store at ${shownUrl(from.url)}`)
  const shared = { ...storesOptions(settings), durability: undefined, writer: 'here' } as const
  return [
    { ...shared, ...from },
    { ...shared, ...to },
  ]
}

/** Says for the servers on this store that the wall clock is right; see `base/trusted-time.ts`. Tells the time. */
export async function acceptTime(settings: Settings, wall = now): Promise<number> {
  const time = wall()
  await withStores(settings, (stores) => putAcceptedTime(stores.records, time))
  return time
}

/** What would keep a server with these settings from being served, that they do not show. Makes nothing. */
export async function startProblems(
  settings: Settings,
  configured?: Configured,
): Promise<readonly string[]> {
  try {
    return await withRealms(settings, 'pretend', async (world) => {
      const wrong = configured && (await setOrTell(world, configured, besideRealms))
      if (wrong !== undefined && wrong.length > 0) return wrong
      return storeProblems(settings, false, world.settings, openRealms(world))
    })
  } catch (error) {
    return [reasonFor(error)]
  }
}

/**
 * Opens a store's realms for a command. Where there is no store, one is made, or it is refused; to
 * `pretend` is to write to nothing, whether there is one or not.
 */
export async function withRealms<T>(
  settings: Settings,
  how: 'make' | 'pretend' | 'refuse',
  use: (world: RealmWorld) => Promise<T>,
): Promise<T> {
  const there = await storeIsThere(storesOptions(settings))
  if (how === 'refuse') await requireStore(settings)
  const opened =
    there || how === 'make'
      ? settings
      : { ...settings, store: emptyStore, settingsStore: undefined, durability: undefined }
  return using(opened, async (stores) => {
    const below = worldOf(stores, settings)
    if (how === 'refuse') return use(below)
    const world = how === 'make' ? below : worldOver(below).over
    await ensureRealms(world.settings)
    return how === 'make' ? use(world) : quietly(() => use(world))
  })
}

/** For a store that must be there: a slip in its name must not make another one. */
async function withStores<T>(settings: Settings, use: (stores: Stores) => Promise<T>): Promise<T> {
  await requireStore(settings)
  return using(settings, use)
}

async function using<T>(settings: Settings, use: (stores: Stores) => Promise<T>): Promise<T> {
  return audited(settings, async () => {
    const stores = await storesOf(settings)
    try {
      return await use(stores)
    } finally {
      await stores.close()
    }
  })
}

/** Standard output is the command's own: there no lines of the audit log stand between. */
async function audited<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  const { auditLog, auditStrict } = settings
  const audit = startAudit({ auditLog: auditLog === '-' ? undefined : auditLog, auditStrict })
  try {
    return await work()
  } finally {
    await audit.end()
  }
}

async function requireStore(settings: Settings): Promise<void> {
  const options = storesOptions(settings)
  if (!(await storeIsThere(options)))
    throw new Error(
      `there is no store at ${shownUrl(options.url)}: look at PARAPET_DATA and PARAPET_STORE`,
    )
}
