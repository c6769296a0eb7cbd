import type { Benched } from './drive.ts'
import { startServer, stopServer, usage } from './drive.ts'
import { table } from './figures.ts'

const bars = { memory: 1000, sqlite: 300 } as const
type Shelf = keyof typeof bars

/** The longest a pushed request may live: all of them are outstanding when the last one is. */
const lifetime = 599

interface Sizes {
  readonly few: number
  readonly many: number
}

/**
 * Resident bytes per outstanding push: what the process grew by, after a collection, divided by the
 * pushes. At none means of a server that has worked: 20,000 were pushed and have ended.
 */
export async function memory(): Promise<string> {
  const sizes = { few: 300_000, many: 1_000_000 }
  const lines = await Promise.all([
    measured('parapet, memory', 'memory', sizes),
    measured('parapet, SQLite', 'sqlite', sizes),
  ])
  const head = ['', 'bytes a push at 300,000', 'at 1,000,000', 'bar']
  const rest = ['MB at none', 'at 10^6', 'all expired', 'at another 10^6', 'growth']
  return `Resident memory per outstanding push, after a collection\n\n${table([...head, ...rest], lines)}`
}

async function measured(name: string, shelf: Shelf, sizes: Sizes): Promise<string[]> {
  const server = await startServer(name, 'parapet.ts', [shelf, String(lifetime)])
  const none = await afterCycle(server, 20_000)
  const few = await resident(server, sizes.few)
  await expire(server)
  const many = await resident(server, sizes.many)
  const expired = await expire(server)
  const again = await resident(server, sizes.many)
  stopServer(server)
  const per = (bytes: number, count: number): string => ((bytes - none) / count).toFixed(0)
  const mega = (bytes: number): string => (bytes / 1e6).toFixed(0)
  return [
    name,
    per(few, sizes.few),
    per(many, sizes.many),
    String(bars[shelf]),
    ...[none, many, expired, again].map(mega),
    (again / many).toFixed(2),
  ]
}

async function resident(server: Benched, count: number): Promise<number> {
  await usage(server, { order: 'fill', count })
  return (await usage(server, { order: 'collect' })).rss
}

async function expire(server: Benched): Promise<number> {
  await usage(server, { order: 'expire', seconds: lifetime + 70 })
  return (await usage(server, { order: 'collect' })).rss
}

async function afterCycle(server: Benched, count: number): Promise<number> {
  await usage(server, { order: 'fill', count })
  return expire(server)
}
