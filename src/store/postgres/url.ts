import type { ConnectionOptions } from 'node:tls'
import { reasonOf } from '../../base/log.ts'
import { mostOfSecret, readText } from '../../base/read-text.ts'

/** Where one server is. */
export interface Host {
  /** A name, an address, or the directory of a unix socket. */
  readonly name: string
  readonly port: number
}

/** What a URL says of a store. */
export interface Place {
  /** Those of which one is the primary. */
  readonly hosts: readonly Host[]
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  /** Where the tables are; made if it is not there. */
  readonly schema: string
  /** By which name its connections are listed at the server. */
  readonly applicationName: string
  /** What the driver is given for TLS to a host; false: none. */
  readonly tls: (host: Host) => false | TlsMode | ConnectionOptions
}

/** How much TLS there has to be, in libpq's words; with the first three nobody looks whose certificate it is. */
export type TlsMode = (typeof tlsModes)[number]

const tlsModes = ['prefer', 'allow', 'require'] as const

/** What may stand behind the question mark. */
const known = [
  'schema',
  'host',
  'port',
  'application_name',
  'sslmode',
  'ssl',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'target_session_attrs',
]

const form = /^\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/

/**
 * Reads `//user:password@host:5432,other:5432/database?schema=parapet`, with what stands before it too. A
 * socket's directory is given as libpq does, `?host=/run/postgresql`.
 *
 * @throws Error that says what is wrong, and never repeats the password.
 */
export function placeOf(rest: string): Place {
  const [whole, login, hosts = '', database] =
    form.exec(rest.replace(/^postgres(?:ql)?:/, '')) ?? []
  if (whole === undefined) throw new Error('must be postgres://<user>@<host>/<database>')
  const query = queryOf(rest)
  const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(login ?? '') ?? []
  return {
    hosts: hostsOf(once('host', hosts, query.host) ?? 'localhost', query.port ?? '5432'),
    user: decoded('the user', user),
    password: decoded('the password', password),
    database: decoded('the database', database),
    schema: schemaOf(query.schema ?? 'parapet'),
    applicationName: query.application_name ?? 'parapet',
    tls: tlsOf(query),
  }
}

type Query = Readonly<Partial<Record<string, string>>>

function queryOf(rest: string): Query {
  const given = new URLSearchParams(/\?(.*)$/s.exec(rest)?.[1] ?? '')
  const unknown = [...given.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined)
    // What stands behind a question mark in a password is not repeated.
    throw new Error(
      `postgres: there is no parameter ${/^[a-z_]{1,40}$/.test(unknown) ? unknown : 'of that name'}, but ${known.join(', ')}`,
    )
  const twice = known.find((name) => given.getAll(name).length > 1)
  if (twice !== undefined) throw new Error(`postgres: ${twice} is given twice`)
  for (const [name, value] of given) withoutNul(name, value)
  const query: Query = Object.fromEntries(given)
  const { target_session_attrs: wanted = 'primary' } = query
  if (!['primary', 'read-write'].includes(wanted))
    throw new Error('postgres: target_session_attrs is primary, whatever else is asked for')
  return query
}

/** Of what may stand in two places: libpq takes the second one, others the first. */
function once(name: string, first: string | undefined, second: string | undefined) {
  if (first && second)
    throw new Error(`postgres: ${name} is given twice, before the question mark and behind it`)
  return first || second || undefined
}

function decoded(what: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  try {
    return withoutNul(what, decodeURIComponent(text))
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause
    throw new Error(`postgres: ${what} has a % that begins no %XX: a % itself is written %25`, {
      cause,
    })
  }
}

/** PostgreSQL's protocol ends a text with it, and what stands behind would be another one. */
function withoutNul(what: string, text: string): string {
  if (text.includes('\0')) throw new Error(`postgres: ${what} has a NUL sign`)
  return text
}

function hostsOf(text: string, port: string): readonly Host[] {
  return text.split(',').map((each) => {
    const [, name = '', own = port] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(each) ?? []
    const plain = decoded('a host', name.replace(/^\[(.*)\]$/, '$1'))
    const number = Number(own)
    if (plain === undefined || !(number > 0 && number < 65536))
      throw new Error(
        'postgres: a host is <name> or <name>:<port>, several are separated by commas',
      )
    return { name: plain, port: number }
  })
}

/** Written into statements and a channel's name, hence of characters that mean nothing there. */
function schemaOf(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,47}$/.test(name) || name.startsWith('pg_'))
    throw new Error('postgres: a schema is at most 48 of a-z, 0-9 and _, and begins with no digit')
  return name
}

/**
 * As libpq has it a CA that is named is asked, with `require` too; unlike there it is refused where nobody would
 * be asked it, as what is named for TLS is where there is none.
 */
function tlsOf(query: Query): Place['tls'] {
  const { sslrootcert: ca, sslcert, sslkey } = query
  if (query.sslmode !== undefined && query.ssl !== undefined)
    throw new Error('postgres: sslmode is given twice, as ssl too')
  const mode = query.sslmode ?? query.ssl ?? (ca === undefined ? 'disable' : 'verify-full')
  if ((sslcert === undefined) !== (sslkey === undefined))
    throw new Error('postgres: sslcert and sslkey belong together')
  const named = ['sslrootcert', 'sslcert'].find((name) => query[name] !== undefined)
  if (mode === 'disable' && named !== undefined)
    throw new Error(`postgres: without TLS ${named} means nothing: say sslmode=verify-full`)
  if (mode === 'disable') return () => false
  const plain = tlsModes.find((one) => one === mode)
  if (plain === undefined && mode !== 'verify-full')
    throw new Error(`postgres: sslmode is disable, ${tlsModes.join(', ')} or verify-full`)
  if (plain !== undefined && ca !== undefined && (plain !== 'require' || ca === 'system'))
    throw new Error(`postgres: with sslmode=${mode} nobody asks sslrootcert: say verify-full`)
  if (plain !== undefined && ca === undefined && sslcert === undefined) return () => plain
  return ({ name }) => ({
    host: name,
    rejectUnauthorized: plain === undefined || ca !== undefined,
    ...(plain === undefined ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined || ca === 'system' ? {} : { ca: read('sslrootcert', ca) }),
    ...(sslcert === undefined ? {} : { cert: read('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: read('sslkey', sslkey) }),
  })
}

function read(name: string, file: string): string {
  try {
    return readText(file, mostOfSecret)
  } catch (cause) {
    throw new Error(`postgres: the file ${name} ${reasonOf(cause)}`, { cause })
  }
}
