import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { ownTime } from '../../test/own-time.ts'
import { exchange } from '../../test/raw.ts'
import { trials } from '../../test/scale.ts'
import type { Serve } from '../base/http.ts'
import { type Listener, listen } from './node.ts'

const options = { host: '0.0.0.0', port: 0, baseUrls: [], trustedProxies: [] }
const hello: Serve = () => ({ status: 200, headers: {}, body: 'hello' })

const head = ({ port }: Listener): string => `Host: localhost:${port}\r\n`

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Opens a connection and leaves it; rejects when it is refused. */
function open(port: number, localAddress: string, bytes = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', reject)
    socket.on('connect', () => {
      socket.write(bytes)
      resolve(socket)
    })
  })
}

test('H-3 a header or a body that comes too slowly: 408 within some ten seconds', async (t) => {
  const listener = await listen(options, hello)
  t.after(() => listener.stop())
  const start = performance.now()
  const waited = ownTime()
  const slow = [
    '',
    `GET / HTTP/1.1\r\n${head(listener)}`,
    `POST / HTTP/1.1\r\n${head(listener)}Content-Length: 10\r\n\r\n123`,
    `POST / HTTP/1.1\r\n${head(listener)}Transfer-Encoding: chunked\r\n\r\n3\r\n12`,
  ]
  const answers = await Promise.all(slow.map((bytes) => exchange(listener.port, bytes)))
  const seconds = (performance.now() - start) / 1000
  assert.deepEqual(
    answers.map((text) => text.slice(0, 12)),
    slow.map(() => 'HTTP/1.1 408'),
  )
  assert.ok(seconds > 9 && waited() < 13_000, `${seconds} s, of its own ${waited()} ms`)
})

test('H-3 an address above its share is cut off, others and trusted proxies are not', async (t) => {
  const listener = await listen(
    { ...options, trustedProxies: ['127.0.0.9'], connectionsPerAddress: 3, anyHost: ['/'] },
    hello,
  )
  t.after(() => listener.stop())
  const request = 'GET / HTTP/1.1\r\nHost: any\r\n\r\n'
  const answered = async (localAddress: string, times: number): Promise<boolean[]> => {
    const sockets = await Promise.all(
      Array.from({ length: times }, () => open(listener.port, localAddress, request)),
    )
    const answers = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<boolean>((resolve) => {
            socket.on('error', () => undefined)
            socket.once('data', () => resolve(true))
            socket.once('close', () => resolve(false))
          }),
      ),
    )
    for (const socket of sockets) socket.destroy()
    return answers.sort()
  }
  assert.deepEqual(await answered('127.0.0.1', 5), [false, false, true, true, true])
  assert.deepEqual(await answered('127.0.0.9', 5), [true, true, true, true, true])
  // The server learns of each end by itself.
  while (!(await answered('127.0.0.1', 3)).every(Boolean)) await later(5)
})

test('H-3 thousands of slow connections from one address leave the others their server', async (t) => {
  const listener = await listen({ ...options, connectionsPerAddress: 1024 }, hello)
  t.after(() => listener.stop())
  const ask = `GET / HTTP/1.1\r\n${head(listener)}Connection: close\r\n\r\n`
  const rounds = 40
  const answered = (): Promise<number> =>
    cpuTime(async () => {
      for (let i = 0; i < rounds; i++)
        assert.match(await exchange(listener.port, ask), /^HTTP\/1\.1 200 /)
    })
  const alone = await answered()
  const held = await Promise.allSettled(
    Array.from({ length: trials(5000) }, () =>
      open(listener.port, '127.0.0.2', `POST / HTTP/1.1\r\n${head(listener)}`),
    ),
  )
  // Behind the others in the queue of connections: once it is through, the flood itself is over.
  await exchange(listener.port, ask)
  const beside = await answered()
  assert.ok(beside < 2 * alone + 100, `${beside} ms beside them, ${alone} ms without`)
  for (const one of held) if (one.status === 'fulfilled') one.value.destroy()
})

test('house: stopping finishes what is in flight, says close, and drops what is idle', async () => {
  let finish: (() => void) | undefined
  const listener = await listen(options, ({ path }) => {
    if (path === '/quick') return { status: 200, headers: {}, body: 'quick' }
    return new Promise((resolve) => {
      finish = () => resolve({ status: 200, headers: {}, body: 'slow' })
    })
  })
  const agent = new Agent({ keepAlive: true })
  await new Promise<void>((resolve) => {
    get({ port: listener.port, path: '/quick', agent }, (response) => {
      response.resume()
      response.on('end', resolve)
    })
  })
  const silent = await open(listener.port, '127.0.0.1')
  const slow = exchange(listener.port, `GET /slow HTTP/1.1\r\n${head(listener)}\r\n`)
  while (finish === undefined) await later(5)
  let stopped = false
  const waited = ownTime()
  const stopping = listener.stop().then(() => {
    stopped = true
  })
  await later(400)
  assert.equal(stopped, false)
  await assert.rejects(open(listener.port, '127.0.0.1'))
  finish()
  assert.match(await slow, /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*slow$/)
  await stopping
  // Of what is idle, one that is not dropped would hold it for ten seconds.
  assert.ok(waited() < 2000, `${waited()} ms`)
  silent.destroy()
})

test('house: stopping waits no longer than it is told', async () => {
  const begun = Promise.withResolvers<void>()
  const listener = await listen(options, () => {
    begun.resolve()
    return new Promise(() => undefined)
  })
  const cut = exchange(listener.port, `GET / HTTP/1.1\r\n${head(listener)}\r\n`)
  await begun.promise
  const waited = ownTime()
  await listener.stop(300)
  assert.equal(await cut, '')
  assert.ok(waited() < 1500, `${waited()} ms`)
})
