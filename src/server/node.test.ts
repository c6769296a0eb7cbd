import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { ownTime } from '../../test/own-time.ts'
import { exchange } from '../../test/raw.ts'
import type { HttpRequest, HttpResponse, Serve } from '../base/http.ts'
import { type Listener, listen } from './node.ts'

const seen: HttpRequest[] = []
let next: Serve = () => ({ status: 200, headers: {}, body: '' })
let listener: Listener

const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [] }

before(async () => {
  listener = await listen({ ...options, anyHost: ['/live'] }, (request) => {
    seen.push(request)
    return next(request)
  })
})

after(() => listener.stop())

const host = (): string => `Host: localhost:${listener.port}`
const post = (body: string): string =>
  `POST /x HTTP/1.1\r\n${host()}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`

function serve(answer: Serve): void {
  seen.length = 0
  next = answer
}

const hello = (): HttpResponse => ({ status: 200, headers: { 'x-a': ['1', '2'] }, body: 'hällo' })

test('house: a request arrives as plain data and its answer leaves as it was made', async () => {
  serve(hello)
  const answer = await exchange(
    listener.port,
    `GET /a%2fb?q=%zz HTTP/1.1\r\n${host()}\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  assert.match(answer, /x-a: 1\r\nx-a: 2\r\n/)
  assert.match(answer, /content-length: 6\r\n/)
  assert.ok(answer.endsWith(Buffer.from('hällo').toString('latin1')))
  const { rawHeaders, headers, body, trace, ...rest } = seen[0] as HttpRequest
  assert.match(answer, new RegExp(`\\r\\nx-request-id: ${trace.id}\\r\\n`))
  assert.deepEqual(rest, {
    ...{ method: 'GET', path: '/a%2fb', query: 'q=%zz', rest: '' },
    ...{ origin: `http://localhost:${listener.port}`, peer: '127.0.0.1' },
  })
  assert.equal(headers['x-a'], '1, 2')
  assert.equal(rawHeaders.filter((name) => name === 'X-A').length, 2)
  assert.equal(body.length, 0)
})

const bodies = [
  '',
  'ascii',
  '\u007f',
  '\u0080',
  'h\u00e4llo',
  '\u20ac',
  '\u{1f98a} ascii',
  'x'.repeat(70_000),
]

test('house: whatever is in a text, its bytes are UTF-8, and as many as were announced', async () => {
  const ways = [Object.freeze({}), { 'x-a': 'é' }]
  const all = [...bodies, ...bodies.map((each) => Buffer.from(each))]
  for (const [body, headers] of all.flatMap((each) => ways.map((way) => [each, way] as const))) {
    serve(() => ({ status: 200, headers, body }))
    const answer = await exchange(
      listener.port,
      `GET / HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`,
    )
    const bytes = Buffer.from(body)
    if ('x-a' in headers && typeof body === 'string' && body !== '')
      assert.match(answer, /x-a: \xc3\xa9\r\n/)
    assert.match(answer, new RegExp(`\r\ncontent-length: ${bytes.length}\r\n`))
    assert.equal(answer.slice(answer.indexOf('\r\n\r\n') + 4), bytes.toString('latin1'))
  }
})

test('house: who asks before there is anything to answer by waits for it, and nobody after them', async () => {
  const { promise, resolve } = Promise.withResolvers<Serve>()
  const early = await listen(options, promise)
  const ask = (path: string): Promise<string> =>
    exchange(
      early.port,
      `GET ${path} HTTP/1.1\r\nHost: localhost:${early.port}\r\nConnection: close\r\n\r\n`,
    )
  try {
    const first = ask('/first')
    const answers: string[] = []
    resolve(({ path }) => {
      answers.push(path)
      return { status: 200, headers: {}, body: path }
    })
    assert.ok((await first).endsWith('/first'))
    assert.ok((await ask('/second')).endsWith('/second'))
    assert.deepEqual(answers, ['/first', '/second'])
  } finally {
    await early.stop(0)
  }
})

test('house: bodies arrive whole, in one piece or in many, in either framing', async () => {
  serve(({ body }) => ({ status: 201, headers: {}, body }))
  assert.match(await exchange(listener.port, post('a=1')), /^HTTP\/1\.1 201 [\s\S]*\r\n\r\na=1$/)
  const long = 'x'.repeat(200_000)
  assert.ok((await exchange(listener.port, post(long))).endsWith(`\r\n\r\n${long}`))
  const head = `POST /x HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`
  const chunked = await exchange(listener.port, head, '3\r\na=1\r\n', '2\r\n&b\r\n0\r\n\r\n')
  assert.match(chunked, /\r\n\r\na=1&b$/)
})

