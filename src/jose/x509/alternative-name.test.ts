import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { sequence, tlv } from '../../../test/certificate.ts'
import { issue } from '../../../test/pki.ts'
import { trials } from '../../../test/scale.ts'
import { readAddress, readAlternativeNames } from './alternative-name.ts'
import { hasName, readCertificate } from './certificate.ts'

const [email, dns, uri, ip] = [0x81, 0x82, 0x86, 0x87]

function certificateOf(...names: readonly (readonly [tag: number, value: string | Buffer])[]) {
  const certificate = readCertificate(
    issue({ names: names.map(([tag, value]) => [tag, Buffer.from(value)] as const) }).der,
  )
  assert.ok(certificate.ok)
  return certificate
}

test('RFC 8705 §2.1.2 each kind is found among its own kind only', () => {
  const value = 'client.example'
  const certificate = certificateOf(
    [dns, value],
    [dns, 'other.example'],
    [uri, 'urn:client:1'],
    [email, 'ops@client.example'],
    [ip, Buffer.from([192, 0, 2, 1])],
  )
  assert.equal(hasName(certificate, 'dns', value), true)
  assert.equal(hasName(certificate, 'dns', 'other.example'), true)
  assert.equal(hasName(certificate, 'uri', 'urn:client:1'), true)
  assert.equal(hasName(certificate, 'email', 'ops@client.example'), true)
  assert.equal(hasName(certificate, 'ip', '192.0.2.1'), true)
  assert.equal(hasName(certificate, 'dns', 'third.example'), false)
  assert.equal(hasName(certificate, 'uri', value), false)
  assert.equal(hasName(certificate, 'email', value), false)
  assert.equal(hasName(certificate, 'dns', '192.0.2.1'), false)
  for (const kind of ['dns', 'uri', 'email', 'ip'] as const) {
    assert.equal(hasName(certificate, kind, ''), false)
    assert.equal(hasName(certificateOf(), kind, ''), false)
  }
})

test('RFC 5280 §7.2, §7.5 case counts where the section says so', () => {
  const certificate = certificateOf(
    [dns, 'Client.Example'],
    [uri, 'https://Client.example/A'],
    [email, 'Ops@Client.Example'],
  )
  assert.equal(hasName(certificate, 'dns', 'cLIENT.eXAMPLE'), true)
  assert.equal(hasName(certificate, 'email', 'Ops@client.example'), true)
  assert.equal(hasName(certificate, 'email', 'ops@client.example'), false)
  assert.equal(hasName(certificate, 'uri', 'https://Client.example/A'), true)
  assert.equal(hasName(certificate, 'uri', 'https://client.example/A'), false)
  assert.equal(hasName(certificate, 'uri', 'https://Client.example/a'), false)
  assert.equal(hasName(certificateOf([dns, 'k.example']), 'dns', '\u212a.example'), false)
})

test('RFC 8705 §2.1.2 a wildcard is no other name', () => {
  const certificate = certificateOf([dns, '*.example'])
  assert.equal(hasName(certificate, 'dns', 'a.example'), false)
  assert.equal(hasName(certificateOf([dns, 'a.example']), 'dns', '*.example'), false)
})

test('CVE-2021-44531 CVE-2021-44532 CVE-2021-44533 one name is never read as several', () => {
  for (const value of [
    'a.example, DNS:b.example',
    'a.example,DNS:b.example',
    'a.example", DNS:"b.example',
    "a.example', DNS:'b.example",
    'a.example\0.b.example',
    'b.example\0',
    'a.example\nDNS:b.example',
  ]) {
    const certificate = certificateOf([dns, value], [uri, `urn:x, DNS:b.example`], [email, value])
    assert.equal(hasName(certificate, 'dns', 'b.example'), false, JSON.stringify(value))
    assert.equal(hasName(certificate, 'dns', 'a.example'), false, JSON.stringify(value))
  }
  // A space or NUL makes the whole name unusable, the name beside it stays.
  const mixed = certificateOf([dns, 'a b'], [dns, 'c\0'], [dns, 'ü.example'], [dns, 'd.example'])
  assert.deepEqual(mixed.alternativeNames.dns, ['d.example'])
})

