import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { validGoto } from './goto.ts'

const { alpha } = await people()
const base = 'http://localhost:8080/am'

const good: [goto: string, valid?: string][] = [
  [`${base}/oauth2/alpha/authorize?client_id=c&request_uri=urn%3Ax#f`],
  ['/am/oauth2/realms/root/realms/alpha/authorize?client_id=c'],
  ['/am/XUI/'],
  [`${base}/`],
  ['/am/a/../b', '/am/b'],
  ['http://LOCALHOST:8080/am/x', `${base}/x`],
  ['http://@localhost:8080/am/x', `${base}/x`],
  ['/demo/../am/x', '/am/x'],
  ['/am/x?next=https://evil.example/', '/am/x?next=https://evil.example/'],
]
for (const [goto, valid = goto] of good) {
  test(`PingAM: goto ${goto} is a place of this server`, () => {
    assert.equal(validGoto(alpha, goto), valid)
  })
}

/** Every way known to make another site look like a path, or like this one. */
const evil = [
  'https://evil.example',
  'http://evil.example/am/',
  '//evil.example',
  '//evil.example/am/',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%5cevil.example',
  '%2f%2fevil.example',
  '/%2f/evil.example',
  '/%2e%2e//evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'http:evil.example',
  'http:/am/',
  'http:/localhost:8080/am/',
  'http:\\\\localhost:8080\\am\\',
  'HTTP://evil.example',
  'htTps://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'blob:http://localhost:8080/am/',
  'file:///etc/passwd',
  'ftp://localhost:8080/am/',
  'ws://localhost:8080/am/',
  'view-source:http://localhost:8080/am/',
  'http://localhost:8080@evil.example/am/',
  'http://localhost:8080%40evil.example/am/',
  'http://user:pw@localhost:8080/am/',
  'http://localhost:8080.evil.example/am/',
  'http://localhost:80801/am/',
  'http://localhost/am/',
  'http://localhost:80/am/',
  'https://localhost:8080/am/',
  'http://127.0.0.1:8080/am/',
  'http://[::1]:8080/am/',
  'http://localhost.:8080/am/',
  'http://localhost:8080#@evil.example/am/',
  'http://localhost:8080?@evil.example/am/',
  'http://localhost:8080\\@evil.example/am/',
  'http://localhost:8080/am@evil.example',
  'http://localhost:8080/amx/',
  'http://localhost:8080/',
  'http://localhost:8080/am',
  '/am',
  '/amx/',
  '/',
  '',
  '.',
  '..',
  'am/',
  './am/',
  '../am/',
  '@evil.example',
  '?goto=//evil.example',
  '/am/..//evil.example',
  '/am/../../evil.example',
  '/am/..\\evil.example',
  '/am/\\evil.example',
  '/am/%2e%2e//evil.example',
  '/am/.%2e//evil.example',
  '/am/../demo/callback',
  '/am/%2e%2e/demo',
  '/am/./../demo',
  'http://localhost:8080/am/../demo',
  'http://localhost:8080/am/%2E%2E//evil.example',
  '/am/\u2028evil',
  '/am/\u00a0',
  '/am/\0',
  '/am/\r\nset-cookie:x=1',
  '/am/\x7f',
  '/am/ä',
  '／／evil.example',
  '/／evil.example',
  'http://localhost:8080/am／evil',
  'http://evil。example/am/',
  'http://evil.example\uff03http://localhost:8080/am/',
  '/am/〱',
  'null',
  'undefined',
  `/am/${'x'.repeat(10)}\ud800`,
]
for (const goto of evil) {
  test(`R-6 goto ${JSON.stringify(goto)} leads nowhere`, () => {
    assert.equal(validGoto(alpha, goto), undefined)
  })
}

test('R-6 behind a name of its own the base is that name', () => {
  const named = { ...alpha, url: 'https://as.example/am' }
  assert.equal(validGoto(named, 'https://as.example/am/x'), 'https://as.example/am/x')
  assert.equal(validGoto(named, 'https://as.example:443/am/x'), 'https://as.example/am/x')
  assert.equal(validGoto(named, 'https://as.example:444/am/x'), undefined)
  assert.equal(validGoto(named, `${base}/x`), undefined)
})
