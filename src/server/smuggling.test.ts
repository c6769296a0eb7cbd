import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchange } from '../../test/raw.ts'
import { type Listener, listen } from './node.ts'

const seen: string[] = []
let listener: Listener

before(async () => {
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [] }
  listener = await listen(options, ({ path }) => {
    seen.push(path)
    return { status: 200, headers: {}, body: '' }
  })
})

after(() => listener.stop())

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
const bad: readonly [name: string, request: (host: string) => string][] = [
  [
    'Content-Length and Transfer-Encoding',
    (h) =>
      `POST / HTTP/1.1\r\n${h}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'Transfer-Encoding and Content-Length',
    (h) =>
      `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'two Content-Lengths',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n${smuggled}`,
  ],
  ['a list of lengths', (h) => `POST / HTTP/1.1\r\n${h}\r\nContent-Length: 5, 5\r\n\r\nabcde`],
  ['a signed length', (h) => `POST / HTTP/1.1\r\n${h}\r\nContent-Length: +5\r\n\r\nabcde`],
  ['a hexadecimal length', (h) => `POST / HTTP/1.1\r\n${h}\r\nContent-Length: 0x5\r\n\r\nabcde`],
  ['xchunked', (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  [
    'chunked, identity',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  ],
  [
    'gzip, chunked',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'chunked twice',
    (h) =>
      `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a space before the colon',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a vertical tab in the coding',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n`,
  ],
  ['obs-fold', (h) => `GET / HTTP/1.1\r\n${h}\r\nX-A: 1\r\n folded\r\n\r\n`],
  [
    'obs-fold in Transfer-Encoding',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['bare LF between headers', (h) => `GET / HTTP/1.1\n${h}\n\n`],
  ['bare LF at the end of the header', (h) => `GET / HTTP/1.1\r\n${h}\r\nX-A: 1\n\r\n`],
  ['bare CR in a header', (h) => `GET / HTTP/1.1\r\n${h}\r\nX-A: 1\rX-B: 2\r\n\r\n`],
  [
    'CR LF and a letter at the end (CVE-2025-23167)',
    (h) => `GET / HTTP/1.1\r\n${h}\r\n\rX${smuggled}`,
  ],
  [
    'bare LF after a chunk size',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked\r\n\r\n1\nX\r\n0\r\n\r\n`,
  ],
  [
    'bare LF after a chunk',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nX\n0\r\n\r\n`,
  ],
  [
    'a chunk size with rubbish',
    (h) => `POST / HTTP/1.1\r\n${h}\r\nTransfer-Encoding: chunked\r\n\r\n1g\r\nX\r\n0\r\n\r\n`,
  ],
  ['NUL in a header', (h) => `GET / HTTP/1.1\r\n${h}\r\nX-A: \0\r\n\r\n`],
  ['no Host', () => 'GET / HTTP/1.1\r\n\r\n'],
  ['two Hosts', (h) => `GET / HTTP/1.1\r\n${h}\r\n${h}\r\n\r\n`],
  ['HTTP/0.9', () => 'GET /\r\n\r\n'],
  ['HTTP/2 in the clear', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no HTTP at all', () => '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
]

for (const [name, request] of bad) {
  test(`H-1 ${name}: 400 and closed, nothing behind it is read`, async () => {
    seen.length = 0
    const text = await exchange(listener.port, request(`Host: localhost:${listener.port}`))
    assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/)
    assert.match(text, /\r\nconnection: close\r\n/i)
    assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 1)
    assert.deepEqual(seen, [])
  })
}
