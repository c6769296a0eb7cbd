/* What the server and the commands beside it open: the stores, and the realms in them. */
import { random } from './base/random.ts'
import { now } from './base/time.ts'
import type { Realms } from './realm/realms.ts'
import { realms as openRealms } from './realm/realms.ts'
import { certificatesOf } from './server/client-certificates.ts'
import type { Settings } from './server/settings.ts'
import { openStores, type Stores, type StoresOptions } from './store/index.ts'
import { subkeys } from './store/key.ts'

/** Opens the stores that the settings name. */
export function storesOf(settings: Settings): Promise<Stores> {
  return openStores(storesOptions(settings))
}

/** Where the settings want things kept. */
export function storesOptions({ store, data, key }: Settings): StoresOptions {
  return { url: store ?? `sqlite:${data}`, keyText: key, now, random }
}

/** The realms in opened stores. */
export function realmsOf(stores: Stores, settings?: Settings): Realms {
  const handleKeys = subkeys(stores.master, 'handles')
  const certificates = settings && certificatesOf(settings)
  return openRealms({ ...stores, handleKeys, certificates, now, random, fetch })
}
