import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { selfSigned } from '../../test/certificate.ts'
import { type Listener, listen } from './node.ts'

const tls = selfSigned('localhost')
let listener: Listener

before(async () => {
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [], tls }
  listener = await listen(options, ({ origin }) => ({ status: 200, headers: {}, body: origin }))
})

after(() => listener.stop())

function handshake(more: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port: listener.port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost', ...more },
      () => resolve(socket),
    )
    socket.on('error', reject)
  })
}

test('H-11 TLS 1.3 by default; the origin is https and HSTS is sent', async () => {
  const socket = await handshake()
  assert.equal(socket.getProtocol(), 'TLSv1.3')
  assert.equal(socket.authorized, true)
  socket.write(`GET / HTTP/1.1\r\nHost: localhost:${listener.port}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  assert.match(text, /\r\nstrict-transport-security: max-age=\d{8,}\r\n/)
  assert.ok(text.endsWith(`https://localhost:${listener.port}`))
})

test('H-11 TLS 1.2 only with ECDHE and AES-GCM', async () => {
  for (const ciphers of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384']) {
    const socket = await handshake({ maxVersion: 'TLSv1.2', ciphers })
    assert.equal(socket.getCipher().name, ciphers)
    socket.destroy()
  }
  const weak = [
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
  ]
  for (const ciphers of weak) {
    await assert.rejects(handshake({ maxVersion: 'TLSv1.2', ciphers }), /handshake failure/)
  }
})

test('H-11 TLS 1.1 is refused', async () => {
  const old: ConnectionOptions = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }
  await assert.rejects(handshake({ ...old, ciphers: 'ALL:@SECLEVEL=0' }), /protocol version|alert/)
})

test('H-11 renegotiation is refused', async () => {
  const socket = await handshake({ maxVersion: 'TLSv1.2' })
  const outcome = await new Promise((resolve) => {
    socket.on('error', resolve)
    socket.on('close', () => resolve('closed'))
    socket.renegotiate({}, (error) => resolve(error ?? 'renegotiated'))
  })
  assert.notEqual(outcome, 'renegotiated')
  socket.destroy()
})

test('RFC 9112 §9.3.2 over TLS too, many requests written at once are answered in order, and a peer that does not read is closed', async (t) => {
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [], tls }
  const body = 'x'.repeat(8 * 1024 * 1024)
  const own = await listen(
    {
      ...options,
      writeTimeout: 50,
      backlog: { perConnection: 1, inAll: 67_108_864, perTurn: 1 },
    },
    ({ path }) => ({ status: 200, headers: {}, body: path === '/long' ? body : `[${path}]` }),
  )
  t.after(() => own.stop(0))
  const requests = (paths: readonly string[]): string =>
    paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost:${own.port}\r\n\r\n`).join('')
  const socket = await handshake({ port: own.port })
  const paths = Array.from({ length: 1000 }, (_, i) => `/${i}`)
  socket.write(requests(paths))
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes('[/999]')) break
  }
  assert.deepEqual(
    text.match(/\[[^\]]*\]/g),
    paths.map((path) => `[${path}]`),
  )
  const unread = (await handshake({ port: own.port })).pause()
  unread.on('error', () => undefined)
  unread.write(requests(Array<string>(8).fill('/long')))
  const probe = setInterval(() => unread.write('\r\n'), 10)
  await new Promise((resolve) => unread.once('close', resolve))
  clearInterval(probe)
})
