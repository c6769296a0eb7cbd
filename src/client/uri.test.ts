import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '../protocol/profile.ts'
import { profiles } from '../protocol/profile.ts'
import { logoutUri } from '../protocol/value/uri-rule.ts'
import type { Terms } from './terms.ts'
import { logoutTermsProblem, redirectUriProblem } from './uri.ts'

const { ping, strict } = profiles

const registrable = [
  'https://www.example.com:443/callback',
  'https://client.example/cb?tenant=a&x=%23',
  'https://client.example',
  'https://[2001:db8::1]/cb',
  'http://localhost:8080/demo/callback',
  'http://127.0.0.1/cb',
  'http://[::1]:1234/cb',
]
for (const uri of registrable) {
  test(`RFC 6749 §3.1.2 ${uri} can be registered in every profile`, () => {
    assert.equal(redirectUriProblem(ping, 'Confidential', uri), undefined)
    assert.equal(redirectUriProblem(strict, 'Confidential', uri), undefined)
  })
}

const refused: [check: string, uri: string][] = [
  ['RFC 6749 §3.1.2 relative', '/callback'],
  ['RFC 6749 §3.1.2 empty', ''],
  ['RFC 6749 §3.1.2 no host', 'https:///cb'],
  ['R-6 no slashes', 'https:evil.example/cb'],
  ['R-6 backslash', 'https://a.example\\@evil.example/cb'],
  ['RFC 6749 §3.1.2 fragment', 'https://a.example/cb#'],
  ['R-10 fragment', 'https://a.example/cb#x=1'],
  ['R-1 userinfo', 'http://localhost:80@evil.example/cb'],
  ['R-1 user name', 'https://user@a.example/cb'],
  ['R-1 userinfo of a private scheme', 'com.example://user@cb'],
  ['R-2 wildcard host', 'https://*.example/cb'],
  ['R-2 wildcard path', 'https://a.example/*'],
  ['R-2 relative segment', 'https://a.example/cb/../x'],
  ['R-2 encoded relative segment', 'https://a.example/cb/%2E%2e/x'],
  ['R-2 dot at the end', 'https://a.example/cb/.'],
  ['R-2 encoded host', 'https://a%2eexample/cb'],
  ['R-2 stray percent', 'https://a.example/%zz'],
  ['R-5 javascript', 'javascript:alert(1)'],
  ['R-5 mixed case', 'JaVaScRiPt://a.example/%0aalert(1)'],
  ['R-5 leading control character', '\u0001javascript:alert(1)'],
  ['R-5 tab inside', 'java\tscript:alert(1)'],
  ['R-5 leading space', ' https://a.example/cb'],
  ['R-5 data', 'data:text/html,x'],
  ['R-5 vbscript', 'vbscript:x'],
  ['R-5 blob', 'blob:https://a.example/x'],
  ['R-5 file', 'file:///etc/passwd'],
  ['R-5 view-source', 'view-source:https://a.example/'],
  ['R-8 code', 'https://a.example/cb?code=x'],
  ['R-8 state', 'https://a.example/cb?x=1&state='],
  ['R-8 encoded name', 'https://a.example/cb?%63ode=x'],
  ['R-8 iss', 'https://a.example/cb?iss=x'],
  ['R-8 response', 'https://a.example/cb?response=x'],
  ['R-8 error', 'https://a.example/cb?error=x'],
  ['R-8 AM’s client_id', 'https://a.example/cb?client_id=x'],
  ['R-11 full-width dot', 'https://a．example/cb'],
  ['R-11 umlaut', 'https://ä.example/cb'],
  ['R-11 lone surrogate', 'https://a.example/\ud800'],
  ['R-11 soft hyphen', 'https://a\u00adb.example/cb'],
  ['X-6 line feed', 'https://a.example/cb\n'],
  ['H-4 length', `https://a.example/${'x'.repeat(2048)}`],
]
for (const [check, uri] of refused) {
  test(`${check} is refused at registration`, () => {
    assert.equal(typeof redirectUriProblem(ping, 'Public', uri), 'string')
    assert.equal(typeof redirectUriProblem(strict, 'Public', uri), 'string')
  })
}

test('C-4 http and private schemes: ping takes them, others loopback and reversed names only', () => {
  const of = (profile: Profile, uri: string): boolean =>
    redirectUriProblem(profile, 'Public', uri) === undefined
  assert.equal(of(ping, 'http://intranet.example/cb'), true)
  assert.equal(of(strict, 'http://intranet.example/cb'), false)
  assert.equal(of(strict, 'http://127.0.0.1.evil.example/cb'), false)
  assert.equal(of(ping, 'myapp://cb'), true)
  assert.equal(of(ping, 'org.example.app:/oauth2redirect'), true)
  assert.equal(of(strict, 'myapp://cb'), false)
  assert.equal(of(strict, 'org.example.app:/oauth2redirect'), true)
  assert.equal(
    redirectUriProblem(strict, 'Confidential', 'org.example.app:/cb'),
    'private schemes are for public clients only',
  )
})

function logoutUriProblem(terms: Pick<Terms, 'http_redirect'>, uri: string): string | undefined {
  return logoutUri.wrong(uri) ?? logoutTermsProblem(terms, uri)
}

test('OIDC RP-Initiated Logout §3 logout URIs: as redirect URIs, but only state is reserved', () => {
  assert.equal(logoutUriProblem(ping, 'https://a.example/bye?code=1'), undefined)
  assert.equal(logoutUriProblem(ping, 'https://a.example/bye?state=1'), 'the query holds state')
  assert.equal(typeof logoutUriProblem(strict, 'http://a.example/bye'), 'string')
  assert.equal(typeof logoutUriProblem(ping, 'javascript:alert(1)'), 'string')
})
