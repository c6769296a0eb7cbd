import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { type Listener, listen } from './node.ts'

/** A server that answers whether it knows that it is to stop. */
async function listening(
  t: TestContext,
  trustedProxies: readonly string[] = [],
): Promise<Listener> {
  const baseUrls = trustedProxies.length === 0 ? [] : ['http://as.example']
  const options = { host: '127.0.0.1', port: 0, baseUrls, trustedProxies }
  const listener = await listen(options, ({ stopping }) => ({
    ...{ status: 200, headers: {}, body: stopping === true ? 'stopping' : 'serving' },
  }))
  t.after(() => listener.stop(0))
  return listener
}

const request = ({ port }: Listener): string => `GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`
const last = /^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*\r\n\r\nstopping$/

async function connected({ port }: Listener): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

test('house: a request written before the wish to stop is answered, though nobody has read it yet', async (t) => {
  const listener = await listening(t)
  const socket = await connected(listener)
  socket.write(request(listener))
  const stopped = listener.stop()
  assert.match(await text(socket), last)
  await stopped
})

test('house: so is what comes over an idle connection, or a new one, a moment after', async (t) => {
  const listener = await listening(t)
  const idle = await connected(listener)
  idle.setEncoding('latin1').write(request(listener))
  assert.match(String(await once(idle, 'data')), /serving$/)
  const stopped = listener.stop()
  const fresh = await connected(listener)
  for (const socket of [idle, fresh]) {
    socket.write(request(listener))
    assert.match(await text(socket), last)
  }
  const late = await connected(listener)
  await Promise.all([once(late, 'close'), stopped])
  await assert.rejects(connected(listener), /ECONNREFUSED/)
})

test('house: stopping ends by its limit though more requests wait than could be answered by then', async (t) => {
  const most = 2000
  let served = 0
  const wish = Promise.withResolvers<void>()
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [] }
  const listener = await listen(options, () => {
    if (served === 0) wish.resolve()
    served += 1
    for (const end = performance.now() + 2; performance.now() < end; );
    return { status: 200, headers: {}, body: '' }
  })
  t.after(() => listener.stop(0))
  const sockets = await Promise.all([connected(listener), connected(listener)])
  for (const socket of sockets) socket.resume().write(request(listener).repeat(most / 2))
  await wish.promise
  await listener.stop(300)
  assert.ok(served < most, `${served} were served`)
  const before = served
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(served, before, 'what is cut off is not served any more')
})

test('house: a proxy’s connections stay open until nothing more is accepted, and have one more answer each then', async (t) => {
  const listener = await listening(t, ['127.0.0.1'])
  const asked = 'GET / HTTP/1.1\r\nHost: as.example\r\n\r\n'
  const busy = await connected(listener)
  const idle = await connected(listener)
  for (const socket of [busy, idle]) {
    socket.setEncoding('latin1').write(asked)
    assert.match(String(await once(socket, 'data')), /serving$/)
  }
  const stopped = listener.stop()
  busy.write(asked)
  const during = String(await once(busy, 'data'))
  assert.match(during, /stopping$/)
  assert.doesNotMatch(during, /connection: close/)
  for (;;) {
    const refused = await connected(listener).then(
      (socket) => void socket.destroy(),
      ({ code }) => code === 'ECONNREFUSED',
    )
    if (refused === true) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  idle.write(asked)
  assert.match(await text(idle), last)
  busy.destroy()
  await stopped
})

/** Asks over and over, each time by a new connection, until none is accepted; the codes of what went wrong before. */
async function askOn(listener: Listener): Promise<readonly string[]> {
  const wrong: string[] = []
  for (;;) {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: as.example\r\n\r\n')
    const code = await new Promise<string>((resolve) => {
      socket.on('data', () => resolve('answered'))
      socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'failed'))
      socket.on('close', () => resolve('closed'))
    })
    socket.destroy()
    if (code === 'ECONNREFUSED') return wrong
    if (code !== 'answered') wrong.push(code)
  }
}

test('house: a proxy that opens a connection in the moment in which that ends is answered or refused, never cut off', async (t) => {
  for (let i = 0; i < 5; i++) {
    const options = { host: '127.0.0.1', port: 0, baseUrls: ['http://as.example'] }
    const listener = await listen({ ...options, trustedProxies: ['127.0.0.1'] }, () => {
      for (const end = performance.now() + 0.5; performance.now() < end; );
      return { status: 200, headers: {}, body: '' }
    })
    t.after(() => listener.stop(0))
    const asking = Array.from({ length: 12 }, () => askOn(listener))
    const [wrong] = await Promise.all([Promise.all(asking), listener.stop()])
    assert.deepEqual(wrong.flat(), [])
  }
})
