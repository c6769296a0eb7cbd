import { createHmac, createSecretKey, type KeyObject, randomUUID } from 'node:crypto'
import { getText } from '../src/base/fetch/get-text.ts'
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import { random } from '../src/base/random.ts'
import { newTrace } from '../src/base/trace.ts'
import { profiles } from '../src/protocol/profile.ts'
import { readSettings } from '../src/protocol/setting.ts'
import { authenticationSettings } from '../src/realm/authentication/setting.ts'
import type { OAuth2Provider } from '../src/realm/oauth2-provider.ts'
import { oauth2Provider } from '../src/realm/oauth2-provider.ts'
import type { Realm } from '../src/realm/realm.ts'
import { realmKey } from '../src/realm/realm.ts'
import { memoryStore } from '../src/store/memory/memory.ts'
import { never } from '../src/store/store.ts'
import { insertEndUser } from '../src/user/account/account.ts'
import type { EndUser } from '../src/user/end-user.ts'
import { hashed, withHashed } from './hashed.ts'

/** A realm with users and a clock that stands still until it is set. */
export interface People {
  readonly alpha: Realm
  readonly root: Realm
  /** `demo` / `Ch4ng31t` in alpha. */
  readonly demo: EndUser
  /** `amadmin` / `secret admin` in root. */
  readonly admin: EndUser
  readonly clock: { now: number }
}

export const start = 1_800_000_000

export async function people(settings: Partial<OAuth2Provider> = {}): Promise<People> {
  const clock = { now: start }
  const now = () => clock.now
  const shelves = { records: memoryStore(now), settings: memoryStore(now) }
  const handleKeys = [{ version: 1, key: createSecretKey(Buffer.alloc(32, 7)) }]
  const provider = { ...readSettings(oauth2Provider, {}).values, ...settings }
  const realm = (path: string): Realm => ({
    path,
    active: true,
    identity: path,
    issuer: `http://localhost:8080/am/oauth2${path === '/' ? '' : path}`,
    url: 'http://localhost:8080/am',
    provider,
    authentication: readSettings(authenticationSettings, {}).values,
    profile: profiles.ping,
    version: 1,
    unserved: [],
    detailsTypes: new Map(),
    journeys: new Map(),
    cors: [],
    keys: {
      names: new Set(),
      signing: [],
      verifying: [],
      decrypting: [],
      published: [],
      secrets: [],
    },
    handleKeys,
    secret: (purpose) => secretOf(purpose, path),
    secrets: (purpose) => [secretOf(purpose, path)],
    ...shelves,
    certificates: { asked: false, proxied: false, authorities: [] },
    accepted: 0,
    now,
    timeOfDay: now,
    random,
    fetch,
    getText,
    root: () => realm('/'),
  })
  const alpha = realm('/alpha')
  const root = realm('/')
  for (const { path } of [alpha, root]) {
    const record = { path, aliases: [], document: {} }
    await shelves.settings.insert(realmKey(path), Buffer.from(JSON.stringify(record)), never)
  }
  const attributes = {
    name: 'Demo User',
    given_name: 'Demo',
    family_name: 'User',
    zoneinfo: 'Europe/Berlin',
    email: 'demo@example.com',
    email_verified: true,
    phone_number: '+49 30 123456',
    phone_number_verified: false,
    address: { street_address: 'Weg 1', locality: 'Berlin' },
    nickname: '',
  }
  const hash = hashed()
  const demo = await withHashed(hash, alpha, {
    username: 'demo',
    password: 'Ch4ng31t',
    attributes,
  })
  const administrator = { username: 'amadmin', password: 'secret admin', roles: ['admin'] }
  const admin = await withHashed(hash, root, administrator)
  return { alpha, root, demo: demo as EndUser, admin: admin as EndUser, clock }
}

/** What a request is made of where a test says nothing else. */
export function request(
  method: string,
  pathAndQuery: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
  more: Partial<HttpRequest> = {},
): HttpRequest {
  const [path = '', query = ''] = pathAndQuery.split('?', 2)
  return {
    method,
    path,
    query,
    headers,
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body as string),
    origin: 'http://localhost:8080',
    peer: '127.0.0.1',
    trace: newTrace({ method, peer: '127.0.0.1' }),
    rest: '',
    ...more,
  }
}

/** The cookies an answer sets, by name; with all their attributes. */
export function setCookies(response: HttpResponse): ReadonlyMap<string, string> {
  const lines = [response.headers['set-cookie'] ?? []].flat()
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line]))
}

/** The value of a cookie an answer sets. */
export function cookieValue(response: HttpResponse, name: string): string | undefined {
  return /=([^;]*)/.exec(setCookies(response).get(name) ?? '')?.[1]
}

function secretOf(purpose: string, path: string): KeyObject {
  return createSecretKey(createHmac('sha256', 'test').update(`${purpose} ${path}`).digest())
}

/** One more account like `demo`, without the time a password takes. */
export async function oneMore({ alpha, demo }: People): Promise<EndUser> {
  const sub = randomUUID()
  const user: EndUser = { ...demo, sub, username: sub.slice(0, 8) }
  if ((await insertEndUser(alpha, user)) !== 'won') throw new Error('not made')
  return user
}