test('RFC 5280 §4.2.1.6 an address is its bytes', () => {
  const v6 = Buffer.from('20010db8000000000000000000000001', 'hex')
  const certificate = certificateOf([ip, v6], [ip, Buffer.from([10, 0, 0, 1])])
  for (const text of [
    '2001:db8::1',
    '2001:DB8:0:0:0:0:0:1',
    '2001:0db8::0001',
    '2001:db8::0.0.0.1',
  ]) {
    assert.equal(hasName(certificate, 'ip', text), true, text)
  }
  assert.equal(hasName(certificate, 'ip', '10.0.0.1'), true)
  for (const text of ['::ffff:10.0.0.1', '10.0.0.01', '10.0.1', '0x0a000001', '2001:db8::1%eth0']) {
    assert.equal(hasName(certificate, 'ip', text), false, text)
  }
  // Eight bytes are an address with a mask, for name constraints.
  const masked = certificateOf([ip, Buffer.from([10, 0, 0, 1, 255, 255, 255, 255])])
  assert.equal(hasName(masked, 'ip', '10.0.0.1'), false)
  assert.deepEqual(masked.alternativeNames.ip, [])
})

test('RFC 4291 §2.2 the reader of addresses takes what node:net takes, and means the same', () => {
  const group = fc.constantFrom('0', '1', 'ffff', '0db8', 'G', '', '12345', '1.2.3.4', '256.1.1.1')
  const joined = fc
    .tuple(fc.array(group, { maxLength: 9 }), fc.constantFrom(':', '::', '.'))
    .map(([groups, separator]) => groups.join(separator))
  const mixed = fc
    .tuple(joined, fc.constantFrom('', '::', ':'), joined)
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), joined, mixed), (text) => {
      const bytes = readAddress(text)
      const kind = isIP(text)
      assert.equal(bytes?.length, kind === 4 ? 4 : kind === 6 ? 16 : undefined, text)
      if (bytes === undefined || kind !== 6) return
      const groups = bytes.toString('hex').match(/..../g) ?? []
      const { hostname } = new URL(`http://[${text}]/`)
      assert.equal(new URL(`http://[${groups.join(':')}]/`).hostname, hostname)
    }),
    { numRuns: trials(50_000) },
  )
})

test('RFC 4291 §2.2 a double colon stands for a group at least, and stands once', () => {
  for (const text of ['1:2:3:4:5:6:7::8', '1:2:3:4::5:6:7:8', '::1:2:3:4:5:6:7:8', '1::2::3']) {
    assert.equal(readAddress(text), undefined, text)
  }
  for (const text of ['1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3::5:6:7:8', '::', '::1.2.3.4']) {
    assert.equal(readAddress(text)?.length, 16, text)
  }
})

test('RFC 5280 §4.2.1.6 a malformed extension is none', () => {
  const fine = sequence(tlv(dns, Buffer.from('a.example')))
  assert.deepEqual(readAlternativeNames(fine)?.dns, ['a.example'])
  const wrong = [
    Buffer.alloc(0),
    fine.subarray(0, -1),
    Buffer.concat([fine, Buffer.from([0])]),
    tlv(0x31, fine.subarray(2)),
    sequence(Buffer.from([dns, 0x81, 0x01, 0x61])),
    sequence(Buffer.from([dns, 0x80])),
    sequence(Buffer.from([0x9f, 0x82, 0x01, 0x61])),
  ]
  for (const value of wrong) assert.equal(readAlternativeNames(value), undefined)
  const certificate = certificateOf([0x88, Buffer.from([42])], [0xa0, Buffer.alloc(0)])
  assert.deepEqual(certificate.alternativeNames, { dns: [], uri: [], email: [], ip: [] })
})
