import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exchange } from '../../test/raw.ts'
import { world } from '../../test/world.ts'
import { listen } from './node.ts'

const app = 'https://app.example'
const w = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })
const listener = await listen(
  {
    ...{ host: '127.0.0.1', port: 0, trustedProxies: [], refused: w.serve },
    baseUrls: ['http://localhost:8080'],
  },
  w.serve,
)
after(() => listener.stop(0))

const alpha = '/am/oauth2/realms/root/realms/alpha'
const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`

/** What is wrong beside an origin that may ask: first line, header, body. */
const cases: [status: number, line: string, header: string, ...body: string[]][] = [
  [400, 'POST /par', 'Content-Length: 3\r\nContent-Type: text/plain\r\n', 'a=1'],
  [400, 'POST /par', 'Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'],
  [413, 'POST /par', 'Content-Length: 1048577\r\n'],
  [
    413,
    'POST /par',
    'Transfer-Encoding: chunked\r\n',
    ...Array<string>(17).fill(chunk),
    '0\r\n\r\n',
  ],
  [414, `GET /userinfo?${'a'.repeat(8192)}`, ''],
  [431, 'GET /userinfo', 'a: 1\r\n'.repeat(200)],
]

async function ask(
  [, line, header, ...body]: (typeof cases)[number],
  origin: string,
  path = alpha,
): Promise<string> {
  const [method = '', rest = ''] = line.split(' ')
  const head = `${method} ${path}${rest} HTTP/1.1\r\nHost: localhost:8080\r\nOrigin: ${origin}\r\n`
  return exchange(listener.port, `${head}${header}Connection: close\r\n\r\n`, ...body)
}

for (const each of cases) {
  const [status, line, header] = each
  test(`C-28 ${status} of ${line.slice(0, 20)} with ${header.slice(0, 30).trim() || 'nothing'}: a listed origin may read it`, async () => {
    const answer = await ask(each, app)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(answer, /\r\naccess-control-allow-origin: https:\/\/app\.example\r\n/i)
    assert.match(answer, /"error":"\w+"/)
    assert.match(answer, /\r\nconnection: close\r\n/i)
    const strange = await ask(each, 'https://evil.example')
    assert.match(strange, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.doesNotMatch(strange, /access-control-allow/i)
  })
}

test('PingAM: rest-api-crest-status-codes what is refused unread has the form of the endpoint', async () => {
  const answer = await ask(
    cases[2] as (typeof cases)[number],
    app,
    '/am/json/realms/root/realms/alpha/authenticate?',
  )
  assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"code":413,"reason":"Payload Too Large"/)
})

test('H-4 where no endpoint was asked it is the server’s own', async () => {
  const answer = await ask(cases[2] as (typeof cases)[number], app, '/nowhere')
  assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"error":"payload_too_large"/)
})
