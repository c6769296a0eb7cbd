import type { RedisOptions } from 'ioredis'
import { reasonOf } from '../../base/log.ts'
import type { Place } from './place.ts'

/** Milliseconds for which a server may be silent while it owes an answer; then the connection is made anew. */
export const silence = 2000

/**
 * What every connection goes by. Nothing is sent again after a connection was lost: an insert that had won would be
 * told that it lost. Nothing waits for a connection either.
 */
export const connectionOptions = {
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: silence,
  socketTimeout: silence,
  lazyConnect: true,
  disableClientInfo: true,
} as const satisfies RedisOptions

/** Milliseconds before a connection is tried anew. */
export const pauseAfter = (times: number): number => Math.min(50 * times, 200)

/** Who logs in, and whether over TLS. */
export function loginTo({
  username,
  password,
  tls,
}: Place): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  }
}

/** Milliseconds a start waits for an answer. */
const patience = 5000

/** How Redis begins what it answers to a user or a password that it does not take, or to a user who may too little. */
const refusal = /^(?:WRONGPASS|NOAUTH|NOPERM) /

/** Connects a client for the first time. @throws Error that says why nothing answers. */
export async function answering(
  client: { connect(): Promise<unknown>; disconnect(): void },
  last: () => unknown,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), patience)
  try {
    await Promise.race([client.connect(), promise])
  } catch (cause) {
    client.disconnect()
    const reason = reasonOf(last() ?? cause)
    const what = refusal.test(reason) ? 'Redis refuses who asks' : 'no Redis answers there'
    throw new Error(`${what}: ${reason}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}
