import assert from 'node:assert/strict'
import { once } from 'node:events'
import { ClientRequest, IncomingMessage } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { queryObjects } from 'node:v8'
import { selfSigned } from '../../../test/certificate.ts'
import { getText } from './get-text.ts'

/** What a server does on its own side of a connection, once it was written to. */
type Act = (socket: Socket) => void

/** Connections that a server has, so that a test can wait until the last has gone. */
const open = new Set<Socket>()

async function listening(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Keeps writing until the other side goes; `pause` milliseconds in between, or as fast as it reads. */
function forEver(socket: Socket, text: string, pause?: number): void {
  if (socket.destroyed) return
  const more = (): void => forEver(socket, text, pause)
  const room = socket.write(text)
  if (pause !== undefined) setTimeout(more, pause)
  else if (room) setImmediate(more)
  else socket.once('drain', more)
}

const ok = 'HTTP/1.1 200 OK\r\n'
const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'
const switched = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'
const late = /no answer in time/

const write =
  (text: string): Act =>
  (socket) =>
    socket.write(text)

const odd: readonly (readonly [name: string, act: Act, refused: RegExp])[] = [
  ['nothing', () => {}, late],
  ['100 and nothing more', write('HTTP/1.1 100 Continue\r\n\r\n'), late],
  ['101', write(switched), /status 101/],
  ['101 that names no protocol', write('HTTP/1.1 101 Switching\r\n\r\n'), /status 101|Parse Error/],
  ['101 and bytes for ever', (s) => forEver(s, switched.repeat(100)), /status 101/],
  ['101 and the end', (s) => s.end(switched), /status 101/],
  ['102 and nothing more', write('HTTP/1.1 102 Processing\r\n\r\n'), late],
  ['103 and nothing more', write(early), late],
  ['103 for ever, fast', (s) => forEver(s, early), /status 103 without end/],
  ['103 for ever, slow', (s) => forEver(s, early, 60), late],
  ['199 for ever', (s) => forEver(s, 'HTTP/1.1 199 Odd\r\n\r\n'), /status 199 without end/],
  [
    'a status line that never ends',
    (s) => forEver(s, 'HTTP/1.1 200 x'.repeat(9)),
    /Parse Error|hang up/,
  ],
  [
    'headers that never end, fast',
    (s) => {
      s.write(ok)
      forEver(s, 'a: b\r\n')
    },
    /Parse Error/,
  ],
  [
    'headers that never end, slow',
    (s) => {
      s.write(ok)
      forEver(s, 'a: b\r\n', 20)
    },
    late,
  ],
  ['headers and nothing more', write(`${ok}content-length: 5\r\n\r\n`), late],
  [
    'a body that never ends, slow',
    (s) => {
      s.write(`${ok}\r\n`)
      forEver(s, 'a', 20)
    },
    late,
  ],
  [
    'a body that never ends, fast',
    (s) => {
      s.write(`${ok}\r\n`)
      forEver(s, 'a'.repeat(999))
    },
    /too large/,
  ],
  [
    'chunks that never end',
    (s) => {
      s.write(`${ok}transfer-encoding: chunked\r\n\r\n`)
      forEver(s, '1\r\na\r\n', 20)
    },
    late,
  ],
  [
    'a chunk extension that never ends',
    (s) => {
      s.write(`${ok}transfer-encoding: chunked\r\n\r\n1`)
      forEver(s, ';a=b')
    },
    /Parse Error|aborted/,
  ],
  [
    'trailers that never end',
    (s) => {
      s.write(`${ok}transfer-encoding: chunked\r\n\r\n0\r\n`)
      forEver(s, 'a: b\r\n', 20)
    },
    late,
  ],
  ['an end before any answer', (s) => s.end(), /hang up/],
  ['an end amid the headers', (s) => s.end(`${ok}a: `), /hang up|Parse Error/],
  ['an end amid the body', (s) => s.end(`${ok}content-length: 5\r\n\r\nab`), /aborted/],
  ['a reset', (s) => s.resetAndDestroy(), /ECONNRESET|hang up/],
  ['bytes of another protocol', write('SSH-2.0-x\r\n'), /Parse Error/],
  ['the preface of HTTP/2', write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /Parse Error/],
]

for (const [name, act, refused] of odd) {
  test(`S-2 ${name}: refused, and the connection is given back`, { timeout: 30_000 }, async () => {
    // Half open: what one side ends the other may go on with.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('data', () => act(socket))
    })
    await refusedAt(`http://127.0.0.1:${await listening(server)}/`, refused)
  })
}

const answeredAll: readonly (readonly [name: string, before: string])[] = [
  ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['102 and 103', `HTTP/1.1 102 Processing\r\n\r\n${early}`],
]
for (const [name, before] of answeredAll) {
  test(`RFC 9110 §15.2 ${name} before a 200: the 200 counts`, async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(`${before}${ok}content-length: 2\r\n\r\n{}`))
    })
    assert.equal(await get(`http://127.0.0.1:${await listening(server)}/`), '{}')
  })
}

const { key, cert } = selfSigned()
const tlsActs: readonly (readonly [name: string, server: Server, refused: RegExp])[] = [
  ['a handshake that never begins', createServer(), late],
  [
    'a handshake that never ends',
    createServer((s) => forEver(s, '\x16\x03\x03\x40\x00', 20)),
    late,
  ],
  [
    'bytes that are no TLS',
    createServer((s) => s.write('HTTP/1.1 400 \r\n\r\n')),
    /SSL|TLS|EPROTO/,
  ],
  ['a certificate nobody vouches for', createTlsServer({ key, cert }), /self-signed/],
]
for (const [name, server, refused] of tlsActs) {
  test(`S-2 ${name}: refused, and the connection is given back`, { timeout: 30_000 }, async () => {
    await refusedAt(`https://127.0.0.1:${await listening(server)}/`, refused)
  })
}

test('S-2 a thousand switches of protocol leave nothing in memory', {
  timeout: 60_000,
}, async () => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(switched))
  })
  const url = `http://127.0.0.1:${await listening(server)}/`
  for (let i = 0; i < 50; i++) {
    const all = Array.from({ length: 20 }, (_, by) => get(url, 20_000, `many-${by}`))
    for (const { status } of await Promise.allSettled(all)) assert.equal(status, 'rejected')
  }
  await allClosed()
  assert.ok(queryObjects(ClientRequest, { format: 'count' }) < 50)
  assert.ok(queryObjects(IncomingMessage, { format: 'count' }) < 50)
})

function get(url: string, milliseconds = 20_000, by = 'test'): Promise<string> {
  return getText(new URL(url), { bytes: 65_536, milliseconds, privateAddresses: true, by }).then(
    ({ text }) => text,
  )
}

async function refusedAt(url: string, refused: RegExp): Promise<void> {
  // What is refused for what it is, is refused at once, however long the limit.
  await assert.rejects(get(url, refused === late ? 400 : 20_000), refused)
  await allClosed()
}

async function allClosed(): Promise<void> {
  await Promise.all([...open].filter(({ destroyed }) => !destroyed).map(closed))
}

/** A half-open server's socket goes when it notices that the other side has gone. */
function closed(socket: Socket): Promise<unknown> {
  socket.on('end', () => socket.end())
  socket.resume()
  // An error on the way there is no matter.
  return new Promise((resolve) => socket.once('close', resolve))
}
