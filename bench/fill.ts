import type { HttpRequest, Serve } from '../src/base/http.ts'
import type { Clock } from '../src/base/time.ts'
import { newTrace } from '../src/base/trace.ts'
import type { Store } from '../src/store/store.ts'
import { pushMessage } from './load.ts'

/** Pushes under way at once: what a busy server's group of writes holds. */
const together = 64

/** A clock that can be set forward, so that records end without anybody waiting for it. */
export interface Hands {
  readonly now: Clock
  forward(seconds: number): void
}

export function clockWithHands(now: Clock): Hands {
  let ahead = 0
  return {
    now: () => now() + ahead,
    forward(seconds) {
      ahead += seconds
    },
  }
}

/** Real pushes of a public client, handed to the router: all of a push but its socket. */
export async function fill(serve: Serve, issuer: string, count: number): Promise<void> {
  const { headers, body } = pushMessage('public', { issuer, par: `${issuer}/par` })
  const { origin, pathname } = new URL(issuer)
  const http: Omit<HttpRequest, 'trace'> = {
    method: 'POST',
    path: `${pathname}/par`,
    query: '',
    headers: { ...headers, 'content-length': String(body.length) },
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body),
    origin,
    peer: '127.0.0.1',
    rest: '',
  }
  const traced = (): HttpRequest => ({
    ...http,
    trace: newTrace({ method: 'POST', peer: '127.0.0.1' }),
  })
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { status } = await serve(traced())
      if (status !== 201) throw new Error(`fill: ${status}`)
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
}

/** Sweeps as the sweeper does, without its pauses, until several sweeps in a row find nothing. */
export async function sweepAll(store: Store): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    idle = (await store.sweep()) !== 0 ? 0 : idle + 1
    // Whatever else the server has to do comes between two batches.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