test('house: HEAD gets the header of GET; 204 has no length', async () => {
  serve(hello)
  const head = await exchange(
    listener.port,
    `HEAD / HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`,
  )
  assert.match(head, /content-length: 6\r\n[\s\S]*\r\n\r\n$/)
  serve(() => ({ status: 204, headers: {}, body: '' }))
  const none = await exchange(
    listener.port,
    `GET / HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`,
  )
  assert.match(none, /^HTTP\/1\.1 204 /)
  assert.doesNotMatch(none, /content-length/i)
})

test('house: a throw, a rejection and a header with a line break become 500, and serving goes on', async () => {
  const bugs: Serve[] = [
    () => {
      throw new Error('sync')
    },
    () => Promise.reject(new Error('async')),
    () => ({ status: 200, headers: { location: 'a\r\nset-cookie: b' }, body: '' }),
    async () => ({ status: 200, headers: { location: 'a\nb' }, body: '' }),
  ]
  for (const bug of bugs) {
    serve(bug)
    const answer = await exchange(listener.port, `GET / HTTP/1.1\r\n${host()}\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 500 [\s\S]*"error":"server_error"/)
    assert.doesNotMatch(answer, /sync|set-cookie/)
  }
  serve(hello)
  assert.match(await exchange(listener.port, post('')), /^HTTP\/1\.1 200 /)
})

test('H-1 rubbish behind a request that is still being answered draws no second answer', async () => {
  let finish: (() => void) | undefined
  serve(() => new Promise((resolve) => (finish = () => resolve(hello()))))
  const answer = await exchange(
    listener.port,
    `GET /first HTTP/1.1\r\n${host()}\r\n\r\n`,
    'rubbish\n\n',
  )
  assert.equal(answer, '')
  finish?.()
})

test('H-1 requests in one go are answered in their order', async () => {
  const waits: Record<string, number> = { '/1': 30, '/2': 0 }
  serve(async ({ path }) => {
    await new Promise((resolve) => setTimeout(resolve, waits[path]))
    return { status: 200, headers: {}, body: `body of ${path}` }
  })
  const answer = await exchange(
    listener.port,
    `GET /1 HTTP/1.1\r\n${host()}\r\n\r\nGET /2 HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`,
  )
  assert.ok(answer.indexOf('body of /1') < answer.indexOf('body of /2'))
})

test('H-4 a body above 1 MiB: 413, read by the client although it still sends', async () => {
  serve(hello)
  const size = 1024 * 1024
  const fits = await exchange(listener.port, post('x'.repeat(size)))
  assert.match(fits, /^HTTP\/1\.1 200 /)
  serve(hello)
  const announced = await exchange(listener.port, post('x'.repeat(size + 1)))
  assert.match(announced, /^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*payload_too_large/i)
  const head = `POST /x HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: chunked\r\n\r\n`
  const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`
  const counted = await exchange(listener.port, head, ...Array<string>(20).fill(chunk), '0\r\n\r\n')
  assert.match(counted, /^HTTP\/1\.1 413 /)
  assert.deepEqual(seen, [])
})

test('H-4 who goes on sending a refused body still reads the answer, and no reset', async () => {
  serve(hello)
  const socket = connect(listener.port, '127.0.0.1')
  const answer = text(socket)
  socket.write(`POST /x HTTP/1.1\r\n${host()}\r\nContent-Length: 2000000\r\n\r\n`)
  // From the first byte of the answer on it reads for two seconds more.
  await once(socket, 'data')
  for (let sent = 0; sent < 2_000_000; sent += 100_000) {
    assert.equal(socket.destroyed, false)
    await new Promise((resolve) => socket.write('x'.repeat(100_000), resolve))
  }
  assert.match(await answer, /^HTTP\/1\.1 413 /)
})

test('H-4 a refused body that never ends is cut off after two seconds', async () => {
  serve(hello)
  const waited = ownTime()
  const head = `POST /x HTTP/1.1\r\n${host()}\r\nContent-Length: 99999999\r\n\r\n`
  assert.match(await exchange(listener.port, head), /^HTTP\/1\.1 413 /)
  assert.ok(waited() < 4000, `${waited()} ms`)
})

test('RFC 9110 §10.1.1 Expect: 100-continue is answered, and refused before too much is sent', async () => {
  serve(hello)
  const head = (length: number): string =>
    `POST /x HTTP/1.1\r\n${host()}\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`
  assert.match(
    await exchange(listener.port, head(3), 'a=1'),
    /^HTTP\/1\.1 100 [\s\S]*HTTP\/1\.1 200 /,
  )
  assert.match(await exchange(listener.port, head(2 ** 21)), /^HTTP\/1\.1 413 /)
})

const close = 'Connection: close\r\n\r\n'
const sizes: readonly [name: string, status: number, request: (host: string) => string][] = [
  ['a URL of 8 KiB', 200, (h) => `GET /${'a'.repeat(8191)} HTTP/1.1\r\n${h}\r\n${close}`],
  ['a longer URL', 414, (h) => `GET /${'a'.repeat(8192)} HTTP/1.1\r\n${h}\r\n${close}`],
  ['a URL of 64 KiB', 431, (h) => `GET /${'a'.repeat(65536)} HTTP/1.1\r\n${h}\r\n${close}`],
  [
    'a header of 64 KiB',
    431,
    (h) => `GET / HTTP/1.1\r\n${h}\r\nX: ${'a'.repeat(65536)}\r\n${close}`,
  ],
  ['200 header fields', 200, (h) => `GET / HTTP/1.1\r\n${h}\r\n${'a: 1\r\n'.repeat(198)}${close}`],
  ['201 header fields', 431, (h) => `GET / HTTP/1.1\r\n${h}\r\n${'a: 1\r\n'.repeat(199)}${close}`],
]

for (const [name, status, request] of sizes) {
  test(`H-4 ${name}: ${status}`, async () => {
    serve(hello)
    const answer = await exchange(listener.port, request(host()))
    assert.equal(answer.slice(0, 12), `HTTP/1.1 ${status}`)
  })
}

test('C-2d all 180 cookies a browser keeps of a site may be interactions: they are read', async () => {
  serve(hello)
  const request = `GET / HTTP/1.1\r\n${host()}\r\nCookie: ${interactions(180)}\r\n${close}`
  assert.ok(request.length > 20_000)
  assert.equal((await exchange(listener.port, request)).slice(0, 12), 'HTTP/1.1 200')
})

test('C-2d a header too large to be read is refused with its interactions ended, so that another try is read', async () => {
  serve(hello)
  const own = interactions(180).split('; ')
  const strange = `session=${'x'.repeat(15_000)}`
  const jar = new Map(
    [strange, ...own, 'parapet-login=x'].map((pair) => [pair.split('=')[0], pair]),
  )
  const statuses: string[] = []
  for (let i = 0; i < 12 && statuses.at(-1) !== '200'; i++) {
    const cookie = [...jar.values()].join('; ')
    const answer = await exchange(
      listener.port,
      `GET / HTTP/1.1\r\n${host()}\r\nCookie: ${cookie}\r\n${close}`,
    )
    statuses.push(answer.slice(9, 12))
    const ended = [
      ...answer.matchAll(/^set-cookie: ([^=]+)=; Path=\/; Max-Age=0; .*(Secure)?\r$/gm),
    ]
    for (const [, name] of ended) jar.delete(name)
  }
  assert.ok(statuses.length > 1)
  assert.deepEqual([...new Set(statuses)], ['431', '200'])
  assert.ok(jar.has('session') && jar.has('parapet-login'))
})

test('R-12 a strange Host: 421; a probe may ask for health by any name', async () => {
  serve(({ origin }) => ({ status: 200, headers: {}, body: origin }))
  const ask = (path: string, name: string): Promise<string> =>
    exchange(listener.port, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\n${close}`)
  assert.match(await ask('/x', 'evil.example'), /^HTTP\/1\.1 421 /)
  assert.match(await ask('/live?x', '10.0.0.7:8080'), /^HTTP\/1\.1 200 /)
  assert.ok((await ask('/live', 'evil.example')).endsWith(`http://localhost:${listener.port}`))
  assert.match(await ask('/live', 'a b'), /^HTTP\/1\.1 400 /)
})

/** That many cookies of open logins, as long as real ones. */
function interactions(count: number): string {
  const one = (_: unknown, i: number): string => {
    const name = `${i % 2 === 0 ? '__Host-' : ''}parapet-${String(i).padStart(12, '0')}`
    return `${name}=${'n'.repeat(16)}.t5oqo0.${'s'.repeat(22)}.${'m'.repeat(43)}`
  }
  return Array.from({ length: count }, one).join('; ')
}
