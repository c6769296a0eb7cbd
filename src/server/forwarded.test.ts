import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { type OriginOptions, type OriginRead, originReader } from './origin.ts'

const proxied: OriginOptions = {
  ...{ scheme: 'http', port: 8080, baseUrls: [] },
  trustedProxies: ['10.0.0.0/8', '::1', '2001:db8::/32'],
}
const based: OriginOptions = {
  ...proxied,
  baseUrls: ['https://as.example', 'https://login.example:8443', 'http://as.example'],
}
const proxy = '10.1.2.3'

type Headers = Readonly<Record<string, string>>

function read(options: OriginOptions, from: string, more: Headers): OriginRead {
  const headers = { host: 'inner', ...more }
  const rawHeaders = Object.entries(headers).flat()
  const found = originReader(options)({
    url: '/',
    headers,
    rawHeaders,
    socket: { remoteAddress: from },
  })
  assert.ok(!(found instanceof Promise), 'nothing had to be waited for')
  return found
}

function xHost(name: string, proto?: string): Headers {
  const host = { 'x-forwarded-host': name }
  return proto === undefined ? host : { ...host, 'x-forwarded-proto': proto }
}

const rfc = (forwarded: string): Headers => ({ forwarded })

const cases: [name: string, headers: Headers, expected: string | 400 | 421][] = [
  ['host and scheme', xHost('as.example', 'https'), 'https://as.example'],
  ['host alone', xHost('as.example'), 'http://as.example'],
  ['default port dropped', xHost('as.example:443', 'https'), 'https://as.example'],
  ['RFC 7239', rfc('for=192.0.2.1;host="as.example:8443";proto=https'), 'https://as.example:8443'],
  ['RFC 7239 in other case', rfc('Host=AS.example;Proto=HTTPS'), 'https://as.example'],
  ['the nearest proxy wrote last', xHost('evil.example, as.example'), 'http://as.example'],
  ['… RFC 7239', rfc('host=evil.example, host=as.example'), 'http://as.example'],
  ['a comma in quotes', rfc('host=as.example;for="x, host=evil.example"'), 'http://as.example'],
  ['an escaped quote', rfc('for="\\", host=evil.example";host=as.example'), 'http://as.example'],
  ['no scheme of ours', xHost('as.example', 'javascript'), 400],
  ['no host name', xHost('a b'), 400],
  ['userinfo', xHost('as.example@evil.example'), 400],
  ['agreement', { ...xHost('as.example'), ...rfc('host=AS.example') }, 'http://as.example'],
  ['hosts that differ', { ...xHost('as.example'), ...rfc('host=evil.example') }, 400],
  ['schemes that differ', { ...xHost('as.example', 'https'), ...rfc('proto=http') }, 400],
  ['clients that differ', { 'x-forwarded-for': '192.0.2.1', ...rfc('for=192.0.2.2') }, 400],
  ['no host: Host itself is not believed', { host: 'as.example' }, 421],
]

for (const [name, headers, expected] of cases) {
  test(`R-12 C-19 a trusted proxy says: ${name}`, () => {
    const found = read(proxied, proxy, headers)
    assert.equal('refused' in found ? found.refused : found.origin, expected)
  })
}

test('R-12 C-19 who is a trusted proxy', () => {
  const believed = (from: string): boolean => 'origin' in read(proxied, from, xHost('as.example'))
  const trusted = ['10.255.0.1', '::1', '2001:db8:1::7', '::ffff:10.0.0.1']
  const others = ['11.0.0.1', '::2', '2001:db9::1', '127.0.0.1', '']
  assert.deepEqual(trusted.filter(believed), trusted)
  assert.deepEqual(others.filter(believed), [])
})

const chosen: [name: string, headers: Headers, expected: string | 421][] = [
  ['it chooses one', xHost('login.example:8443'), 'https://login.example:8443'],
  ['its scheme counts', { host: 'as.example', 'x-forwarded-proto': 'https' }, 'https://as.example'],
  ['the other scheme', xHost('as.example', 'http'), 'http://as.example'],
  ['nothing beside them', { host: 'as.example', ...xHost('evil.example') }, 421],
]

for (const [name, headers, expected] of chosen) {
  test(`R-12 C-19 a trusted proxy and base URLs: ${name}`, () => {
    const found = read(based, proxy, headers)
    assert.equal('refused' in found ? found.refused : found.origin, expected)
  })
}

const outer = '10.9.9.9'
const x = (host: string, proto: string, list: string): Headers => ({
  ...xHost(host, proto),
  'x-forwarded-for': list,
})

