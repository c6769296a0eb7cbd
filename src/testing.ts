/**
 * `parapet/testing`: an authorization server inside somebody's test, in memory, on a free port of this
 * machine. What it serves is a document as `parapet apply` reads it; what else a test wants of it (the
 * time, faults, a person who is logged in, what became of its pushes) it asks of the value it gets.
 */
import { base64url } from './base/bytes.ts'
import { getText } from './base/fetch/get-text.ts'
import type { JsonObject } from './base/json.ts'
import { random } from './base/random.ts'
import { realmOfQuery } from './realm/locate.ts'
import { fullPath } from './realm/realms.ts'
import { readServerSettings, type Settings } from './server/settings.ts'
import { createSession } from './session/session.ts'
import { type Running, type Surroundings, start } from './start.ts'
import { emptyStore } from './store/index.ts'
import { within } from './testing/call.ts'
import { type TestClock, testClock } from './testing/clock.ts'
import { fill, firstRealm, handIn, partOf, type Variables } from './testing/document.ts'
import type { Fault, Faults } from './testing/faults.ts'
import { faultsOf } from './testing/faults.ts'
import type { History, Push } from './testing/history.ts'
import { historyOf } from './testing/history.ts'
import { findByUsername } from './user/end-user.ts'

export type { Fault } from './testing/faults.ts'
export type { Decision, Push } from './testing/history.ts'

/** How a server begins. */
export interface ParapetOptions {
  /**
   * What it serves, as `parapet apply` reads it: `{ realms: [{ path, provider, clients, users }] }`, each
   * object in the JSON of PingAM; or the path of a file that says so, in JSON or YAML. The realms `/`,
   * `/alpha` and `/bravo` are always there.
   */
  readonly config?: JsonObject | string
  /** What `${env:NAME}` in it stands for: `process.env`, say. */
  readonly env?: Variables
  /** Seconds since 1970 at which its clock stands until the test moves it. Without it the clock goes as the machine's does. */
  readonly clock?: number
  /**
   * Private keys of all its realms, as JWKs with `kid`, `use` and `alg`. Without them each is made when
   * somebody asks for it first: an RSA key costs some 50 ms and more.
   */
  readonly keys?: readonly JsonObject[]
  /** Password of `amadmin`, who may do everything by REST; without it, one that nobody knows: `logIn('amadmin', '/')`. */
  readonly adminPassword?: string
  /** Where it listens; without it, at a port that is free. */
  readonly port?: number
}

/** Somebody who is logged in. */
export interface LoggedIn {
  /** What the browser has to hold, as Playwright's `context.addCookies([cookie])` takes it. */
  readonly cookie: { readonly name: string; readonly value: string; readonly url: string }
  /** The same as a header of `fetch`: `headers: { cookie: header }`. */
  readonly header: string
}

/** A server that runs in this process. */
export interface Parapet {
  /** `http://localhost:34567` */
  readonly origin: string
  /** The issuer of a realm, where discovery begins: of `/alpha`, or of the first realm of `config`. */
  issuer(realm?: string): string
  readonly clock: {
    /** The server's time, in seconds since 1970. */
    now(): number
    /** Moves it on: by a lifetime, say, to see what is expired then. */
    forward(seconds: number): void
  }
  /** What was pushed so far, in order, and what became of each: who decided what, and what was issued. */
  pushes(): readonly Push[]
  /** A session of a user, without a page and without a password. */
  logIn(username: string, realm?: string): Promise<LoggedIn>
  /**
   * Lets the next requests fail that come to where the fault lies, so many of them (one, if it is not
   * said); of these, only those whose path ends as said, such as `/access_token`. What is returned ends it.
   *
   * - `store`: nothing can be read or written: 503 `temporarily_unavailable`, with `Retry-After`
   * - `server_error`: a bug, where the store is asked: 500 `server_error`
   * - `jwks_uri`: a client's keys cannot be got: `invalid_client`, unless those from before still do
   * - `request_uri`: a request object cannot be got: `invalid_request_uri`
   * - `answer`: all is done, and the answer is lost: the connection stays open and silent
   */
  fail(fault: Fault, times?: number, path?: string): () => void
  /** Closes every connection and forgets everything. */
  stop(): Promise<void>
}

