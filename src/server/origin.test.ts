import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OriginOptions, type OriginRead, originReader } from './origin.ts'

const bare: OriginOptions = { scheme: 'http', port: 8080, baseUrls: [], trustedProxies: [] }
const port80: OriginOptions = { ...bare, port: 80 }
const based: OriginOptions = {
  ...bare,
  baseUrls: ['https://as.example', 'https://login.example:8443', 'http://as.example'],
}
const secure: OriginOptions = { ...based, scheme: 'https' }
const outside: OriginOptions = { ...bare, baseUrls: ['https://as.example'] }
const aliased: OriginOptions = { ...outside, alias: (host) => host === 'alpha.example' }
const onlyAlias: OriginOptions = { ...bare, alias: (host) => host === 'alpha.example' }

function read(options: OriginOptions, url: string, rawHeaders: readonly string[]): OriginRead {
  const headers: Record<string, string> = {}
  for (let i = 0; i < rawHeaders.length; i += 2) {
    // As Node: of several Host fields the first one counts.
    headers[String(rawHeaders[i]).toLowerCase()] ??= String(rawHeaders[i + 1])
  }
  const socket = { remoteAddress: '203.0.113.5' }
  const found = originReader(options)({ url, headers, rawHeaders, socket })
  assert.ok(!(found instanceof Promise), 'nothing had to be waited for')
  return found
}

function outcome(found: OriginRead): string | number {
  return 'refused' in found ? found.refused : found.origin
}

const hosts: [name: string, options: OriginOptions, host: string, expected: string | 400 | 421][] =
  [
    ['nothing set', bare, 'localhost:8080', 'http://localhost:8080'],
    ['in any case', bare, 'LocalHost:8080', 'http://localhost:8080'],
    ['127.0.0.1', bare, '127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]', bare, '[::1]:8080', 'http://[::1]:8080'],
    ['another port', bare, 'localhost:9090', 421],
    ['no port', bare, 'localhost', 421],
    ['port 80 left out', port80, 'localhost', 'http://localhost'],
    ['port 80 said', port80, 'localhost:80', 'http://localhost'],
    ['evil', bare, 'evil.example', 421],
    ['evil at our port', bare, 'evil.example:8080', 421],
    ['begins as ours', bare, 'localhost.evil.example:8080', 421],
    ['trailing dot', bare, 'localhost.:8080', 400],
    ['userinfo', bare, 'localhost:8080@evil.example', 400],
    ['path', bare, 'localhost:8080/evil', 400],
    ['space', bare, 'localhost:8080 evil', 400],
    ['list', bare, 'localhost:8080, evil.example', 400],
    ['empty', bare, '', 400],
    ['two ports', bare, 'localhost:8080:80', 400],
    ['impossible port', bare, 'localhost:99999', 400],
    ['base URL', based, 'login.example:8443', 'https://login.example:8443'],
    ['base URL, http listener', based, 'as.example', 'http://as.example'],
    ['base URL, https listener', secure, 'as.example', 'https://as.example'],
    ['base URL with :443', based, 'as.example:443', 'https://as.example'],
    ['TLS may end before us', outside, 'as.example', 'https://as.example'],
    ['localhost beside a base URL', based, 'localhost:8080', 421],
    ['base URL at another port', based, 'login.example', 421],
    ['alias of a realm', aliased, 'alpha.example', 'https://alpha.example'],
    ['alias with :443', aliased, 'alpha.example:443', 'https://alpha.example'],
    ['alias at another port', aliased, 'alpha.example:8080', 421],
    ['no alias', aliased, 'beta.example', 421],
    ['alias at our port', onlyAlias, 'alpha.example:8080', 'http://alpha.example:8080'],
    ['alias elsewhere', onlyAlias, 'alpha.example', 421],
  ]

for (const [name, options, host, expected] of hosts) {
  test(`R-12 C-19 Host: ${name}`, () => {
    assert.equal(outcome(read(options, '/', ['Host', host])), expected)
  })
}

test('R-12 RFC 9112 §3.2 no Host, or more than one, is 400', () => {
  const host = 'localhost:8080'
  assert.equal(outcome(read(bare, '/', [])), 400)
  assert.equal(outcome(read(bare, '/', ['Host', host, 'HOST', 'evil.example'])), 400)
  assert.equal(outcome(read(bare, '/', ['Host', host, 'X', 'y', 'host', host])), 400)
})

const strangers: readonly (readonly [string, string])[] = [
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Port', '1'],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Uri', '/evil'],
  ['Forwarded', 'host=evil.example;proto=https;for=127.0.0.1'],
  ['X-Original-Host', 'evil.example'],
  ['X-Host', 'evil.example'],
]

for (const [name, value] of strangers) {
  test(`R-12 ${name} of somebody who is no trusted proxy changes nothing`, () => {
    const options = [
      bare,
      { ...bare, trustedProxies: ['10.0.0.0/8'], baseUrls: ['http://localhost:8080'] },
    ]
    for (const option of options) {
      assert.deepEqual(read(option, '/a', ['Host', 'localhost:8080', name, value]), {
        ...{ origin: 'http://localhost:8080', peer: '203.0.113.5', target: '/a', proxied: false },
      })
    }
  })
}

const targets: [url: string, host: string, target: string | number][] = [
  ['/a?b#c', 'localhost:8080', '/a?b#c'],
  ['//evil.example/a', 'localhost:8080', '//evil.example/a'],
  ['http://localhost:8080/a?b=http://c/d', 'localhost:8080', '/a?b=http://c/d'],
  ['HTTP://LOCALHOST:8080', 'localhost:8080', '/'],
  ['http://localhost:8080?b', 'localhost:8080', '/?b'],
  // RFC 9112 §3.2.2: the host of an absolute form is the one that counts.
  ['http://localhost:8080/a', 'evil.example', '/a'],
  ['http://evil.example/a', 'localhost:8080', 421],
  ['http://localhost:8080@evil.example/', 'localhost:8080', 400],
  ['http:///a', 'localhost:8080', 400],
  ['ftp://localhost:8080/', 'localhost:8080', 400],
  ['localhost:8080', 'localhost:8080', 400],
  ['*', 'localhost:8080', 400],
]

for (const [url, host, expected] of targets) {
  test(`R-12 request target ${url} with Host: ${host}`, () => {
    const found = read(bare, url, ['Host', host])
    assert.equal('refused' in found ? found.refused : found.target, expected)
    if ('origin' in found) assert.equal(found.origin, 'http://localhost:8080')
  })
}
