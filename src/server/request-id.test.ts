import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exchange } from '../../test/raw.ts'
import { world } from '../../test/world.ts'
import { random } from '../base/random.ts'
import { demoEndpoints } from '../demo/relying-party.ts'
import { endpoints } from '../endpoint/index.ts'
import { router } from '../endpoint/serve/route.ts'
import { listen } from './node.ts'
import { logLines } from './observe/log-lines.ts'

const app = 'https://app.example'
const w = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })
const demo = demoEndpoints({ baseUrl: 'http://localhost:8080/am', random })
const serve = router([...endpoints, ...demo], w.realms)
const listener = await listen(
  {
    ...{ host: '127.0.0.1', port: 0, trustedProxies: [], refused: serve },
    baseUrls: ['http://localhost:8080'],
  },
  serve,
)
after(() => listener.stop(0))

let log = ''
const write = (line: string): void => {
  log += line
}
const written = (): Promise<void> => Promise.resolve()
const stop = logLines({ level: 'debug', format: 'json' }, { write, written })
after(() => stop())

const alpha = '/am/oauth2/realms/root/realms/alpha'
const css = `/am${endpoints.find(({ path }) => path.endsWith('.css'))?.path}`
const host = 'Host: localhost:8080\r\n'
const id = 'call-1/of:somebody'

/** Everything a server may say no or yes to; whether the caller's own name could be read of it. */
const answers: readonly [what: string, status: number, head: string, named: boolean][] = [
  ['a document', 200, `GET ${alpha}/.well-known/openid-configuration HTTP/1.1\r\n${host}`, true],
  ['a static file', 200, `GET ${css} HTTP/1.1\r\n${host}`, true],
  ['what is there already', 304, `GET ${css} HTTP/1.1\r\n${host}If-None-Match: *\r\n`, true],
  ['health', 200, `GET /am/json/health/live HTTP/1.1\r\n${host}`, true],
  ['a path that leads nowhere', 404, `GET /nowhere HTTP/1.1\r\n${host}`, true],
  [
    'a realm that is not there',
    404,
    `GET /am/oauth2/realms/root/realms/zulu/authorize HTTP/1.1\r\n${host}`,
    true,
  ],
  ['another method', 405, `PUT ${alpha}/par HTTP/1.1\r\n${host}`, true],
  ['an error page', 400, `GET ${alpha}/authorize HTTP/1.1\r\n${host}`, true],
  ['a login page', 200, `GET /am/XUI/?realm=/alpha HTTP/1.1\r\n${host}`, true],
  ['REST without a session', 401, `GET /am/json/realms/root/users HTTP/1.1\r\n${host}`, true],
  ['an error of the demo', 405, `PUT /demo HTTP/1.1\r\n${host}`, true],
  [
    'a preflight',
    204,
    `OPTIONS ${alpha}/par HTTP/1.1\r\n${host}Origin: ${app}\r\nAccess-Control-Request-Method: POST\r\n`,
    true,
  ],
  ['another host', 421, 'GET / HTTP/1.1\r\nHost: evil.example\r\n', true],
  ['too long a target', 414, `GET /${'a'.repeat(8192)} HTTP/1.1\r\n${host}`, true],
  ['too many headers', 431, `GET / HTTP/1.1\r\n${host}${'a: 1\r\n'.repeat(200)}`, true],
  [
    'a header past what is read',
    431,
    `GET / HTTP/1.1\r\n${host}b: ${'b'.repeat(70_000)}\r\n`,
    false,
  ],
  ['what is no HTTP', 400, 'GET / HTTP/9.9\r\n', false],
]

/** The name an answer says it has. */
function nameIn(answer: string): string | undefined {
  return /\r\nx-request-id: ([^\r]*)\r\n/i.exec(answer)?.[1]
}

for (const [what, status, head, named] of answers) {
  test(`house: the answer says how the request is called, by its caller’s name where it could be read: ${what}`, async () => {
    log = ''
    const sent = `${head}X-Request-Id: ${id}\r\nConnection: close\r\n\r\n`
    const answer = await exchange(listener.port, sent)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    const name = nameIn(answer)
    if (named) assert.equal(name, id)
    else assert.match(name ?? '', /^[\da-f]{32}$/)
    const lines = log.split('\n').filter((line) => line !== '')
    assert.ok(lines.length > 0, 'nothing was told')
    for (const line of lines)
      assert.equal((JSON.parse(line) as { request?: string }).request, name, line)
  })
}

/** Names that are none, or would be something else in a header, a line of JSON, a terminal or a page. */
const hostile: readonly [name: string, header: string][] = [
  ['a header of its own', 'a\rx-evil: 1'],
  ['the end of a text', 'a","level":"alarm'],
  ['an element', '<script>alert(1)</script>'],
  ['an end of an attribute', '"onload=alert(1)'],
  ['an escape of a terminal', 'a\x1b[2J'],
  ['a control of the second row', 'a\x85b'],
  ['a name without end', 'a'.repeat(4000)],
  ['two names', 'a, b'],
  ['nothing', ''],
]

for (const field of ['X-Request-Id', 'X-ForgeRock-TransactionId', 'traceparent']) {
  for (const [what, value] of hostile) {
    test(`P-1 ${field}: ${what} breaks no header, no line and no page`, async () => {
      log = ''
      const head = `GET ${alpha}/authorize HTTP/1.1\r\n${host}${field}: ${value}\r\n`
      const answer = await exchange(listener.port, `${head}Connection: close\r\n\r\n`)
      assert.match(nameIn(answer) ?? '', /^[\da-f]{32}$/)
      if (value !== '') assert.ok(!answer.includes(value), answer)
      assert.doesNotMatch(answer, /x-evil|alert\(1\)/)
      const lines = log.split('\n').slice(0, -1)
      assert.ok(lines.length > 0)
      for (const line of lines) {
        const { level, request } = JSON.parse(line) as Record<string, unknown>
        assert.notEqual(level, 'alarm')
        assert.equal(request, nameIn(answer))
      }
    })
  }
}

test('C-28 a web origin may read the name of a request where it may read the answer, and nowhere else', async () => {
  const ask = (path: string, origin: string): Promise<string> =>
    exchange(
      listener.port,
      `GET ${alpha}${path} HTTP/1.1\r\n${host}Origin: ${origin}\r\nConnection: close\r\n\r\n`,
    )
  const may = /\r\naccess-control-expose-headers: [^\r]*x-request-id/i
  assert.match(await ask('/userinfo', app), may)
  assert.match(await ask('/connect/jwk_uri', 'https://any.example'), may)
  assert.doesNotMatch(await ask('/userinfo', 'https://any.example'), /access-control-expose/i)
})
