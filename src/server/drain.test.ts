import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { linger, type Others } from './drain.ts'
import { type Listener, listen } from './node.ts'

/** A server that answers whether it knows that it is to stop. */
async function listening(
  t: TestContext,
  trustedProxies: readonly string[] = [],
  others?: Others,
): Promise<Listener> {
  const baseUrls = trustedProxies.length === 0 ? [] : ['http://as.example']
  const options = { host: '127.0.0.1', port: 0, baseUrls, trustedProxies, others }
  const listener = await listen(options, ({ stopping }) => ({
    ...{ status: 200, headers: {}, body: stopping === true ? 'stopping' : 'serving' },
  }))
  t.after(() => listener.stop(0))
  return listener
}

const request = ({ port }: Listener): string => `GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`
const last = /^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*\r\n\r\nstopping$/

/** What a proxy asks. */
const asked = 'GET / HTTP/1.1\r\nHost: as.example\r\n\r\n'

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
  await closedTo(listener)
  idle.write(asked)
  assert.match(await text(idle), last)
  busy.destroy()
  await stopped
})

/** Settles when it accepts no more. */
async function closedTo(listener: Listener): Promise<void> {
  for (;;) {
    const refused = await connected(listener).then(
      (socket) => void socket.destroy(),
      ({ code }) => code === 'ECONNREFUSED',
    )
    if (refused === true) return
    await turn()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** A proxy's connections that have had an answer, to a server that was told to stop and accepts no more. */
async function kept(t: TestContext, many: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => t.mock.timers.reset())
  const listener = await listening(t, ['127.0.0.1'])
  const sockets: Socket[] = []
  for (let i = 0; i < many; i++) {
    const socket = await connected(listener)
    socket.setEncoding('latin1').write(asked)
    assert.match(String(await once(socket, 'data')), /serving$/)
    sockets.push(socket)
  }
  const stopped = listener.stop()
  t.mock.timers.tick(200)
  await closedTo(listener)
  return { sockets, stopped }
}

test('house: a proxy’s connection that is not used stays open for as long as promised, to the last moment for an answer', async (t) => {
  const { sockets, stopped } = await kept(t, 2)
  const [used, unused] = sockets as [Socket, Socket]
  let open = true
  unused.once('close', () => {
    open = false
  })
  t.mock.timers.tick(linger - 1)
  for (let i = 0; i < 500; i++) await turn()
  assert.ok(open)
  used.write(asked)
  assert.match(await text(used), last)
  assert.ok(open)
  t.mock.timers.tick(1)
  assert.equal(await text(unused), '')
  await stopped
})

test('house: what a proxy has written when that time is over is answered, though nobody has read it yet', async (t) => {
  const { sockets, stopped } = await kept(t, 1)
  const [socket] = sockets as [Socket]
  // Synchronous: the server's next look at its sockets comes after its timer.
  socket.write(asked)
  t.mock.timers.tick(linger)
  assert.match(await text(socket), last)
  await stopped
})

test('house: stopping ends as soon as a proxy has closed what it kept, however much of that time is left', async (t) => {
  const { sockets, stopped } = await kept(t, 2)
  for (const socket of sockets) socket.destroy()
  await stopped
})

test('house: where others accept by the same port, no answer is the last until all of them have closed it', async (t) => {
  const told: string[] = []
  const [closes, all] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const others: Others = {
    seen: async () => void told.push('seen'),
    closed() {
      told.push('closed')
      closes.resolve()
      return all.promise
    },
  }
  const listener = await listening(t, ['127.0.0.1'], others)
  const socket = await connected(listener)
  socket.setEncoding('latin1').write(asked)
  assert.match(String(await once(socket, 'data')), /serving$/)
  const stopped = listener.stop()
  await closes.promise
  assert.deepEqual(told, ['seen', 'seen', 'closed'])
  await assert.rejects(connected(listener), /ECONNREFUSED/)
  socket.write(asked)
  const answered = text(socket)
  let early = true
  void answered.then(() => assert.ok(!early))
  for (let i = 0; i < 500; i++) await turn()
  early = false
  all.resolve()
  assert.match(await answered, last)
  await stopped
})

/** Asks over and over, each time by a new connection, until none is accepted; the codes of what went wrong before. */
async function askOn(listener: Listener): Promise<readonly string[]> {
  const wrong: string[] = []
  for (;;) {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write(asked)
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
