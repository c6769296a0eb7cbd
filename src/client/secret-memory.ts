import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { sourceOf } from '../base/throttle.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'
import { canBeSecret, isChosen, liveSecrets } from './secret.ts'

/** What a process remembers of a client's chosen secrets, so that each is compared slowly only once. */
export interface Remembered {
  /** HMACs of at most two that were verified. */
  readonly marks: readonly Buffer[]
  /** Addresses from which they came. */
  readonly sources: Set<string>
}

interface Memory {
  /** Made anew in each process and kept nowhere: what is remembered is worth nothing elsewhere. */
  readonly key: KeyObject
  /** By realm, client and version of its registration. */
  readonly verified: Lru<Remembered>
}

const memories = new WeakMap<Store, Memory>()

/** The addresses of a client that are kept; the one seen first is forgotten first. */
const mostSources = 64

/** What is remembered of this secret; undefined when it has to be compared. */
export function rememberedSecret(
  realm: Realm,
  client: Client,
  secret: string,
): Remembered | undefined {
  if (!canBeSecret(secret) || !client.secrets.some(isChosen)) return undefined
  const { key, verified } = memoryOf(realm)
  const remembered = verified.get(slotOf(realm, client))
  if (remembered === undefined) return undefined
  const mark = createHmac('sha256', key).update(secret).digest()
  return remembered.marks.some((each) => timingSafeEqual(each, mark)) ? remembered : undefined
}

/** Remembers a secret that was verified, and from where it came. */
export function rememberSecret(realm: Realm, client: Client, secret: string, peer: string): void {
  const { key, verified } = memoryOf(realm)
  const slot = slotOf(realm, client)
  const mark = createHmac('sha256', key).update(secret).digest()
  const before = verified.get(slot)
  const remembered: Remembered = {
    marks: [mark, ...(before?.marks ?? [])].slice(0, 2),
    sources: before?.sources ?? new Set(),
  }
  noteSource(remembered, peer)
  verified.set(slot, remembered)
}

/** Remembers where a secret came from. */
export function noteSource({ sources }: Remembered, peer: string): void {
  sources.add(peer)
  if (sources.size <= mostSources) return
  for (const first of sources) {
    sources.delete(first)
    return
  }
}

/** Whether the client has proven itself from there since its registration last changed. */
export function isKnownSource(realm: Realm, client: Client, peer: string): boolean {
  const sources = memoryOf(realm).verified.get(slotOf(realm, client))?.sources
  if (sources === undefined || sources.has(peer)) return sources !== undefined
  const source = sourceOf(peer)
  for (const each of sources) if (sourceOf(each) === source) return true
  return false
}

/** What is remembered of an older secret ends with it, and with the client (C-37). */
function slotOf(realm: Realm, client: Client): string {
  const { client_id, incarnation, version } = client
  return `${realm.path} ${client_id} ${incarnation} ${version} ${liveSecrets(realm, client).length}`
}

function memoryOf(realm: Realm): Memory {
  let memory = memories.get(realm.settings)
  if (memory === undefined) {
    memory = { key: createSecretKey(realm.random(32)), verified: lru(10_000) }
    memories.set(realm.settings, memory)
  }
  return memory
}
