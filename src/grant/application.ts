import { event, reasonOf } from '../base/log.ts'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { lost, untilDecided } from '../store/update.ts'
import type { Grant } from './record.ts'
import { hasUser } from './record.ts'

/**
 * What a user let an application do, for lists: `grant/<realm>/<sub>/<client_id>` in the records shelf.
 * A hint, written where tokens are issued to it and never by a push. The grants themselves are the truth:
 * nothing is decided or ended by this.
 */
export interface Application {
  /** All that its grants are for. */
  readonly scope: readonly string[]
  /** Seconds: when the first of them was made. */
  readonly since: number
  /** Seconds: when the last token of them ends, up to a minute earlier; `never` for one without an end. */
  readonly until: number
  /** A refresh token was issued: then it may go on after `until`. */
  readonly renewable: boolean
  /** For which client of that id, and where the user's counters stood, as in a grant. */
  readonly incarnation: string
  readonly epoch: number
}

/** Seconds by which `until` may be behind, so that hardly any token costs a write. */
const slack = 60

export function applicationFolder({ path }: Pick<Realm, 'path'>, sub: string): string {
  return `grant/${realmName(path)}/${encodeURIComponent(sub)}`
}

export function applicationKey(realm: Pick<Realm, 'path'>, sub: string, client_id: string): string {
  return `${applicationFolder(realm, sub)}/${encodeURIComponent(client_id)}`
}

/** The application an entry of the folder is about. */
export function applicationListed(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1))
}

/**
 * Notes what a grant lets its application do, before its tokens are handed out. Answers at once when that
 * has been noted; what cannot be written is missing in a list, and hinders nobody.
 */
export function noteApplication(realm: Realm, client: Client, grant: Grant): Ready<void> {
  if (!hasUser(grant)) return undefined
  const fresh = applicationOf(realm, client, grant)
  const key = applicationKey(realm, grant.sub, client.client_id)
  const known = notedOf(realm.records).get(key)
  if (known !== undefined && covers(known, fresh)) return undefined
  return write(realm, key, fresh).catch((error: unknown) => {
    const fields = { realm: realm.path, client_id: client.client_id, reason: reasonOf(error) }
    event('application.not_noted', fields, 'warn')
  })
}

function applicationOf(realm: Realm, { incarnation }: Client, grant: Grant): Application {
  const { refresh, tokens, scope, epoch } = grant
  const ends = [refresh?.by ?? 1, ...tokens.map((token) => token.by)]
  const until = refresh?.by === 0 ? never : Math.max(...ends)
  const renewable = refresh !== undefined
  return { scope, since: realm.now(), until, renewable, incarnation, epoch }
}

function isSame(known: Application, fresh: Application): boolean {
  return known.incarnation === fresh.incarnation && known.epoch === fresh.epoch
}

function covers(known: Application, fresh: Application): boolean {
  return (
    isSame(known, fresh) &&
    fresh.until <= known.until + slack &&
    (known.renewable || !fresh.renewable) &&
    fresh.scope.every((name) => known.scope.includes(name))
  )
}

/** Adds to what is noted of the same user, client and counters; anything older is over. */
async function write(realm: Realm, key: string, fresh: Application): Promise<void> {
  const { records } = realm
  const noted = await untilDecided('an application', async () => {
    const stored = await records.get(key)
    const before =
      stored === undefined ? undefined : (JSON.parse(stored.value.toString()) as Application)
    const next = before !== undefined && isSame(before, fresh) ? merged(before, fresh) : fresh
    const value = Buffer.from(JSON.stringify(next))
    const expiry = Math.min(next.until + slack, never)
    const outcome = await (stored === undefined
      ? records.insert(key, value, expiry)
      : records.replace(key, stored.version, value, expiry))
    return outcome === 'won' ? next : lost
  })
  notedOf(records).set(key, noted)
}

function merged(before: Application, fresh: Application): Application {
  return {
    ...fresh,
    scope: [...new Set([...before.scope, ...fresh.scope])],
    since: before.since,
    until: Math.max(before.until, fresh.until),
    renewable: before.renewable || fresh.renewable,
  }
}

/** Whether what was noted may still have a token that lives. */
export function mayLive({ until }: Application, now: number): boolean {
  return now < until + slack
}

/** What this process has seen noted, so that it need not look again. */
const notedOf = memo<Store, Lru<Application>>(() => lru(10_000))
