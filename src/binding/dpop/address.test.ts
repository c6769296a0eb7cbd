import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressForm } from './address.ts'

const plain = 'https://as.example/am/oauth2/alpha/par'

/** Spellings, and the form they share with the first. */
const same: readonly (readonly [why: string, spelling: string])[] = [
  ['RFC 9449 §4.3-9 a query', `${plain}?realm=/alpha`],
  ['RFC 9449 §4.3-9 a fragment', `${plain}#there`],
  ['RFC 9449 §4.3-9 both', `${plain}?a=b#c?d`],
  ['RFC 3986 §6.2.2.1 scheme and host in capitals', 'HTTPS://AS.Example/am/oauth2/alpha/par'],
  ['RFC 3986 §6.2.3 the scheme’s own port', 'https://as.example:443/am/oauth2/alpha/par'],
  ['RFC 3986 §6.2.3 the port with zeros', 'https://as.example:00443/am/oauth2/alpha/par'],
  ['RFC 3986 §6.2.3 an empty port', 'https://as.example:/am/oauth2/alpha/par'],
  ['RFC 3986 §6.2.2.2 an escaped letter', 'https://as.example/am/oauth2/%61lpha/p%61r'],
  ['RFC 3986 §6.2.2.3 dot segments', 'https://as.example/./am/x/../oauth2/alpha/par'],
  ['RFC 3986 §6.2.2.2 escaped dots', 'https://as.example/am/x/%2E%2e/oauth2/alpha/par'],
]
for (const [why, spelling] of same)
  test(`${why}: the same address`, () => assert.equal(addressForm(spelling), plain))

const other: readonly (readonly [why: string, uri: string])[] = [
  ['another scheme', 'http://as.example/am/oauth2/alpha/par'],
  ['another host', 'https://as.example.org/am/oauth2/alpha/par'],
  ['a dot behind the host', 'https://as.example./am/oauth2/alpha/par'],
  ['another port', 'https://as.example:444/am/oauth2/alpha/par'],
  ['the other scheme’s port', 'https://as.example:80/am/oauth2/alpha/par'],
  ['a path in capitals', 'https://as.example/AM/oauth2/alpha/par'],
  ['a slash more at the end', `${plain}/`],
  ['a slash more within', 'https://as.example/am//oauth2/alpha/par'],
  ['an escaped slash', 'https://as.example/am/oauth2/alpha%2Fpar'],
  ['an escaped question mark', `${plain}%3F`],
  ['another endpoint', 'https://as.example/am/oauth2/alpha/access_token'],
]
for (const [why, uri] of other)
  test(`RFC 9449 §4.3-9 ${why}: another address`, () => {
    const form = addressForm(uri)
    assert.notEqual(form, undefined)
    assert.notEqual(form, plain)
  })

const none: readonly string[] = [
  '',
  '/am/oauth2/alpha/par',
  'as.example/am',
  'ftp://as.example/am',
  'https:/as.example/am',
  'https:///am',
  'https://user@as.example/am/oauth2/alpha/par',
  'https://as.example:443@evil.example/par',
  'https://as.example\\@evil.example/par',
  'https://as.example/am\\oauth2',
  'https://as.example/am oauth2',
  ' https://as.example/am',
  'https://as.example/am\n',
  'https://as.example/am\t',
  'https://as.example/%zz',
  'https://as.example/%4',
  'https://as.example:1234567/',
  'https://as.example:x/',
  'https://[::1/',
  'https://äs.example/',
  'https://as.example/ä',
  `https://as.example/${'a'.repeat(8192)}`,
]
for (const uri of none)
  test(`RFC 3986 §3 ${JSON.stringify(uri.slice(0, 60))} is no address`, () =>
    assert.equal(addressForm(uri), undefined))

test('RFC 3986 §6.2.3 an address without a path has the root’s', () => {
  assert.equal(addressForm('http://localhost:8080'), 'http://localhost:8080/')
  assert.equal(addressForm('http://[::1]:8080'), 'http://[::1]:8080/')
  assert.equal(addressForm('https://as.example/..'), 'https://as.example/')
  assert.equal(addressForm('https://as.example/a/..'), 'https://as.example/')
})

test('RFC 3986 §6.2.2 a form is its own form, and the WHATWG’s reader finds the same host, port and path in it', () => {
  const segment = fc.stringMatching(/^(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2}){0,6}$/)
  const uri = fc
    .tuple(
      fc.constantFrom('http', 'https', 'HTTPS'),
      fc.constantFrom('as.example', 'AS.example', 'localhost', '[::1]'),
      fc.constantFrom('', ':80', ':443', ':8443', ':'),
      fc.array(segment, { maxLength: 5 }),
      fc.constantFrom('', '?a=/../b', '#x', '?#'),
    )
    .map(([scheme, host, port, path, rest]) => {
      return `${scheme}://${host}${port}${path.map((each) => `/${each}`).join('')}${rest}`
    })
  fc.assert(
    fc.property(uri, (text) => {
      const form = addressForm(text)
      assert.ok(form !== undefined)
      assert.equal(addressForm(form), form)
      const [read, sent] = [new URL(form), new URL(text)]
      assert.deepEqual([read.host, read.protocol], [sent.host, sent.protocol])
      assert.equal(decoded(read.pathname), decoded(sent.pathname))
    }),
  )
})

/** WHATWG leaves escapes as they are: both are read with all unreserved characters as themselves. */
function decoded(path: string): string {
  return path.replace(/%[\dA-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase()
  })
}
