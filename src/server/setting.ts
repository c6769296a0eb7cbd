import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { dirname } from 'node:path'
import { requireDirectory } from '../base/directory.ts'
import { mostOfSecret, readText } from '../base/read-text.ts'
import { wholeNumber } from '../base/whole-number.ts'
import { readCertificates, readsEach } from '../jose/x509/certificate.ts'
import { whyNoAuthority } from '../jose/x509/chain.ts'
import { located } from '../store/index.ts'
import { asPassphrase, parseMasterKeys } from '../store/key.ts'
import { longestPassword } from '../user/new-password/policy.ts'
import type { MetricsPlace } from './observe/expose.ts'

/** Reads one setting's text; throws an Error that says what is wrong with it, never the text of a secret. */
export type ReadSetting<T> = (text: string) => T

/** One row of the server's settings. */
export interface ServerSetting<T> {
  readonly environment: string
  readonly read: ReadSetting<T>
  /** As in the environment; undefined when there is none. */
  readonly default?: string
  /** Never printed. */
  readonly secret?: true
  /** One line for help and the reference page. */
  readonly about: string
}

const label = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*\\.?$`, 'i')

/** An IP address of this machine, or a name that leads to one. */
export const host: ReadSetting<string> = (value) => {
  if (isIP(value) !== 0 || (value.length <= 253 && hostName.test(value))) return value
  throw new Error('must be an IP address or a host name, without a port')
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): ReadSetting<number> {
  return (value) => {
    const number = wholeNumber(value) ?? Number.NaN
    if (number >= least && number <= most) return number
    throw new Error(`must be a whole number from ${least} to ${most}`)
  }
}

/** What a node is called. */
export const nodeName: ReadSetting<string> = (value) => {
  if (/^[\w.:@-]{1,100}$/.test(value)) return value
  throw new Error('must be up to 100 letters, digits and . _ : @ -')
}

/** How many processes serve; `auto` is for the machine to say. */
export const workers: ReadSetting<number | 'auto'> = (value) => {
  if (value === 'auto') return value
  const number = wholeNumber(value) ?? 0
  if (number >= 1 && number <= 256) return number
  throw new Error('must be a whole number from 1 to 256, or auto')
}

export function oneOf<const W extends string>(...words: readonly W[]): ReadSetting<W> {
  return (value) => {
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    throw new Error(`must be one of ${words.join(', ')}`)
  }
}

/** Entries parted by commas, each once. */
export function listOf<T>(read: ReadSetting<T>): ReadSetting<readonly T[]> {
  return (value) => [...new Set(value.split(',').map((entry) => read(entry.trim())))]
}

/** An address of this server for clients: `https://as.example`, as an origin. `/am` may follow. */
export const baseUrl: ReadSetting<string> = (value) => {
  const url = URL.parse(value)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('must be a http or https URL')
  const more = url.username !== '' || url.password !== '' || /[?#]/.test(value)
  if (more || !/^\/(?:am\/?)?$/.test(url.pathname)) {
    throw new Error('must be scheme, host and port only, as in https://as.example')
  }
  return url.origin
}

/** Where metrics are read: `/metrics` on the server's own port, or a port of their own, on this machine or by an address. */
export const metricsPlace: ReadSetting<MetricsPlace> = (value) => {
  if (/^\/[\w.~-]+(?:\/[\w.~-]+)*$/.test(value)) {
    if (/^\/(?:am|openidm|environment|demo|\.well-known)(?:\/|$)/.test(value) || isDotted(value))
      throw new Error('must be a path at which nothing else is')
    return { path: value }
  }
  const [, address = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(value) ?? []
  const bare = address.replace(/^\[(.*)\]$/, '$1')
  if (port === undefined || Number(port) > 65_535) {
    throw new Error('must be a path such as /metrics, a port, or an address and a port')
  }
  return { host: host(bare), port: Number(port) }
}

/** A path that nobody can ask for: clients resolve its dots before they do. */
function isDotted(path: string): boolean {
  return path.split('/').some((name) => name === '.' || name === '..')
}

/** A file in a directory that is there, or `-`. */
export const auditLog: ReadSetting<string> = (value) => {
  if (value === '-' || existsSync(dirname(value))) return value
  throw new Error('must be a file in a directory that is there, or - for standard output')
}

/** An IP address, or a network as `10.0.0.0/8`. */
export const network: ReadSetting<string> = (value) => {
  const [, address = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? []
  const bits = isIPv4(address) ? 32 : 128
  if (isIP(address) === 0 || Number(length ?? bits) > bits) {
    throw new Error('must be an IP address, or a network such as 10.0.0.0/8')
  }
  return value
}

/** The certificate chain in a PEM file. */
export const certificateFile: ReadSetting<string> = (path) => {
  const pem = readFile(path)
  try {
    void new X509Certificate(pem)
  } catch {
    throw new Error('must name a PEM file with a certificate')
  }
  return pem
}

/** Certificates of CAs in a PEM file. */
export const authoritiesFile: ReadSetting<string> = (path) => {
  const pem = readFile(path)
  const found = readCertificates(pem)
  if ('reason' in found) throw new Error(`must name a PEM file of CAs: ${found.reason}`)
  if (!readsEach(pem))
    throw new Error('must name a PEM file of CAs: one of them is no whole CERTIFICATE')
  for (const authority of found) {
    const why = whyNoAuthority(authority)
    const { subject } = authority.x509
    if (why !== undefined)
      throw new Error(`must name a PEM file of CAs: ${subject.replaceAll('\n', ', ')}: ${why}`)
  }
  return pem
}

/** The private key in a PEM file. */
export const privateKeyFile: ReadSetting<string> = (path) => {
  const pem = readFile(path)
  try {
    createPrivateKey(pem)
  } catch {
    throw new Error('must name a PEM file with an unencrypted private key')
  }
  return pem
}

function readFile(path: string): string {
  try {
    return readText(path, mostOfSecret)
  } catch (error) {
    throw new Error(`the file ${(error as Error).message}`, { cause: error })
  }
}

/** A directory that is there, or that can be made. */
export const directory: ReadSetting<string> = (path) => {
  requireDirectory(path)
  return path
}

/** The URL of a store there is. */
export const storeUrl: ReadSetting<string> = (value) => {
  located(value)
  return value
}

/** The text of the sealing keys; see `parseMasterKeys`. What may be a passphrase the store decides. */
export const masterKeys: ReadSetting<string> = (value) => {
  if (asPassphrase(value) === undefined) parseMasterKeys(value)
  return value
}

/** Long enough that it is no invitation. */
export const password: ReadSetting<string> = (value) => {
  if (value.length < 8) throw new Error('must have at least 8 characters')
  // A longer one is never right at a login, so nobody could use it.
  if (value.length > longestPassword)
    throw new Error(`must have at most ${longestPassword} characters`)
  return value
}
