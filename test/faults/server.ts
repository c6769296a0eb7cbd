/*
 * A server whose clock a test sets, and which may be a build that is broken on purpose: its only argument
 * is a `Start` as JSON. Its parent sends the seconds by which its wall clock is off, and is told of alarms.
 */
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'
import type { Event } from '../../src/base/log.ts'
import { type BuildName, builds } from './builds.ts'
import { patch } from './patched.ts'

/** What a server is started with. */
export interface Start {
  readonly build: BuildName
  /** Settings as the environment would have them. */
  readonly settings: Readonly<Record<string, string>>
  /** Seconds. */
  readonly offset: number
  /** Another address, at which the same port leads to it: it serves the demo, which is for its own host only. */
  readonly door?: string
}

/** What it tells its parent: where it serves, why it did not begin, or an alarm. */
export interface Said {
  readonly origin?: string
  readonly refused?: string
  readonly alarm?: string
  /** Seconds by which its clock is off, once it has looked. */
  readonly clock?: number
}

const given = JSON.parse(process.argv[2] ?? '') as Start
const { edits, records } = builds[given.build]
if (edits.length > 0) patch(edits)
const { counted, now } = await import('../../src/base/time.ts')
const { readServerSettings } = await import('../../src/server/settings.ts')
const { start } = await import('../../src/start.ts')

let { offset } = given
const say = (said: Said): void => void process.send?.(said)
const later = (ms: number, act: () => void): void => void setTimeout(act, ms)

subscribe('parapet', (message) => {
  const event = message as Event
  // Who brings a code twice is told of so: that is what is wanted here.
  if (event.level === 'alarm' && event.name !== 'grant.ended')
    say({ alarm: `${event.name} ${JSON.stringify(event.fields)}` })
})
process.on('disconnect', () => process.exit(0))

const { settings, problems } = readServerSettings(given.settings)
if (settings === undefined) throw new Error(problems.join('\n'))
const running = await start(settings, 'here', {
  wall: () => now() + offset,
  counted,
  hashCost: { memoryCost: 8, timeCost: 1 },
  stores: (opened) => ({ ...opened, records: records(opened.records, later) }),
}).catch((error: unknown) => {
  say({ refused: (error as Error).message })
  process.disconnect()
  throw error
})
process.on('message', (seconds) => {
  offset = Number(seconds)
  running.world.now()
  say({ clock: offset })
})
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)))
if (given.door !== undefined) await openDoor(given.door, Number(given.settings.PORT))
say({ origin: running.origin })

async function openDoor(address: string, port: number): Promise<void> {
  const door = createServer((outside) => {
    const inside = connect(port, '127.0.0.1')
    pipeline(outside, inside, outside, () => undefined)
  })
  door.listen(port, address)
  await once(door, 'listening')
}
