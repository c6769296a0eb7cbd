import { lookup } from 'node:dns'
import type { IncomingMessage, RequestOptions } from 'node:http'
import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { utf8 } from '../bytes.ts'
import { isPublicAddress } from './address.ts'

/** What a fetch may take at most, and whether it may lead to addresses that are not public. */
export interface GetLimits {
  readonly bytes: number
  /** From the look-up of the name to the last byte. */
  readonly milliseconds: number
  readonly privateAddresses: boolean
  /** What is asked for; JSON unless said. */
  readonly accept?: string
  /** Media types of the answer that are taken, in lower case; any unless said. None stated is taken. */
  readonly types?: readonly string[]
}

/**
 * Gets a small text from an address that somebody else chose (S-1, S-2): one GET, status 200, no
 * redirect followed, nothing decompressed, cut off at the limits. Unless private addresses are
 * allowed, the connection goes to an address that was found to be public: there is no second
 * look-up between check and use, so rebinding the name gains nothing.
 */
export function getText(url: URL, limits: GetLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (!limits.privateAddresses && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic()
    const options: RequestOptions = {
      agent: false,
      headers: { accept: limits.accept ?? 'application/json' },
      signal: AbortSignal.timeout(limits.milliseconds),
      ...(limits.privateAddresses ? {} : { lookup: publicLookup }),
    }
    const request = get(url, options)
    request.on('error', reject)
    request.on('response', (response) => {
      readText(response, limits).then(resolve, (error: unknown) => {
        request.destroy()
        reject(error)
      })
    })
  })
}

function get(url: URL, options: RequestOptions): http.ClientRequest {
  if (url.protocol === 'https:') return https.get(url, options)
  if (url.protocol === 'http:') return http.get(url, options)
  throw new Error('not an http address')
}

/** Answers with public addresses only; one other among several refuses them all. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const first = found?.[0]
    if (error !== null || first === undefined) callback(error ?? notPublic(), '')
    else if (!found.every(({ address }) => isPublicAddress(address))) callback(notPublic(), '')
    else if (options.all === true) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

function notPublic(): NodeJS.ErrnoException {
  return new Error('the address is not public')
}

async function readText(
  response: IncomingMessage,
  { bytes: most, types }: GetLimits,
): Promise<string> {
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`)
  const type = /^[^;\s]*/.exec(response.headers['content-type'] ?? '')?.[0].toLowerCase()
  if (types !== undefined && type && !types.includes(type)) throw new Error('the wrong media type')
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
