import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { selfSigned } from '../../test/certificate.ts'
import { type Listener, listen } from './node.ts'

const certificate = selfSigned('localhost', 'as.example')
const last = /^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*\r\n\r\nstopping$/
const asked = 'GET / HTTP/1.1\r\nHost: as.example\r\n\r\n'

/** A server with TLS that answers whether it knows that it is to stop. */
async function listening(t: TestContext, trustedProxies: readonly string[]): Promise<Listener> {
  const tls = certificate
  const options = {
    host: '127.0.0.1',
    port: 0,
    baseUrls: ['https://as.example'],
    trustedProxies,
    tls,
  }
  const listener = await listen(options, ({ stopping }) => ({
    ...{ status: 200, headers: {}, body: stopping === true ? 'stopping' : 'serving' },
  }))
  t.after(() => listener.stop(0))
  return listener
}

const options = { host: '127.0.0.1', ca: certificate.cert, servername: 'as.example' }

async function connected({ port }: Listener): Promise<TLSSocket> {
  const socket = connect({ ...options, port })
  await once(socket, 'secureConnect')
  return socket.setEncoding('latin1')
}

test('house: over TLS what was written before the wish to stop is answered, so is what comes a moment after', async (t) => {
  const listener = await listening(t, [])
  const [written, idle] = [await connected(listener), await connected(listener)]
  idle.write(asked)
  assert.match(String(await once(idle, 'data')), /serving$/)
  written.write(asked)
  const answers = [text(written), text(idle)]
  const stopped = listener.stop()
  idle.write(asked)
  const fresh = await connected(listener)
  fresh.write(asked)
  for (const answer of [...answers, text(fresh)]) assert.match(await answer, last)
  await stopped
})

/** A way to the server that keeps what it says to itself until it is told to go on. */
async function holding(t: TestContext, { port }: Listener) {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const said = once(server, 'connection').then(async ([near]: Socket[]) => {
    const far = connectPlain(port, '127.0.0.1')
    near?.pipe(far)
    await once(far, 'readable')
    return () => near !== undefined && far.pipe(near)
  })
  return { port: (server.address() as AddressInfo).port, said }
}

test('house: who is in the middle of a handshake when nothing more is accepted ends it and is answered', async (t) => {
  const listener = await listening(t, [])
  const held = await holding(t, listener)
  const socket = connect({ ...options, port: held.port })
  const secure = once(socket, 'secureConnect')
  const goOn = await held.said
  const stopped = listener.stop()
  await closed(listener)
  goOn()
  await secure
  socket.setEncoding('latin1').write(asked)
  assert.match(await text(socket), last)
  await stopped
})

/** Settles when it accepts no more. */
async function closed(listener: Listener): Promise<void> {
  for (;;) {
    const open = await connected(listener).catch(({ code }) => code !== 'ECONNREFUSED')
    if (open === false) return
    if (open !== true) open.destroy()
  }
}

test('house: over TLS a proxy’s connection has one more answer when nothing more is accepted', async (t) => {
  const listener = await listening(t, ['127.0.0.1'])
  const [used, unused] = [await connected(listener), await connected(listener)]
  for (const socket of [used, unused]) {
    socket.write(asked)
    assert.match(String(await once(socket, 'data')), /serving$/)
  }
  const stopped = listener.stop()
  await closed(listener)
  used.write(asked)
  assert.match(await text(used), last)
  unused.end()
  await stopped
})
