/*
 * A server whose wall clock a test sets: `<data> <port> <base URL> <offset>`, behind it `demo`, or `accept`,
 * which says what `parapet accept-time` says. Its store may be named in the environment. Its parent sends the seconds by which the clock is off,
 * and is told of every event about the clock.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { Event } from '../../src/base/log.ts'
import { counted, now } from '../../src/base/time.ts'
import { acceptTime } from '../../src/maintain.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { start } from '../../src/start.ts'

const [data, port, baseUrl, off = '0', command] = process.argv.slice(2)
let offset = Number(off)
const wall = (): number => now() + offset

const { PARAPET_STORE, PARAPET_KEY } = process.env
const { settings } = readServerSettings({
  ...{ PARAPET_STORE, PARAPET_KEY, PARAPET_DATA: data },
  PORT: port,
  PARAPET_BASE_URL: baseUrl,
  PARAPET_ADMIN_PASSWORD: 'a test admin',
})
if (settings === undefined) throw new Error('no settings')

subscribe('parapet', (message) => {
  const { name } = message as Event
  if (/^(clock|server)\./.test(name)) process.send?.(name)
})

if (command === 'accept') {
  await acceptTime(settings, wall)
} else {
  const running = await start(settings, command === 'demo' ? 'here' : 'none', { wall, counted })
  process.on('message', (seconds: number | 'stop') => {
    if (seconds !== 'stop') {
      offset = seconds
      // Looked at before anybody is told that it was set.
      running.world.now()
      process.send?.('time.set')
      return
    }
    void running.stop().then(() => process.exit(0))
  })
}
