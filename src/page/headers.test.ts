import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formSources, policySource, shownAddress } from './address.ts'
import { formPostScript } from './form-post.ts'
import { pageHeaders } from './headers.ts'

const directives = (policy: string | undefined) =>
  new Map(
    (policy ?? '').split('; ').map((each) => {
      const [name = '', ...values] = each.split(' ')
      return [name, values.join(' ')]
    }),
  )

test('B-6 C-30 no page can be framed, run script, be kept or send its address on', () => {
  const headers = pageHeaders()
  assert.deepEqual(Object.fromEntries(directives(headers['content-security-policy'])), {
    'default-src': "'none'",
    'style-src': "'self'",
    'img-src': "'self'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
  })
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
})

const onLoopback = "'self' https: http://localhost:* http://127.0.0.1:*"

test('C-30 form-action is as wide as the scheme of the proven redirect URI, and never http in general', () => {
  const cases: [redirect_uri: string, source: string][] = [
    ['https://www.example.com:443/callback?x=1', "'self' https:"],
    ['https://[2001:db8::1]/callback', "'self' https:"],
    ['http://localhost:8080/demo/callback', `${onLoopback} http://localhost:8080`],
    ['http://127.8.0.1/demo/callback', `${onLoopback} http://127.8.0.1`],
    ['http://[::1]:9000/cb', `${onLoopback} http://*:9000`],
    ['http://[::1]/cb', `${onLoopback} http://*:80`],
    ['com.example.app:/callback', "'self' https: com.example.app:"],
    ['com.example.app:', "'self' https: com.example.app:"],
    ['http://intranet.example:8080/cb', "'self' https: http://intranet.example:8080"],
    ['http://localhost.evil.example/cb', "'self' https: http://localhost.evil.example"],
    ['http://[2001:db8::1]:8080/cb', "'self' https:"],
    ["http://a'b.example/cb", "'self' https:"],
    ['http://*/cb', "'self' https:"],
    ...[
      'javascript:alert(1)',
      'data:text/html,x',
      ' \tjava\nscript:x',
      'blob:x',
      'nonsense',
      '',
    ].map((text): [string, string] => [text, "'self'"]),
  ]
  for (const [redirect_uri, expected] of cases) {
    const policy = pageHeaders({ redirect_uri })['content-security-policy']
    assert.equal(directives(policy).get('form-action'), expected)
  }
})

test('X-6 no address breaks out of the policy or the header', () => {
  for (const text of [
    "https://a;script-src 'unsafe-inline'.example/",
    'https://a;script-src.example/',
    'https://a,b.example/',
    "https://a'b.example/",
    'https://a*.example/',
    'https://*/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a.example/\r\nx: y',
    'nonsense',
  ]) {
    const source = policySource(text)
    assert.match(source ?? '', /^(https?:|https?:\/\/[a-z0-9.-]+|)$/, text)
    for (const each of formSources(text))
      assert.match(each, /^(https:|http:\/\/[a-z0-9.-]+)$/, text)
  }
})

test('C-30 script and logo only where a page has one', () => {
  const policy = pageHeaders({ script: formPostScript, logo: 'https://cdn.example/l.png' })
  const found = directives(policy['content-security-policy'])
  assert.match(found.get('script-src') ?? '', /^'sha256-[A-Za-z0-9+/]{43}='$/)
  assert.equal(found.get('img-src'), "'self' https://cdn.example")
})

test('X-4 addresses are shown when https, or http on loopback, without user information', () => {
  const shown = [
    'https://a.example/x',
    'http://localhost:1/',
    'http://127.0.0.1/',
    'http://[::1]:1/',
  ]
  for (const address of shown) assert.equal(shownAddress(address), address)
  for (const address of [
    'http://a.example/',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'https://u@a.example/',
    'ftp://a.example/',
    'javascript:alert(1)//https://a.example',
    'data:image/png,x',
    '//a.example/',
    '',
    undefined,
  ]) {
    assert.equal(shownAddress(address), undefined, address)
  }
})
