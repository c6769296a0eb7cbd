/* What the server and the commands beside it open: the stores, and the realms in them. */
import { join } from 'node:path'
import { random } from './base/random.ts'
import { now } from './base/time.ts'
import type { TrustedTime } from './base/trusted-time.ts'
import { scriptedPeople } from './config/user/scripted.ts'
import { startBreachCounter } from './history/breaches/counter.ts'
import { type Recorder, startRecorder } from './history/recorder.ts'
import { type Mail, openMail } from './mail/mail.ts'
import type { Realms, RealmWorld } from './realm/realms.ts'
import { realms as openRealms } from './realm/realms.ts'
import { certificatesOf } from './server/client-certificates.ts'
import { scriptRules } from './server/script-settings.ts'
import type { Settings } from './server/settings.ts'
import type { StoresOptions } from './store/backend.ts'
import { openStores, type Stores, storeIn } from './store/index.ts'
import { subkeys } from './store/key.ts'

/** What a server makes of the clock; a command takes it as it is. */
const asItIs: Pick<TrustedTime, 'now' | 'timeOfDay' | 'sweepable'> = {
  now,
  timeOfDay: now,
  sweepable: now,
}

/** Opens the stores that the settings name. */
export async function storesOf(
  settings: Settings,
  { timeOfDay, sweepable } = asItIs,
): Promise<Stores> {
  try {
    return await openStores({ ...storesOptions(settings), now: timeOfDay, sweepable })
  } catch (error) {
    throw advised(error)
  }
}

/** What the system says where a directory is somebody else’s or read-only says no setting: that is added here. */
export function advised(error: unknown): unknown {
  const { code = '', message, syscall } = error as NodeJS.ErrnoException
  const isNowhere = code === 'ENOENT' && syscall === 'mkdir'
  if (!isNowhere && !['EACCES', 'EPERM', 'EROFS'].includes(code)) return error
  const needs = 'a store needs a directory that this user may read and write, in PARAPET_DATA'
  return new Error(`${message}: ${needs}`, { cause: error })
}

/** Where the settings want things kept. */
export function storesOptions(settings: Settings): StoresOptions {
  const { store, settingsStore, durability, data, key } = settings
  const url = store ?? storeIn(data)
  return { url, settingsUrl: settingsStore, durability, keyText: key, now, random, data }
}

/** What of all realms a test may want to be otherwise. */
export type Unlike = Pick<RealmWorld, 'getText' | 'hashCost' | 'mail'>

/** The realms in opened stores. */
export function realmsOf(...opened: Parameters<typeof worldOf>): Realms {
  return openRealms(worldOf(...opened))
}

/** What all realms in opened stores share. */
export function worldOf(
  stores: Stores,
  settings?: Settings,
  { now, timeOfDay }: Pick<TrustedTime, 'now' | 'timeOfDay'> = asItIs,
  { getText, hashCost, mail }: Unlike = {},
): RealmWorld {
  const handleKeys = subkeys(stores.master, 'handles')
  const certificates = settings && certificatesOf(settings)
  const scripts = settings && scriptRules(settings)
  const shared = { ...stores, handleKeys, certificates, getText, hashCost, mail }
  const own = { logNames: settings?.logNames, scripts, people: scriptedPeople }
  return { ...shared, ...own, now, timeOfDay, random, fetch }
}

/** How letters leave a server. A demo has a directory for them, where nothing else is said. */
export function mailOf(settings: Settings, demo: boolean): Mail {
  const { mailFrom: from, smtpUrl: server } = settings
  return openMail({ from, server, directory: outboxOf(settings, demo) })
}

/** Where letters are put down, if they are. */
export function outboxOf(
  { mailDirectory, smtpUrl, data }: Settings,
  demo: boolean,
): string | undefined {
  return mailDirectory ?? (demo && smtpUrl === undefined ? join(data, 'outbox') : undefined)
}

/** What keeps the history of a server's requests, as far as the settings want it, and counts what is only watched. */
export function keptHistory(
  { history, historyPerClient, historyPerRealm }: Settings,
  { records }: Pick<Stores, 'records'>,
  realms: Realms,
): readonly Recorder[] {
  const counter = startBreachCounter({ records, realms })
  if (history === 'off') return [counter]
  const limits = { client: historyPerClient, realm: historyPerRealm }
  return [counter, startRecorder({ records, realms, random }, limits)]
}
