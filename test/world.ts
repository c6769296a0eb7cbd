import { createSecretKey } from 'node:crypto'
import type { HashCost } from '../src/base/argon2.ts'
import { encodeForm } from '../src/base/form.ts'
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import type { JsonObject } from '../src/base/json.ts'
import { random } from '../src/base/random.ts'
import type { Clock } from '../src/base/time.ts'
import { traceOf } from '../src/base/trace.ts'
import type { TrustedTime } from '../src/base/trusted-time.ts'
import { saveClient } from '../src/client/registration.ts'
import { scriptedPeople } from '../src/config/user/scripted.ts'
import { demoClients, demoUser } from '../src/demo/seed.ts'
import { endpoints } from '../src/endpoint/index.ts'
import { router } from '../src/endpoint/serve/route.ts'
import type { Mail } from '../src/mail/mail.ts'
import type { ClientCertificates, Realm } from '../src/realm/realm.ts'
import type { Realms } from '../src/realm/realms.ts'
import { createRealm, realms as openRealms } from '../src/realm/realms.ts'
import { memoryStore } from '../src/store/memory/memory.ts'
import type { Store } from '../src/store/store.ts'
import type { EndUser } from '../src/user/end-user.ts'
import { type Hashed, hashed, withHashed } from './hashed.ts'
import { giveKeys } from './realm-keys.ts'

/** A whole server in memory: the demo's realms, user and clients, and a clock that is set by hand. */
export interface World {
  readonly clock: { now: number }
  readonly settings: Store
  readonly records: Store
  readonly realms: Realms
  readonly serve: (http: HttpRequest) => Promise<HttpResponse>
  readonly demo: EndUser
  realm(path?: string): Promise<Realm>
}

export const origin = 'http://localhost:8080'
export const base = `${origin}/am/oauth2/realms/root/realms/alpha`
export const callback = 'https://www.example.com:443/callback'
/** RFC 7636 appendix B. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const start = 1_800_000_000

/** Documents that set the realms of a test apart; each in AM's sections. */
export interface WorldOptions {
  readonly alpha?: JsonObject
  readonly bravo?: JsonObject
  /** How letters leave; absent: they do not. */
  readonly mail?: Mail
  /** Puts something between the server and its records, or its settings. */
  readonly records?: (store: Store) => Store
  readonly settings?: (store: Store) => Store
  readonly certificates?: ClientCertificates | undefined
  /** The second in which an operator accepted a store that had lost something; absent: never. */
  readonly accepted?: number
  /** What a hash costs, of fixtures and of what the server hashes; absent: the usual. */
  readonly hashCost?: HashCost
  /** What the server makes of the clock; everything it believes if it is not said. */
  readonly time?: (wall: Clock) => Times
}

type Times = Pick<TrustedTime, 'now' | 'timeOfDay' | 'sweepable'>

/** As if the clock never jumped. */
function oneClock(clock: { readonly now: number }): Times {
  const now = (): number => clock.now
  return { now, timeOfDay: now, sweepable: now }
}

export async function world(options: WorldOptions = {}): Promise<World> {
  const clock = { now: start }
  const { now, timeOfDay, sweepable } = options.time?.(() => clock.now) ?? oneClock(clock)
  const asItIs = (store: Store): Store => store
  const settings = (options.settings ?? asItIs)(memoryStore(timeOfDay, sweepable))
  const records = (options.records ?? asItIs)(memoryStore(timeOfDay, sweepable))
  const handleKeys = [{ version: 1, key: createSecretKey(Buffer.alloc(32, 7)) }]
  const { certificates, accepted = 0, mail, hashCost } = options
  const people = scriptedPeople
  const given = { settings, records, handleKeys, certificates, accepted, people, mail, hashCost }
  const realms = openRealms({ ...given, now, timeOfDay, random, fetch })
  const realm = async (path = '/alpha'): Promise<Realm> => {
    const issuer = `${origin}/am/oauth2${path === '/' ? '' : `/realms/root/realms${path}`}`
    return (await realms.find({ path, url: `${origin}/am`, issuer })) as Realm
  }
  const documents = {
    '/': {},
    '/alpha': options.alpha ?? {},
    '/bravo': options.bravo ?? { advancedOAuth2Config: { codeVerifierEnforced: 'false' } },
  }
  for (const [path, document] of Object.entries(documents)) {
    await giveKeys(settings, path)
    await createRealm(settings, { path, aliases: [], document })
  }
  let demo: EndUser | undefined
  const route = router(endpoints, realms)
  const hash = hashed(hashCost)
  for (const path of ['/bravo', '/alpha']) demo = await populate(await realm(path), hash)
  const serve = async (http: HttpRequest): Promise<HttpResponse> => route(http)
  return { clock, settings, records, realms, serve, demo: demo as EndUser, realm }
}

async function populate(realm: Realm, hash: Hashed): Promise<EndUser> {
  for (const { client_id, client_secret, document } of demoClients(origin)) {
    const whose = `client ${client_id} of ${realm.path}`
    const secrets = client_secret === undefined ? [] : [{ hash: await hash(whose, client_secret) }]
    await saveClient(realm, { client_id, document, secrets })
  }
  return (await withHashed(hash, realm, demoUser)) as EndUser
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  /** A form: pairs, or raw text. */
  readonly form?: Readonly<Record<string, string>> | string
  readonly body?: string | Uint8Array
  readonly cookie?: string
}

/** One request as the adapter would hand it in. `target` is a path with query, or a URL of `origin`. */
export function requestOf(method: string, target: string, sent: Sent = {}): HttpRequest {
  const url = target.startsWith(origin) ? target.slice(origin.length) : target
  const mark = url.indexOf('?')
  const headers: Record<string, string> = { host: 'localhost:8080' }
  let body: Uint8Array = Buffer.from(sent.body ?? '')
  if (sent.form !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    body = Buffer.from(
      typeof sent.form === 'string' ? sent.form : encodeForm(Object.entries(sent.form)),
    )
  }
  if (sent.cookie !== undefined) headers.cookie = sent.cookie
  Object.assign(headers, sent.headers)
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1).replace(/#.*$/s, ''),
    headers,
    rawHeaders: Object.entries(headers).flat(),
    body,
    ...{ origin, peer: '127.0.0.1', rest: '' },
    trace: traceOf(method, '127.0.0.1', headers),
  }
}

/** Basic credentials, form-encoded as RFC 6749 §2.3.1 has it. */
export function basic(id = 'myClient', secret = 'mySecret'): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

/** The JSON of an answer. */
export function bodyOf(response: HttpResponse): Record<string, unknown> {
  return JSON.parse(String(response.body)) as Record<string, unknown>
}

/** A good push of myClient, to be varied: an undefined value leaves a parameter out. */
export function pushForm(
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const form: Record<string, string | undefined> = {
    response_type: 'code',
    redirect_uri: callback,
    scope: 'write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
  return Object.fromEntries(
    Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}

/** Pushes as myClient by Basic, or as the `client_id` given without proof. */
export function push(
  w: World,
  form: Readonly<Record<string, string>> | string,
  realmBase = base,
): Promise<HttpResponse> {
  const isPublic = typeof form !== 'string' && form.client_id === 'myPublicClient'
  return w.serve(
    requestOf('POST', `${realmBase}/par`, {
      form,
      headers: isPublic ? {} : { authorization: basic() },
    }),
  )
}

/** Pushes and gives the request_uri; fails when there is none. */
export async function pushed(
  w: World,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const response = await push(w, pushForm(changes))
  if (response.status !== 201) throw new Error(`not pushed: ${String(response.body)}`)
  return bodyOf(response).request_uri as string
}
