import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Attribute } from '../../../test/pki.ts'
import { cn, commonName, issue, nameDer, organization } from '../../../test/pki.ts'
import { trials } from '../../../test/scale.ts'
import { hasSubject, readCertificate } from './certificate.ts'
import { readOne } from './der.ts'
import { nameOf, readName } from './name.ts'

/** Whether the text is the name, as a certificate would have it. */
function same(text: string, ...rdns: readonly (readonly Attribute[])[]): boolean {
  const name = nameOf(readOne(nameDer(rdns)))
  return name !== undefined && name === readName(text)
}

const country: Attribute = ['550406', 'DE', 0x13]
const org: Attribute = [organization, 'Example, Inc.']
const client: Attribute = [commonName, 'client 1']

test('RFC 4514 §2.1 the text begins with the last RDN, and the order counts', () => {
  assert.equal(same('CN=client 1,O=Example\\, Inc.,C=DE', [country], [org], [client]), true)
  assert.equal(same('C=DE,O=Example\\, Inc.,CN=client 1', [country], [org], [client]), false)
  assert.equal(same('O=Example\\, Inc.,CN=client 1,C=DE', [country], [org], [client]), false)
  assert.equal(same('CN=client 1,O=Example\\, Inc.', [country], [org], [client]), false)
  assert.equal(same('CN=client 1,O=Example\\, Inc.,C=DE,DC=x', [country], [org], [client]), false)
})

test('RFC 4514 §2.2 attributes of one RDN have no order; RDNs are not merged', () => {
  const uid: Attribute = ['0992268993f22c640101', 'u']
  assert.equal(same('CN=client 1+UID=u,C=DE', [country], [client, uid]), true)
  assert.equal(same('UID=u+CN=client 1,C=DE', [country], [client, uid]), true)
  assert.equal(same('UID=u,CN=client 1,C=DE', [country], [client, uid]), false)
  assert.equal(same('CN=client 1+UID=u,C=DE', [country], [client], [uid]), false)
})

test('RFC 4514 §2.4, §3 escapes are read, and what must be escaped is', () => {
  const value = (text: string): readonly Attribute[] => [[commonName, text]]
  const pairs: readonly [text: string, value: string][] = [
    ['CN=James \\"Jim\\" Smith\\, III', 'James "Jim" Smith, III'],
    ['CN=Before\\0dAfter', 'Before\rAfter'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'Lučić'],
    ['CN=Lučić', 'Lučić'],
    ['CN=a\\+b\\;c\\<d\\>e\\=f\\\\g\\#h', 'a+b;c<d>e=f\\g#h'],
    ['CN=\\#hash', '#hash'],
    ['CN=a=b#c', 'a=b#c'],
    ['CN=', ''],
    ['CN=\\2Ca', ',a'],
  ]
  for (const [text, wanted] of pairs) assert.equal(same(text, value(wanted)), true, text)
  const malformed = [
    ...['', ' ', ',', 'CN', '=a', 'CN=a,', ',CN=a', 'CN=a,,O=b', 'CN=a+', 'CN=a;O=b', 'CN=a<b'],
    ...['CN="a,b"', 'CN=a\\', 'CN=a\\x', 'CN=a\\4', 'CN=\\ff', 'CN=a\0', 'CN=\ud800', 'X-NO=a'],
    ...[
      '3.1=a',
      '2.05=a',
      '2=a',
      'CN=#',
      'CN=#0',
      'CN=#0c01',
      'CN=#0c0161zz',
      'CN=#0c016161',
      '#=a',
    ],
  ]
  for (const text of malformed) assert.equal(readName(text), undefined, JSON.stringify(text))
})

test('RFC 4517 §4.2.11 case of ASCII letters and runs of spaces say nothing', () => {
  const name: readonly Attribute[] = [[commonName, 'My  Client']]
  for (const text of [
    'cn=my client',
    'CN = MY   CLIENT ',
    'commonname=My Client',
    '2.5.4.3=my client',
  ]) {
    assert.equal(same(text, name), true, text)
  }
  assert.equal(same('OID.2.5.4.3=my client', name), true)
  assert.equal(same('CN=myclient', name), false)
  assert.equal(same('CN=my\tclient', name), false)
})

test('house: letters beyond ASCII are compared as they are', () => {
  assert.equal(same('CN=Müller', [[commonName, 'Müller']]), true)
  assert.equal(same('CN=Müller', [[commonName, 'Mu\u0308ller']]), false)
  assert.equal(same('CN=MÜLLER', [[commonName, 'Müller']]), false)
  // The Kelvin sign and the long s, which Unicode folds to k and s.
  assert.equal(same('CN=kiss', [[commonName, '\u212aiss']]), false)
  assert.equal(same('CN=kiss', [[commonName, 'ki\u017fs']]), false)
})