/** What arrives over one, two and three trusted proxies, the nearest of which always is `proxy`. */
const chains: [name: string, headers: Headers, expected: string | number][] = [
  ['two, each adding', x('as.example, inner.local', 'https,http', `1.1.1.1, ${outer}`), 'as'],
  ['two, made up before', x('evil, as.example, inner', 'x, https,http', `1.1.1.1, ${outer}`), 'as'],
  ['three', x('as.example, b, c', 'https, http, http', `1.1.1.1, ${outer}, 10.8.8.8`), 'as'],
  ['two, the inner one leaves host', x('as.example', 'https, http', `1.1.1.1, ${outer}`), 'as'],
  ['two, the inner one leaves all', x('as.example', 'https', `1.1.1.1, ${outer}`), 'as'],
  ['the one behind is a stranger', x('evil.example, as.example', 'http, https', '1.1.1.1'), 'as'],
  [
    'a stranger between two',
    x('evil.example, evil.example, as.example', 'http, http, https', `${outer}, 1.1.1.1`),
    'as',
  ],
  ['two, Forwarded', rfc(`for=1.1.1.1;host=as.example;proto=https, for=${outer};host=b`), 'as'],
  [
    'two, Forwarded, made up before',
    rfc(`for=9.9.9.9;host=evil, for=1.1.1.1;host=as.example;proto=https, for="${outer}:80";host=b`),
    'as',
  ],
  [
    'two, Forwarded, the outer one names no host',
    rfc(`for=1.1.1.1;proto=https, for=${outer};host=as.example;proto=http`),
    'as',
  ],
  [
    'two, Forwarded, strangers name no host',
    rfc(`for=9.9.9.9;host=evil, for=1.1.1.1, for=${outer};host=as.example;proto=https`),
    'as',
  ],
  [
    'both families, each of two',
    {
      ...x('as.example, b', 'https, http', `1.1.1.1, ${outer}`),
      ...rfc(`for=1.1.1.1;host=as.example;proto=https, for=${outer};host=b;proto=http`),
    },
    'as',
  ],
  [
    'hosts without a chain beside Forwarded with one',
    { ...xHost('as.example, b', 'https, http'), ...rfc(`for=1.1.1.1, for=${outer}`) },
    'as',
  ],
  [
    'both families, differing in what counts',
    {
      ...x('as.example, b', 'https, http', `1.1.1.1, ${outer}`),
      ...rfc(`for=1.1.1.1;host=evil, for=${outer};host=b`),
    },
    400,
  ],
  ['a port', { ...xHost('as.example', 'https'), 'x-forwarded-port': '443' }, 'as'],
  ['another port', { ...xHost('login.example', 'https'), 'x-forwarded-port': '8443' }, 'login'],
  [
    'ports of two',
    {
      ...x('login.example, inner', 'https, http', `1.1.1.1, ${outer}`),
      'x-forwarded-port': '8443, 8080',
    },
    'login',
  ],
  [
    'a host that names its port',
    { ...xHost('login.example:8443', 'https'), 'x-forwarded-port': '80' },
    'login',
  ],
  ['no port at all', { ...xHost('as.example', 'https'), 'x-forwarded-port': 'x' }, 400],
  ['an impossible port', { ...xHost('as.example', 'https'), 'x-forwarded-port': '65536' }, 400],
]

const origins: Readonly<Record<string, string>> = {
  as: 'https://as.example',
  login: 'https://login.example:8443',
}

for (const [name, headers, expected] of chains) {
  for (const [set, options] of [
    ['no base URL', proxied],
    ['base URLs', based],
  ] as const) {
    test(`C-19 R-12 the outermost trusted proxy counts, for host, scheme and port: ${name}, ${set}`, () => {
      const found = read(options, proxy, headers)
      const outcome = 'refused' in found ? found.refused : found.origin
      assert.equal(outcome, origins[expected] ?? expected)
    })
  }
}

test('C-19 the port a proxy says goes with the Host that the client sent, where that names none', () => {
  const ask = (host: string, port: string): OriginRead =>
    read(based, proxy, { host, 'x-forwarded-proto': 'https', 'x-forwarded-port': port })
  for (const [host, port, origin] of [
    ['login.example', '8443', 'https://login.example:8443'],
    ['login.example:8443', '80', 'https://login.example:8443'],
    ['as.example', '443', 'https://as.example'],
  ] as const) {
    const found = ask(host, port)
    assert.equal('origin' in found && found.origin, origin)
  }
  const elsewhere = ask('as.example', '8443')
  assert.equal('refused' in elsewhere && elsewhere.refused, 421)
})

const xFor = (list: string): Headers => ({ 'x-forwarded-for': list })

const peers: [name: string, from: string, headers: Headers, expected: string][] = [
  ['a stranger is itself', '11.0.0.1', xFor('192.0.2.1'), '11.0.0.1'],
  ['a client behind a proxy', proxy, xFor('192.0.2.1'), '192.0.2.1'],
  ['what the client made up', proxy, xFor('9.9.9.9, 192.0.2.1'), '192.0.2.1'],
  ['two proxies', proxy, xFor('9.9.9.9, 192.0.2.1, 10.9.9.9'), '192.0.2.1'],
  ['rubbish ends the chain', proxy, xFor('9.9.9.9, unknown, 10.9.9.9'), '10.9.9.9'],
  ['a port', proxy, xFor('192.0.2.1:4711'), '192.0.2.1'],
  ['RFC 7239, IPv6', proxy, rfc('for="[2001:4860::1]:4711";proto=http'), '2001:4860::1'],
  ['RFC 7239, a port', proxy, rfc('for=9.9.9.9, for="192.0.2.1:80"'), '192.0.2.1'],
  ['RFC 7239, obfuscated', proxy, rfc('for=_hidden'), proxy],
  ['nothing said', proxy, {}, proxy],
]

for (const [name, from, headers, expected] of peers) {
  test(`R-12 the peer: ${name}`, () => assert.equal(read(proxied, from, headers).peer, expected))
}

test('H-5 hostile lists are read in linear time', async () => {
  const size = 16_000
  const hostile = ['"\\', '\\"', '"', ';a="\\"', ',"', 'for="', '[', ':1', ' ', ';  ']
  for (const piece of hostile) {
    const value = piece.repeat(size / piece.length)
    const headers = { forwarded: value, 'x-forwarded-for': value, ...xHost(value) }
    const spent = await cpuTime(() => read(proxied, proxy, headers))
    assert.ok(spent < 50, `${piece}: ${spent} ms`)
  }
})
