import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { getText } from './get-text.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let connections = 0
let answer: Answer = (_, response) => response.end('{}')
const server = createServer((request, response) => answer(request, response))
server.on('connection', () => {
  connections += 1
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
after(() => {
  server.closeAllConnections()
  server.close()
})
const { port } = server.address() as AddressInfo
const here = new URL(`http://127.0.0.1:${port}/jwks?a=b`)

const limits = { bytes: 65_536, milliseconds: 10_000, privateAddresses: true, by: 'test' }

function gets(make: Answer, milliseconds = limits.milliseconds): Promise<string> {
  answer = make
  return getText(here, { ...limits, milliseconds }).then(({ text }) => text)
}

test('RFC 7517 §5 the text of a 200, asked for by one GET without anything of ours in it', async () => {
  const text = await gets((request, response) => {
    assert.equal(request.method, 'GET')
    assert.equal(request.url, '/jwks?a=b')
    assert.deepEqual(Object.keys(request.headers).sort(), ['accept', 'connection', 'host'])
    response.end('{"keys":["ü"]}')
  })
  assert.equal(text, '{"keys":["ü"]}')
})

for (const status of [201, 204, 304, 400, 404, 500, 503]) {
  test(`S-2 status ${status} is no answer`, async () => {
    await assert.rejects(
      gets((_, response) => response.writeHead(status).end()),
      /status/,
    )
  })
}

for (const location of ['http://127.0.0.1:1/', '/jwks', 'file:///etc/passwd']) {
  test(`S-1 a redirect to ${location} is not followed`, async () => {
    const before = connections
    await assert.rejects(
      gets((_, response) => response.writeHead(302, { location }).end()),
      /status 302/,
    )
    assert.equal(connections, before + 1)
  })
}

test('S-2 more than 64 KiB is cut off, announced or not, and 64 KiB is read', async () => {
  assert.equal((await gets((_, response) => response.end('a'.repeat(65_536)))).length, 65_536)
  const tooLarge = /too large/
  await assert.rejects(
    gets((_, response) => response.end('a'.repeat(65_537))),
    tooLarge,
  )
  await assert.rejects(
    gets((_, response) => {
      const more = (): void => {
        if (response.write('a'.repeat(10_000))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    }),
    tooLarge,
  )
})

const slow: [name: string, make: Answer][] = [
  ['no answer at all', () => {}],
  ['headers and then nothing', (_, response) => response.flushHeaders()],
  [
    'one byte at a time',
    (_, response) => {
      const timer = setInterval(() => response.write('a'), 20)
      response.on('close', () => clearInterval(timer))
    },
  ],
]
for (const [name, make] of slow) {
  test(`S-2 ${name}: cut off in time`, async (t) => {
    const { promise: came, resolve } = Promise.withResolvers<void>()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let ended = false
    const got = gets((request, response) => {
      make(request, response)
      resolve()
    })
    got.catch(() => undefined).finally(() => (ended = true))
    await came
    t.mock.timers.tick(limits.milliseconds - 1)
    await turn()
    assert.equal(ended, false)
    t.mock.timers.tick(1)
    await turn()
    assert.equal(ended, true)
    await assert.rejects(got, /no answer in time/)
  })
}

test('S-2 a connection that breaks off is no answer', async () => {
  await assert.rejects(
    gets((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"keys":[]}')
      setTimeout(() => response.destroy(), 20)
    }),
  )
})

test('S-2 nothing is decompressed, and bytes that are no UTF-8 are no text', async () => {
  await assert.rejects(
    gets((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('a'.repeat(10_000_000)))
    }),
    /not UTF-8/,
  )
})

for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'data:,x']) {
  test(`S-1 ${url} is not fetched`, async () => {
    await assert.rejects(getText(new URL(url), limits), /not an http address/)
  })
}

const inside = [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `LOCALHOST:${port}`,
  `2130706433:${port}`,
  `0x7f.1:${port}`,
  `0177.0.0.1:${port}`,
  `127.1:${port}`,
  `[::1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `[::ffff:7f00:1]:${port}`,
  `0.0.0.0:${port}`,
  `[::]:${port}`,
  `169.254.169.254`,
]
for (const host of inside) {
  test(`S-1 ${host.replace(String(port), '…')} is not connected to unless it was allowed`, async () => {
    const before = connections
    for (const scheme of ['http', 'https']) {
      const url = new URL(`${scheme}://${host}/`)
      const get = getText(url, { ...limits, privateAddresses: false })
      await assert.rejects(get, /the address is not public/)
    }
    assert.equal(connections, before)
  })
}

test('S-1 a name is judged by the address its connection would go to', async () => {
  const before = connections
  const url = new URL(`http://localhost:${port}/`)
  await assert.rejects(getText(url, { ...limits, privateAddresses: false }), /not public/)
  assert.equal(connections, before)
  answer = (_, response) => response.end('named')
  assert.equal((await getText(url, limits)).text, 'named')
})

test('S-2 a name that leads nowhere is an error like any other', async () => {
  const url = new URL('http://nowhere.invalid/')
  for (const privateAddresses of [true, false]) {
    await assert.rejects(getText(url, { ...limits, privateAddresses }))
  }
})
