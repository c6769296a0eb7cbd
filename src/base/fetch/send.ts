import { isPublicAddress } from './address.ts'
import type { GetLimits } from './get-text.ts'
import { responseTo, wholeText, within } from './get-text.ts'
import type { Message } from './request.ts'
import { request } from './request.ts'
import { resolveHost } from './resolve.ts'
import { turns } from './turns.ts'

/** An answer, whatever its status. */
export interface Answered {
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

/** Of this process, beside those of `get-text.ts`: what scripts ask elsewhere holds up nobody's keys. */
const turnsHere = turns({
  ...{ all: 32, unknown: 32, failed: 8, each: 8 },
  ...{ waiting: 200, waitingEach: 50 },
})

/**
 * Sends a request to an address that somebody else chose, under the same guard as `getText` (S-1, S-2): one request, no
 * redirect followed, nothing decompressed, cut off at the limits, and to a public address unless private ones are allowed.
 * @throws Error that says why there is no answer
 */
export function send(
  url: URL,
  message: Message,
  limits: Pick<GetLimits, 'bytes' | 'milliseconds' | 'privateAddresses' | 'by' | 'nameServers'>,
  unwanted?: AbortSignal,
): Promise<Answered> {
  return within(
    limits.milliseconds,
    async (ended) => {
      if (!/^https?:$/.test(url.protocol)) throw new Error('not an http address')
      await turnsHere.take(limits.by, ended)
      const addresses = await resolveHost(url.hostname, ended, limits.nameServers)
      if (!limits.privateAddresses && !addresses.every(isPublicAddress))
        throw new Error('the address is not public')
      const response = await responseTo(request(url, addresses, message, ended))
      const body = await wholeText(response, limits.bytes)
      const headers = Object.entries(response.headersDistinct).map(
        ([name, values = []]) => [name, values] as const,
      )
      return {
        ...{ status: response.statusCode ?? 0, statusText: response.statusMessage ?? '' },
        ...{ headers: Object.fromEntries(headers), body },
      }
    },
    unwanted,
  )
}