/**
 * Starts a server in memory and resolves once it answers.
 *
 * ```js
 * const parapet = await startParapet({ config })
 * // … discovery at parapet.issuer('/alpha') …
 * await parapet.stop()
 * ```
 *
 * @throws Error that names every place of `config` with which something is wrong.
 */
export async function startParapet(options: ParapetOptions = {}): Promise<Parapet> {
  const part = await partOf(options.config ?? {})
  const clock = testClock(options.clock)
  const faults = faultsOf()
  const history = historyOf(clock.wall)
  const running = await start(settingsOf(options), false, surroundings(clock, faults, history))
  try {
    await fill(running.world, part, options.env ?? {})
    await handIn(running.world, options.keys ?? [])
  } catch (error) {
    await running.stop(0)
    throw error
  }
  const first = firstRealm(part) ?? '/alpha'
  const { origin } = running
  let stopped: Promise<void> | undefined
  return {
    origin,
    issuer: (realm = first) => `${origin}/am/oauth2${fullPath(pathOf(realm))}`,
    clock: { now: clock.wall, forward: (seconds) => clock.forward(seconds) },
    pushes: () => history.pushes(),
    logIn: (username, realm = first) => logIn(running, username, pathOf(realm)),
    fail: (fault, times = 1, path = '') => faults.fail(fault, times, path),
    stop() {
      stopped ??= running.stop(0)
      return stopped
    },
  }
}

/** The machine as the test has it, and the places where it looks on. */
function surroundings(clock: TestClock, faults: Faults, history: History): Partial<Surroundings> {
  return {
    wall: clock.wall,
    counted: clock.counted,
    hashCost: cheap,
    // What a test publishes is on this machine, where no other server may be asked.
    getText: faults.getText((url, limits) => getText(url, { ...limits, privateAddresses: true })),
    stores: (opened) => ({
      ...opened,
      settings: faults.store(opened.settings),
      records: history.records(faults.store(opened.records)),
    }),
    serve: (serve) => (http) => {
      const call = { http, failing: new Set<string>() }
      return within(call, async () => {
        const response = await serve(http)
        history.answered(call, response)
        return faults.answer(response)
      })
    },
  }
}

/** Nobody has to be kept from guessing what stands in a test. */
const cheap = { memoryCost: 8, timeCost: 1 }

function settingsOf({ adminPassword, port = 0 }: ParapetOptions): Settings {
  const { settings, problems } = readServerSettings({
    HOST: '127.0.0.1',
    PORT: String(port),
    PARAPET_STORE: emptyStore,
    PARAPET_ADMIN_PASSWORD: adminPassword ?? base64url(random(15)),
  })
  if (settings === undefined) throw new Error(problems.join('\n'))
  return settings
}

function pathOf(realm: string): string {
  const path = realmOfQuery(realm)
  if (path === undefined) throw new Error(`${realm} is no path of a realm, such as /alpha`)
  return path
}

async function logIn(
  { origin, realms }: Running,
  username: string,
  path: string,
): Promise<LoggedIn> {
  const realm = await realms.find({ path, url: `${origin}/am`, issuer: '' })
  if (realm === undefined) throw new Error(`there is no realm ${path}`)
  const user = await findByUsername(realm, username)
  if (user?.status !== 'Active') throw new Error(`${path} has no active user ${username}`)
  const { token } = await createSession(realm, user, realm.provider.defaultJourney)
  const name = realm.provider.cookieName
  return { cookie: { name, value: token, url: origin }, header: `${name}=${token}` }
}
