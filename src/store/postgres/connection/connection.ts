/* One connection to one server. The driver is loaded here, and only where such a store is opened. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type postgres from 'postgres'
import { delay } from '../../../base/time.ts'
import type { Host, Place } from '../url.ts'
import { secured } from './tls.ts'

type Driver = typeof postgres

/** A row, its columns by name; all but text and bytes as PostgreSQL writes them. */
export type Row = Readonly<Record<string, unknown>>

/** What goes into a statement in place of `$1`, `$2`; arrays as `arrayOf` writes them. */
export type Value = string | number

/** A statement that is prepared once on each connection. */
export type Statement = TemplateStringsArray

/** A connection that is open, until it is not: it is never opened again. */
export interface Connection {
  readonly host: Host
  /** One statement, which is a transaction by itself. They are sent in the order in which they are asked, and run so. */
  ask(statement: Statement, ...values: readonly Value[]): Promise<readonly Row[]>
  /** Several statements in one text, without values. */
  run(text: string): Promise<void>
  readonly gone: boolean
  /** Whether the server gave up waiting for a standby, and answered as if it had not. */
  readonly unreplicated: boolean
  /** At once, whatever is under way. */
  drop(): void
  /** When all is answered. */
  end(): Promise<void>
}

/** Hears of notifications, and of the end of a connection. */
export interface Listener {
  readonly heard?: (payload: string) => void
  readonly closed?: () => void
}

/** Milliseconds until a server has taken a connection. */
const connectPatience = 1000

/**
 * Makes a statement of a text in which `$1`, `$2` stand in their order, each once. Given to the driver as
 * a template it keeps one trace for errors of each; of a plain text it would keep one for every error.
 */
export function statement(text: string): Statement {
  const parts = text.split(/\$\d+/)
  return Object.assign(parts, { raw: parts })
}

/** The text of an array: every item in quotation marks, so that none is NULL or two. */
export function arrayOf(items: readonly Value[]): string {
  return `{${items.map((item) => (typeof item === 'number' ? item : `"${item.replace(/["\\]/g, '\\$&')}"`)).join()}}`
}

/** @throws Error that says what to install where the driver is not there. */
export async function loadDriver(): Promise<Driver> {
  try {
    return (await import('postgres')).default
  } catch (cause) {
    throw new Error('a store by postgres: needs the package postgres: npm install postgres@3', {
      cause,
    })
  }
}

/** Opens a connection, without having said anything on it yet. */
export async function connectTo(
  driver: Driver,
  place: Place,
  host: Host,
  listener: Listener = {},
): Promise<Connection> {
  const socket = await socketTo(host, place.tls)
  const state = { gone: false, unreplicated: false }
  const gone = (): void => {
    if (state.gone) return
    state.gone = true
    socket.destroy()
    listener.closed?.()
  }
  const hooks = { onclose: gone, ...noticing(state), ...hearing(listener), ...handed(socket, host) }
  const sql = driver({ ...optionsFor(place, host), ...hooks })
  return {
    host,
    ask: (text, ...values) => sql(text, ...values).execute(),
    run: async (text) => void (await sql.unsafe(text)),
    get gone() {
      return state.gone
    },
    get unreplicated() {
      return state.unreplicated
    },
    drop() {
      gone()
      void sql.end({ timeout: 0 })
    },
    async end() {
      await sql.end({ timeout: 1 })
      gone()
    },
  }
}

/** A wait that an administrator cancelled: the commit stands there, and maybe nowhere else. */
function noticing(state: { unreplicated: boolean }): Pick<DriverOptions, 'onnotice'> {
  return {
    onnotice({ routine }) {
      if (routine === 'SyncRepWaitForLSN') state.unreplicated = true
    },
  }
}

/** The driver's own listening would be a connection of its own; its types do not name what it is told by. */
function hearing({ heard }: Listener): object {
  return { onnotify: (_: string, payload: string) => heard?.(payload) }
}

type DriverOptions = postgres.Options<Readonly<Record<string, postgres.PostgresType>>>

function optionsFor(place: Place, host: Host): DriverOptions {
  const { user, password, database, applicationName } = place
  return {
    host: isSocket(host) ? 'localhost' : host.name,
    port: host.port,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    // What there is of it is there already.
    ssl: false,
    connection: { application_name: applicationName },
    // One for all the time it lasts: what was said on it holds, and whoever wants another makes one.
    max: 1,
    idle_timeout: 0,
    max_lifetime: 0,
    connect_timeout: connectPatience / 1000,
    fetch_types: false,
    prepare: true,
    debug: false,
  }
}

/** A socket is the driver's once: it must not open a second one by itself. */
function handed(socket: Socket, { name, port }: Host): { readonly socket: () => Socket } {
  let taken = false
  return {
    socket() {
      if (taken) throw new Error(`the connection to ${name}:${port} was closed`)
      taken = true
      return socket
    },
  }
}

const isSocket = ({ name }: Host): boolean => name.startsWith('/')

/** A connection to a host, encrypted where it is to be. */
async function socketTo(host: Host, tls: Place['tls']): Promise<Socket> {
  const { name, port } = host
  const socket = isSocket(host) ? connect(`${name}/.s.PGSQL.${port}`) : connect(port, name)
  // The driver listens from its first statement on; until then an error would be nobody's.
  socket.on('error', () => undefined)
  const mode = isSocket(host) ? false : tls(host)
  const opened = (async () => {
    await once(socket, 'connect')
    socket.setNoDelay(true).setKeepAlive(true, 5000)
    return mode === false ? socket : secured(socket, name, mode)
  })()
  const silent = new Error(`${name}:${port} does not answer`)
  const late = delay(connectPatience, false).then(() => Promise.reject(silent))
  try {
    const made = await Promise.race([opened, late])
    // The driver says of a failure where the socket leads, by these names, and asks nobody else.
    return Object.assign(made, { host: name, port }).on('error', () => undefined)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    late.catch(() => undefined)
  }
}
