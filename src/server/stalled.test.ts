import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { listen } from './node.ts'
import { stallWatch, type Written } from './stalled.ts'

/** A connection by what was written to it and what the other end has taken of it. */
function connection(written: number, taken: number) {
  const made = { closed: false, written, taken }
  const socket: Written = {
    get bytesWritten() {
      return made.written
    },
    get writableLength() {
      return made.written - made.taken
    },
    destroy() {
      made.closed = true
    },
  }
  return { made, socket }
}

test('H-3 what is written has to be taken within the limit, not what was written since', () => {
  const watch = stallWatch(30)
  const idle = connection(500, 500)
  const stuck = connection(500, 100)
  const slow = connection(500, 100)
  const all = [idle, stuck, slow]
  const look = (now: number): boolean[] => {
    watch(
      all.map(({ socket }) => socket),
      now,
    )
    return all.map(({ made }) => made.closed)
  }
  assert.deepEqual(look(0), [false, false, false])
  stuck.made.taken = 499
  slow.made.taken = 500
  slow.made.written = 900
  assert.deepEqual(look(29), [false, false, false])
  assert.deepEqual(look(30), [false, true, false])
  slow.made.taken = 899
  assert.deepEqual(look(58), [false, true, false])
  assert.deepEqual(look(59), [false, true, true])
})

test('H-3 a connection whose other end does not read is closed, one that reads is not', async (t) => {
  const body = 'x'.repeat(32 * 1024 * 1024)
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [], writeTimeout: 50 }
  const listener = await listen(options, ({ path }) => ({
    ...{ status: 200, headers: {}, body: path === '/long' ? body : 'short' },
  }))
  t.after(() => listener.stop(0))
  const request = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: localhost:${listener.port}\r\n\r\n`
  const reader = connect(listener.port, '127.0.0.1')
  reader.write(request('/short'))
  await once(reader, 'data')
  const unread = connect(listener.port, '127.0.0.1').pause()
  unread.on('error', () => undefined)
  unread.write(request('/long'))
  // Who does not read learns of the end by writing.
  const probe = setInterval(() => unread.write('\r\n'), 10)
  await new Promise((resolve) => unread.once('close', resolve))
  clearInterval(probe)
  reader.write(request('/short'))
  assert.match(String(await once(reader, 'data')), /^HTTP\/1\.1 200 /)
  reader.destroy()
})