test('RFC 5280 §4.1.2.4 every string type is read, T61 only where it is ASCII', () => {
  const types: readonly [tag: number, value: Buffer][] = [
    [0x0c, Buffer.from('ab')],
    [0x13, Buffer.from('ab')],
    [0x14, Buffer.from('ab')],
    [0x16, Buffer.from('ab')],
    [0x1a, Buffer.from('ab')],
    [0x1c, Buffer.from([0, 0, 0, 0x61, 0, 0, 0, 0x62])],
    [0x1e, Buffer.from([0, 0x61, 0, 0x62])],
  ]
  for (const [tag, value] of types) assert.equal(same('CN=ab', [[commonName, value, tag]]), true)
  const latin: Attribute = [commonName, Buffer.from([0xfc]), 0x14]
  assert.equal(same('CN=ü', [latin]), false)
  assert.equal(same('CN=#1401fc', [latin]), true)
  for (const [tag, bytes] of [
    [0x1c, [0, 0, 0]],
    [0x1c, [0, 0x11, 0, 0]],
    [0x1c, [0, 0, 0xd8, 0]],
    [0x1e, [0]],
    [0x1e, [0xd8, 0]],
    [0x0c, [0xff]],
  ] as const) {
    const hex = Buffer.from([tag, bytes.length, ...bytes]).toString('hex')
    assert.equal(same(`CN=#${hex}`, [[commonName, Buffer.from(bytes), tag]]), true, hex)
  }
})

test('RFC 4514 §2.4 hex is the value’s DER; a text that looks like it is another', () => {
  assert.equal(same('CN=#0c02414 2', [[commonName, 'AB']]), false)
  assert.equal(same('CN=#0C024142', [[commonName, 'ab']]), true)
  assert.equal(same('CN=#13026162', [[commonName, 'ab']]), true)
  assert.equal(same('1.2.3.4=#0c026162 , C=DE', [country], [['2a0304', 'ab']]), true)
  assert.equal(same('1.2.3.4=ab', [['2a0304', 'ab']]), true)
  assert.equal(same('1.2.3.4=AB', [['2a0304', 'ab']]), false)
  const number: Attribute = [commonName, Buffer.from([7]), 0x02]
  assert.equal(same('CN=#020107', [number]), true)
  assert.equal(same('CN=\\#020107', [number]), false)
  assert.equal(same('CN=#020107', [[commonName, '#020107']]), false)
})

test('CVE-2021-44533 what a value holds never becomes another attribute', () => {
  for (const [value, text] of [
    ['a/CN=b', 'CN=b'],
    ['a\nCN=b', 'CN=b'],
    ['a,CN=b', 'CN=b,CN=a'],
    ['a+UID=b', 'CN=a+UID=b'],
    ['a\\,b', 'CN=a\\,b'],
  ] as const) {
    assert.equal(same(text, [[commonName, value]]), false, text)
  }
})

test('house: a NUL anywhere, or no name at all, matches nothing', () => {
  for (const value of ['client\0', '\0client', 'client\0.evil', '\0']) {
    assert.equal(nameOf(readOne(nameDer([[country], [[commonName, value]]]))), undefined)
  }
  assert.equal(nameOf(readOne(nameDer([[[commonName, Buffer.from([0, 0]), 0x1e]]]))), undefined)
  assert.equal(nameOf(readOne(nameDer([]))), undefined)
  assert.equal(nameOf(readOne(nameDer([[]]))), undefined)
  assert.equal(nameOf(undefined), undefined)
  assert.equal(readName('CN=a\\00'), undefined)
})

test('RFC 8705 §2.1.2 the subject of a certificate is compared so', () => {
  const certificate = readCertificate(issue({ subject: [[country], [org], [client]] }).der)
  assert.ok(certificate.ok)
  assert.equal(hasSubject(certificate, 'cn=CLIENT 1, o=Example\\, Inc., c=de'), true)
  assert.equal(hasSubject(certificate, 'cn=client 2, o=Example\\, Inc., c=de'), false)
  const nameless = readCertificate(issue({ subject: [] }).der)
  assert.ok(nameless.ok)
  for (const text of ['', ' ', 'CN=', 'undefined']) assert.equal(hasSubject(nameless, text), false)
  const cut = readCertificate(issue({ subject: cn('client\0.evil.example') }).der)
  assert.ok(cut.ok)
  assert.equal(hasSubject(cut, 'CN=client'), false)
})

test('RFC 4514 §2.4 any value, escaped as the section says, is read as itself and no other', () => {
  const escape = (value: string): string =>
    value
      .replace(/["+,;<>\\=#]/g, '\\$&')
      .replace(/^ | $/g, '\\$&')
      .replaceAll('\r', '\\0d')
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  const sharp = fc.string({ unit: fc.constantFrom(...'aB ,+="\\#;<>\r'), maxLength: 12 })
  const value = fc.oneof(text, sharp).filter((one) => !one.includes('\0'))
  fc.assert(
    fc.property(value, value, (a, b) => {
      // An unknown attribute is compared to the letter.
      const oidHex = '2a0304'
      assert.equal(same(`1.2.3.4=${escape(a)}`, [[oidHex, a]]), true)
      assert.equal(same(`1.2.3.4=${escape(a)}`, [[oidHex, b]]), a === b)
      const two = `1.2.3.4=${escape(a)},1.2.3.4=${escape(b)}`
      assert.equal(same(two, [[oidHex, b]], [[oidHex, a]]), true)
    }),
    { numRuns: trials(20_000) },
  )
})
