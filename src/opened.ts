/* What the server and the commands beside it open: the stores, and the realms in them. */
import type { GetText } from './base/fetch/get-text.ts'
import { random } from './base/random.ts'
import { now } from './base/time.ts'
import type { TrustedTime } from './base/trusted-time.ts'
import type { Realms } from './realm/realms.ts'
import { realms as openRealms } from './realm/realms.ts'
import { certificatesOf } from './server/client-certificates.ts'
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
export function storesOf(settings: Settings, { timeOfDay, sweepable } = asItIs): Promise<Stores> {
  return openStores({ ...storesOptions(settings), now: timeOfDay, sweepable })
}

/** Where the settings want things kept. */
export function storesOptions({ store, data, key }: Settings): StoresOptions {
  return { url: store ?? storeIn(data), keyText: key, now, random }
}

/** The realms in opened stores; `getText`, where what clients publish is got in another way. */
export function realmsOf(
  stores: Stores,
  settings?: Settings,
  { now, timeOfDay }: Pick<TrustedTime, 'now' | 'timeOfDay'> = asItIs,
  getText?: GetText,
): Realms {
  const handleKeys = subkeys(stores.master, 'handles')
  const certificates = settings && certificatesOf(settings)
  const shared = { ...stores, handleKeys, certificates, now, timeOfDay, random, fetch, getText }
  return openRealms(shared)
}
