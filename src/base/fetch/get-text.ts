/**
 * fetch: getting something small from an address that somebody else chose. Every wait ends by one limit:
 * what a fetch holds (its turn, its look-up, its socket) is given up with one signal, which comes at the
 * end whatever the end is. Knows no client and no realm.
 */
import type { ClientRequest, IncomingMessage } from 'node:http'
import { utf8 } from '../bytes.ts'
import { isPublicAddress } from './address.ts'
import { keepFor } from './keep-for.ts'
import { request } from './request.ts'
import { resolveHost } from './resolve.ts'
import { answered, turns } from './turns.ts'

/** What a fetch may take at most, and whether it may lead to addresses that are not public. */
export interface GetLimits {
  readonly bytes: number
  /** From the asking to the last byte, the waiting for a turn and the look-up of the name among it. */
  readonly milliseconds: number
  readonly privateAddresses: boolean
  /** For whom: each one has so many turns at once. */
  readonly by: string
  /** What kind of address it is, for whoever looks on: `jwks_uri`. */
  readonly what?: string
  /** What is asked for; JSON unless said. */
  readonly accept?: string
  /** Media types of the answer that are taken, in lower case; any unless said. None stated is taken. */
  readonly types?: readonly string[]
  /** Name servers to ask, as `address:port`; the machine's own unless said. */
  readonly nameServers?: readonly string[]
}

/** What was got, and for how many seconds it may be kept by its own word; `Infinity` if it says nothing. */
export interface Got {
  readonly text: string
  readonly keepFor: number
}

export type GetText = typeof getText

/** Of this process. So many sockets cost little, and so many answers at once little time. */
const turnsHere = turns({
  all: 64,
  unknown: 48,
  failed: 16,
  each: 4,
  waiting: 1000,
  waitingEach: 16,
})

/** RFC 9110 §15.2: interim answers that are passed over. */
const mostInterim = 16

/**
 * Gets a small text from an address that somebody else chose (S-1, S-2): one GET, status 200, no
 * redirect followed, nothing decompressed, cut off at the limits. Unless private addresses are
 * allowed, the connection goes to an address that was found to be public: there is no second
 * look-up between check and use, so rebinding the name gains nothing.
 */
export function getText(url: URL, limits: GetLimits): Promise<Got> {
  return within(limits.milliseconds, async (ended) => {
    if (!/^https?:$/.test(url.protocol)) throw new Error('not an http address')
    await turnsHere.take(limits.by, ended)
    const addresses = await resolveHost(url.hostname, ended, limits.nameServers)
    if (!limits.privateAddresses && !addresses.every(isPublicAddress)) {
      throw new Error('the address is not public')
    }
    const headers = { accept: limits.accept ?? 'application/json' }
    const sent = request(url, addresses, { method: 'GET', headers }, ended)
    const response = await responseTo(sent)
    return { text: await readText(response, limits), keepFor: keepFor(response.headers) }
  })
}

/** Does `work` until the limit, or until nobody waits for it; `ended` comes with its end, at the limit at the latest. */
export function within<T>(
  milliseconds: number,
  work: (ended: AbortSignal) => Promise<T>,
  unwanted?: AbortSignal,
): Promise<T> {
  const end = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const fail = (error: unknown): void => {
      end.abort()
      reject(error)
    }
    const timer = setTimeout(() => fail(new Error('no answer in time')), milliseconds)
    const left = (): void => fail(new Error('nobody waits for it'))
    unwanted?.addEventListener('abort', left)
    end.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      unwanted?.removeEventListener('abort', left)
    })
    if (unwanted?.aborted) return left()
    work(end.signal).then((value) => {
      end.abort(answered)
      resolve(value)
    }, fail)
  })
}

/** The final answer; each other way to end, one that is no answer among them, is an error. */
export function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let interim = 0
    sent.on('information', ({ statusCode }) => {
      interim += 1
      if (interim > mostInterim) reject(new Error(`status ${statusCode} without end`))
    })
    sent.on('upgrade', ({ statusCode }) => reject(new Error(`status ${statusCode}`)))
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.on('close', () => reject(new Error('the connection was closed')))
  })
}

async function readText(
  response: IncomingMessage,
  { bytes: most, types }: GetLimits,
): Promise<string> {
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`)
  const type = /^[^;\s]*/.exec(response.headers['content-type'] ?? '')?.[0].toLowerCase()
  if (types !== undefined && type && !types.includes(type)) throw new Error('the wrong media type')
  return wholeText(response, most)
}

/** The body as it is, as long as it has no more bytes than that. */
export async function wholeText(response: IncomingMessage, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > most) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  const text = utf8(Buffer.concat(chunks))
  if (text === undefined) throw new Error('the answer is not UTF-8')
  return text
}
