import type { ServerResponse } from 'node:http'

/** What a benched server tells its driver: where it listens. */
export interface Ready {
  readonly origin: string
}

/** What it answers when asked: CPU it used so far in microseconds, resident bytes. */
export interface Usage {
  readonly cpu: number
  readonly rss: number
}

/** Speaks with the driver: says it is ready, and answers every message with its usage. */
export function benched(origin: string): void {
  process.on('message', (message) => {
    if (message === 'collect') (globalThis as { gc?: () => void }).gc?.()
    const { user, system } = process.cpuUsage()
    const usage: Usage = { cpu: user + system, rss: process.memoryUsage.rss() }
    process.send?.(usage)
  })
  process.on('disconnect', () => process.exit(0))
  const ready: Ready = { origin }
  process.send?.(ready)
}

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
