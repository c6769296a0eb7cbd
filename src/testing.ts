/**
 * `parapet/testing`: an authorization server inside somebody's test, in memory, on a free port of this
 * machine. What it serves is a document as `parapet apply` reads it; what else a test wants of it (the
 * time, faults, a person who is logged in, what became of its pushes) it asks of the value it gets.
 * The server itself is loaded once Node is known to be able to: an older one would only name something
 * it lacks.
 */
/// <reference types="node" preserve="true" />
import type { JsonObject } from './base/json.ts'
import { tooOld } from './node-version.ts'
import type { Variables } from './testing/document.ts'
import type { Fault } from './testing/faults.ts'
import type { Push } from './testing/history.ts'

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
  const old = tooOld(process.versions.node)
  if (old !== undefined) throw new Error(old)
  const { startInTest } = await import('./start-in-test.ts')
  return startInTest(options)
}
