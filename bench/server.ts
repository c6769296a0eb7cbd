import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** What a benched server tells its driver: where it listens. */
export interface Ready {
  readonly origin: string
}

/** What it answers when asked: CPU it used so far in microseconds, resident bytes. */
export interface Usage {
  readonly cpu: number
  readonly rss: number
}

/** What a driver may ask of a server; it answers everything with its usage. */
export type Order =
  | { readonly order: 'usage' }
  /** Collect garbage first. */
  | { readonly order: 'collect' }
  /** Push so many requests to itself, without the sockets. */
  | { readonly order: 'fill'; readonly count: number }
  /** Set the clock forward and sweep what is garbage then. */
  | { readonly order: 'expire'; readonly seconds: number }
  /** Make so many accounts; remove those that a turn made beside them. */
  | { readonly order: 'settle'; readonly count: number }
  | { readonly order: 'unsettle' }

/** How a server carries an order out; what it does not know it ignores. */
export interface Orders {
  fill?(count: number): Promise<void>
  expire?(seconds: number): Promise<void>
  settle?(count: number): Promise<void>
  unsettle?(): Promise<void>
}

/** Speaks with the driver: says it is ready, and carries out orders. */
export function benched(origin: string, orders: Orders = {}): void {
  process.on('message', (message) => {
    void carryOut(message as Order, orders).then(() => {
      const { user, system } = process.cpuUsage()
      const usage: Usage = { cpu: user + system, rss: process.memoryUsage.rss() }
      process.send?.(usage)
    })
  })
  process.on('disconnect', () => process.exit(0))
  const ready: Ready = { origin }
  process.send?.(ready)
}

async function carryOut(order: Order, orders: Orders): Promise<void> {
  if (order.order === 'fill') await orders.fill?.(order.count)
  if (order.order === 'expire') await orders.expire?.(order.seconds)
  if (order.order === 'settle') await orders.settle?.(order.count)
  if (order.order === 'unsettle') await orders.unsettle?.()
  if (order.order === 'collect') await collect()
}

/** A collection that gives free pages back, as V8 otherwise does not; threads of its own do that, a moment later. */
async function collect(): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    collector.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await pause(300)
  }
}

/** There with `--expose-gc`. */
const collector = globalThis as { gc?: (options: Readonly<Record<string, string>>) => void }

/** Answers JSON, for the bare servers. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
