import type { Store } from '../store.ts'
import { update } from '../update.ts'

const acceptedKey = 'accepted-store'

/** The second in which an operator accepted the store, 0 if none ever did: what was issued before is void. */
export async function acceptedIn(settings: Store): Promise<number> {
  const stored = await settings.get(acceptedKey)
  if (stored === undefined) return 0
  return (JSON.parse(stored.value.toString()) as { readonly time: number }).time
}

export async function writeAccepted(settings: Store, time: number): Promise<void> {
  const value = Buffer.from(JSON.stringify({ time }))
  await update(settings, acceptedKey, 'the time of acceptance', () => value)
}
