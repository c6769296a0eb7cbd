import { isIP } from 'node:net'
import type { SMTPTransportOptions } from 'nodemailer'
import { isPublicAddress } from '../base/fetch/address.ts'
import { resolveHost } from '../base/fetch/resolve.ts'
import type { Address, Letter } from './letter.ts'
import { oneLine } from './letter.ts'

/** A server that takes letters (RFC 5321). */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `from the start`: TLS from the first byte; `required`: STARTTLS, or nothing is sent; `offered`: where there is STARTTLS. */
  readonly tls: 'from the start' | 'required' | 'offered'
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** Takes one letter away. @throws Error whose `code` and `responseCode` say why; its message may name people. */
export type Deliver = (letter: Letter) => Promise<void>

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/**
 * `smtp://user:password@host:587`, or `smtps://` for TLS from the start. A password leaves this machine by TLS only.
 * Undefined: the text is none.
 */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.parse(text)
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return undefined
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return undefined
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const [user, password] = [url.username, url.password].map(decoded)
  if (user === undefined || password === undefined) return undefined
  const known = user === '' ? {} : { user, password }
  if (url.protocol === 'smtps:')
    return { host, port: Number(url.port || 465), tls: 'from the start', ...known }
  const tls = user === '' || loopback.test(host) ? 'offered' : 'required'
  return { host, port: Number(url.port || 587), tls, ...known }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Milliseconds within which a server has to go on. */
const patience = 20_000

/**
 * The address of a server whose name somebody else chose, looked up and looked at each time (S-1). @throws Error with a code, where it
 * is none of the public internet.
 */
async function reached(server: SmtpServer): Promise<string> {
  const ended = AbortSignal.timeout(patience)
  const addresses = await resolveHost(server.host, ended).catch(() => [])
  const [address] = addresses
  if (address === undefined) throw coded('ENOTFOUND', 'the name leads to no address')
  if (!addresses.every(isPublicAddress)) throw coded('ENOTPUBLIC', 'the address is not public')
  return address
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/**
 * Sends letters to a server, over a few connections that stay open. `guarded`: whoever named the server is not trusted
 * with this one's own network.
 */
export function smtp(server: SmtpServer, from: Address, guarded = false): Deliver {
  const { host, port, tls, user, password } = server
  const options: SMTPTransportOptions = {
    ...{ host, port, secure: tls === 'from the start', requireTLS: tls === 'required' },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: 2 * patience },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }
  return async (letter) => {
    const { createTransport } = await import('nodemailer')
    const at = guarded ? { host: await reached(server), tls: nameFor(host) } : {}
    const transport = createTransport({ ...options, ...at })
    try {
      await transport.sendMail(messageOf(letter, from))
    } finally {
      transport.close()
    }
  }
}

/** A certificate is still to be the name's; one for an address names none (RFC 6066 §3). */
function nameFor(host: string): { readonly servername?: string } {
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 ? { servername: host } : {}
}

/** What a library is told of a letter: nothing that it would read as more than one address, or as more headers. */
export function messageOf({ to, from, subject, text, html }: Letter, own: Address) {
  return {
    ...{ to: plainAddress(to), from: plainAddress(from ?? own), subject: oneLine(subject), text },
    ...(html === undefined ? {} : { html }),
    // RFC 3834 §5: nobody's machine is to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function plainAddress({ name, address }: Address): Address {
  return { name: oneLine(name), address }
}
