/** The Redis that a URL names, and how parapet's keys begin there. */
export interface Place {
  /** One server, one that Sentinels name, or a Redis Cluster. */
  readonly kind: 'server' | 'sentinel' | 'cluster'
  readonly tls: boolean
  /** The server, the Sentinels, or some nodes of the cluster. */
  readonly hosts: readonly Host[]
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** What the Sentinels call the master; empty elsewhere. */
  readonly name: string
  readonly prefix: string
}

interface Host {
  readonly host: string
  readonly port: number
}

/** The schemes beside `redis`. */
export const alsoSchemes = [
  'rediss',
  'redis+sentinel',
  'rediss+sentinel',
  'redis+cluster',
  'rediss+cluster',
] as const

const form =
  /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/

/** Reads what follows `redis:`, or the whole of a URL of another scheme. @throws Error that does not repeat it. */
export function placeOf(rest: string): Place {
  const url = rest.startsWith('//') ? `redis:${rest}` : rest
  const [, scheme, way, login, hosts = '', path = '', query = ''] = form.exec(url) ?? []
  if (scheme === undefined)
    throw new Error(
      'redis: needs //[user:password@]host[:port], and behind it a database or a name',
    )
  const kind = way === 'sentinel' || way === 'cluster' ? way : 'server'
  const [name = '', db] = kind === 'sentinel' ? path.split('/') : ['', path]
  if (kind === 'sentinel' && name === '')
    throw new Error('redis+sentinel: needs the name of the master behind its hosts, /name')
  const port = kind === 'sentinel' ? 26379 : 6379
  const given = hosts.split(',').map((host) => hostOf(host, port))
  if (kind === 'server' && given.length > 1)
    throw new Error('redis: has one host; several are redis+sentinel: or redis+cluster:')
  return {
    kind,
    tls: scheme === 'rediss',
    hosts: given,
    ...loginOf(login),
    db: databaseOf(db, kind),
    name: decoded(name),
    prefix: prefixOf(query),
  }
}

function hostOf(text: string, port: number): Host {
  const [, host, own] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? []
  if (host === undefined)
    throw new Error('redis: a host is a name or an address, and :port behind it')
  return { host: host.replace(/^\[|\]$/g, ''), port: own === undefined ? port : Number(own) }
}

function loginOf(login: string | undefined): Pick<Place, 'username' | 'password'> {
  if (login === undefined) return { username: undefined, password: undefined }
  const at = login.indexOf(':')
  const user = decoded(at === -1 ? login : login.slice(0, at))
  return {
    username: user === '' ? undefined : user,
    password: at === -1 ? undefined : decoded(login.slice(at + 1)),
  }
}

function databaseOf(text: string | undefined, kind: Place['kind']): number {
  if (text === undefined || text === '') return 0
  if (!/^\d{1,4}$/.test(text)) throw new Error('redis: a database is a number')
  if (kind === 'cluster' && Number(text) !== 0)
    throw new Error('redis+cluster: has no databases; give the keys another ?prefix=')
  return Number(text)
}

function prefixOf(query: string): string {
  const { prefix = 'parapet', ...others } = Object.fromEntries(new URLSearchParams(query))
  if (Object.keys(others).length > 0) throw new Error('redis: only ?prefix= may stand behind it')
  // No sign of it means anything in a pattern, or is a tag of a cluster's slots; and a colon ends it, so that no
  // prefix is the beginning of another store's keys.
  if (!/^[\w.-]{1,40}$/.test(prefix))
    throw new Error('redis: a prefix is 1 to 40 letters, digits and _ . - without a colon')
  return prefix
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(
      'redis: what is not a letter or a digit is written as %XX in names and passwords',
    )
  }
}
