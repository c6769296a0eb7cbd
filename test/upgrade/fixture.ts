/** Data directories that servers of earlier commits wrote, and what their clients and users had then. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { JsonObject } from '../../src/base/json.ts'
import { random } from '../../src/base/random.ts'
import { endpoints } from '../../src/endpoint/index.ts'
import { router } from '../../src/endpoint/serve/route.ts'
import type { Realm } from '../../src/realm/realm.ts'
import { realms as openRealms } from '../../src/realm/realms.ts'
import { openStores } from '../../src/store/index.ts'
import { subkeys } from '../../src/store/key.ts'
import { type EndUser, findByUsername } from '../../src/user/end-user.ts'
import { origin, type World } from '../world.ts'

/** A browser that has got so far. */
export interface Halfway {
  readonly request_uri: string
  readonly cookies: Readonly<Record<string, string>>
}

/** A client of alpha and what it proves itself with. */
export interface KeptClient {
  readonly client_id: string
  readonly method: string
  readonly secret?: string
  /** Private. */
  readonly jwk?: Readonly<Record<string, string>>
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** All of it belongs to myClient and demo of alpha, unless it is said otherwise. */
export interface StoreFixture {
  /** Of the server that wrote it. */
  readonly commit: string
  readonly format: number
  /** The second in which it was stopped. */
  readonly at: number
  /** The data directory: gzip in base64. */
  readonly files: Readonly<Record<string, string>>
  readonly clients: readonly KeptClient[]
  readonly session: string
  readonly pushed: string
  /** Sent to log in. */
  readonly sentToLogin: Halfway
  /** Asked for consent: the form it was shown. */
  readonly asked: Halfway & { readonly fields: Readonly<Record<string, string>> }
  readonly code: string
  readonly tokens: Tokens
  /** Of bravo. */
  readonly bravo: Tokens
  /** The scope for which demo saved a consent. */
  readonly consented: string
  /** What no server takes a second time. */
  readonly spent: {
    readonly request_uri: string
    readonly code: string
    /** Of that code. */
    readonly tokens: Tokens
    readonly ended_session: string
    readonly revoked_token: string
    /** A form of `/par`. */
    readonly assertion: Readonly<Record<string, string>>
  }
}

const vectors = join(import.meta.dirname, '..', 'vectors')

/** Every fixture there is, by the commit that wrote it. */
export const fixtures: readonly StoreFixture[] = globSync('store-*.json', { cwd: vectors })
  .sort()
  .map((name) => JSON.parse(readFileSync(join(vectors, name), 'utf8')) as StoreFixture)

/** Where the fixture of a commit lies. */
export function fixtureFile(commit: string): string {
  return join(vectors, `store-${commit.slice(0, 7)}.json`)
}

/** Lays out a fixture's data directory. */
export function layOut({ files }: Pick<StoreFixture, 'files'>, data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  for (const [name, packed] of Object.entries(files)) {
    const bytes = gunzipSync(Buffer.from(packed, 'base64'))
    writeFileSync(join(data, name), bytes, { mode: 0o600 })
  }
}

/** Today's server on a data directory, with a clock that stands. */
export async function serverOn(
  data: string,
  at: number,
): Promise<World & { close(): Promise<void> }> {
  const clock = { now: at }
  const now = (): number => clock.now
  const stores = await openStores({ url: `sqlite:${data}`, now, random, writer: 'here' })
  const handleKeys = subkeys(stores.master, 'handles')
  const certificates = { asked: false, proxied: true, authorities: [] }
  const world = { ...stores, handleKeys, certificates, now, timeOfDay: now, random, fetch }
  const realms = openRealms(world)
  const realm = async (path = '/alpha'): Promise<Realm> => {
    const issuer = `${origin}/am/oauth2/realms/root${path === '/' ? '' : `/realms${path}`}`
    return (await realms.find({ path, url: `${origin}/am`, issuer })) as Realm
  }
  const route = router(endpoints, realms)
  return {
    clock,
    settings: stores.settings,
    records: stores.records,
    realms,
    serve: async (http) => route(http),
    demo: (await findByUsername(await realm(), 'demo')) as EndUser,
    realm,
    close: () => stores.close(),
  }
}

/** JSON of an answer that must have this status. */
export function bodyWith(
  { status, body }: { readonly status: number; readonly body: unknown },
  wanted = 200,
): JsonObject {
  if (status !== wanted) throw new Error(`${status}, not ${wanted}: ${String(body)}`)
  return JSON.parse(String(body)) as JsonObject
}
