import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { oid, sequence, tlv } from '../../../test/certificate.ts'
import type { Issued, Wish } from '../../../test/pki.ts'
import { authority, cn, ecdsaWithSha256, extension, issue, p256 } from '../../../test/pki.ts'
import type { Certificate } from './certificate.ts'
import { readCertificate } from './certificate.ts'
import { verifyChain } from './chain.ts'

const now = Date.UTC(2030, 5, 1) / 1000
const noPath = 'the certificate leads to no configured CA'
const root = authority('root')
const middle = authority('middle', { issuer: root })

function read({ der }: Issued): Certificate {
  const certificate = readCertificate(der)
  assert.ok(certificate.ok)
  return certificate
}

/** Length of the path, or why there is none. */
function check(
  leaf: Issued,
  sent: readonly Issued[] = [],
  roots: readonly Issued[] = [root],
  at = now,
): number | string {
  const verdict = verifyChain(read(leaf), sent.map(read), roots.map(read), at)
  return verdict.ok ? verdict.path.length : verdict.reason
}

function leafOf(issuer: Issued, wish: Wish = {}): Issued {
  return issue({ issuer, ...wish })
}

test('K-8 a path goes from the leaf over what was sent to a configured CA', () => {
  assert.equal(check(leafOf(root)), 2)
  assert.equal(check(leafOf(middle), [middle]), 3)
  assert.equal(check(leafOf(middle), [authority('noise'), middle, root]), 3)
  assert.equal(check(leafOf(middle)), noPath)
  assert.equal(check(leafOf(middle), [], [middle]), 2)
  assert.equal(check(leafOf(root), [], []), noPath)
})

test('RFC 5280 §6.1 a CA that another one has certified too leads there, once', () => {
  const own = authority('old root')
  const crossed = authority('old root', { issuer: root, keys: own })
  assert.equal(check(leafOf(own), [own, crossed]), 4)
  assert.equal(check(leafOf(own), [crossed]), 3)
})

test('K-8 a CA somebody made with the right names is not ours', () => {
  const fake = authority('root')
  assert.equal(check(leafOf(fake)), noPath)
  assert.equal(check(leafOf(fake), [fake]), noPath)
  assert.equal(check(leafOf(fake), [fake, root]), noPath)
  const fakeMiddle = authority('middle', { issuer: fake })
  assert.equal(check(leafOf(fakeMiddle), [fakeMiddle, middle]), noPath)
  assert.equal(check(issue({})), noPath)
  // Rightly named, signed by the client itself.
  const forged: Issued = { ...root, privateKey: p256().privateKey }
  assert.equal(check(leafOf(forged)), noPath)
})

test('RFC 5280 §6.1.4 only a CA issues: a client’s certificate does not', () => {
  const cases: readonly Wish[] = [
    {},
    { ca: false },
    { ca: true, keyUsage: 0x80 },
    { extra: [extension('551d13', sequence(tlv(0x01, Buffer.from([0]))), true)] },
    { keyUsage: 0x04 },
    { ca: true, keyUsage: 0x06, extendedKeyUsage: ['2b06010505070301'] },
    { ca: true, extra: [extension('551d1e', sequence(), true)] },
    { ca: true, extra: [extension('551d1e', sequence())] },
    { ca: true, extra: [extension('2a0304', Buffer.from([5, 0]), true)] },
  ]
  for (const wish of cases) {
    const issuer = issue({ subject: cn('issuer'), issuer: root, ...wish })
    assert.equal(check(leafOf(issuer), [issuer]), noPath, JSON.stringify(wish))
  }
  const fine = issue({ subject: cn('issuer'), issuer: root, ca: true })
  assert.equal(check(leafOf(fine), [fine]), 3)
  const client = authority('issuer', { issuer: root, extendedKeyUsage: ['2b06010505070302'] })
  assert.equal(check(leafOf(client), [client]), 3)
})

test('RFC 5280 §4.2.1.9 pathLenConstraint counts the CAs below', () => {
  const shortRoot = authority('short', { pathLength: 0 })
  const below = authority('below', { issuer: shortRoot })
  assert.equal(check(leafOf(shortRoot), [], [shortRoot]), 2)
  assert.equal(check(leafOf(below), [below], [shortRoot]), noPath)
  const longer = authority('longer', { pathLength: 1 })
  const next = authority('next', { issuer: longer })
  assert.equal(check(leafOf(next), [next], [longer]), 3)
  const negative = authority('negative', { pathLength: 0xff })
  assert.equal(check(leafOf(negative), [], [negative]), noPath)
})

test('house: the depth of a path and the work for it are bounded', () => {
  let last = root
  const sent: Issued[] = []
  for (let i = 0; i < 6; i++) {
    last = authority(`ca ${i}`, { issuer: last })
    sent.push(last)
  }
  assert.equal(check(leafOf(sent[4] as Issued), sent.slice(0, 5)), 7)
  assert.equal(check(leafOf(sent[5] as Issued), sent), noPath)
  // One name and key in ten certificates, each of which issued each: 30,240 paths.
  const keys = p256()
  const twins = Array.from({ length: 10 }, () => authority('twin', { keys }))
  const start = process.cpuUsage()
  assert.equal(check(leafOf(twins[0] as Issued), twins), noPath)
  assert.ok(process.cpuUsage(start).user < 500_000)
  const noise = Array.from({ length: 10 }, (_, i) => authority(`noise ${i}`))
  assert.equal(check(leafOf(middle), [...noise, middle]), noPath)
  // CAs that certify each other lead nowhere, soon.
  const [a, b] = [authority('a'), authority('b')]
  const [ab, ba] = [authority('b', { issuer: a, keys: b }), authority('a', { issuer: b, keys: a })]
  assert.equal(check(leafOf(ab), [ab, ba, ab, ba]), noPath)
})

test('RFC 5280 §6.1.3 every certificate of the path is in force', () => {
  const leaf = { der: leafOf(middle).der } as Issued
  assert.equal(check(leaf, [middle], [root], Date.UTC(2020) / 1000), 3)
  const last = Date.UTC(2049, 11, 31, 23, 59, 59) / 1000
  assert.equal(check(leaf, [middle], [root], last), 3)
  assert.equal(check(leaf, [middle], [root], last + 1), 'the certificate is not in force')
  const early = Date.UTC(2019, 11, 31, 23, 59, 59) / 1000
  assert.equal(check(leaf, [middle], [root], early), 'the certificate is not in force')
  const ended = authority('ended', { issuer: root, years: [2020, 2029] })
  assert.equal(check(leafOf(ended), [ended]), noPath)
  assert.equal(check(leafOf(ended), [ended], [root], Date.UTC(2028) / 1000), 3)
  const coming = authority('coming', { years: [2031, 2040] })
  assert.equal(check(leafOf(coming), [], [coming]), noPath)
})

test('RFC 5280 §4.2.1.3, §4.2.1.12 the leaf may be used by a client', () => {
  const wrong = 'the certificate is not for client authentication'
  const serverAuth = '2b06010505070301'
  const clientAuth = '2b06010505070302'
  assert.equal(check(leafOf(root, { extendedKeyUsage: [serverAuth] })), wrong)
  assert.equal(check(leafOf(root, { extendedKeyUsage: [] })), wrong)
  assert.equal(check(leafOf(root, { extendedKeyUsage: [serverAuth, clientAuth] })), 2)
  assert.equal(check(leafOf(root, { extendedKeyUsage: ['551d2500'] })), 2)
  assert.equal(check(leafOf(root, { keyUsage: 0x80 })), 2)
  assert.equal(check(leafOf(root, { keyUsage: 0x20 })), wrong)
  assert.equal(check(leafOf(root, { keyUsage: 0x04 })), wrong)
})

test('RFC 5280 §4.2 an unknown critical extension refuses the leaf, another does not', () => {
  const extra = (critical: boolean): readonly Buffer[] => [
    extension('2a0304', Buffer.from([5, 0]), critical),
  ]
  const wrong = 'the certificate has a critical extension that is not supported'
  assert.equal(check(leafOf(root, { extra: extra(true) })), wrong)
  assert.equal(check(leafOf(root, { extra: extra(false) })), 2)
  const known = [extension('551d11', sequence(tlv(0x82, Buffer.from('a.example'))), true)]
  assert.equal(check(leafOf(root, { extra: known })), 2)
})

const nothing = tlv(0x05, Buffer.alloc(0))
const rsa = (last: number): Buffer =>
  sequence(oid(`2a864886f70d0101${last.toString(16).padStart(2, '0')}`), nothing)

/** RSASSA-PSS with SHA-256, or with whatever the parameters leave out (RFC 4055 §3.1). */
function pss(digest: Buffer | undefined): Buffer {
  const mgf = digest && sequence(oid('2a864886f70d010108'), digest)
  const named = digest && mgf ? [tlv(0xa0, digest), tlv(0xa1, mgf)] : []
  return sequence(
    oid('2a864886f70d01010a'),
    sequence(...named, tlv(0xa2, tlv(2, Buffer.from([32])))),
  )
}

test('K-8 signatures over SHA-1 or MD5 prove nothing', () => {
  const rsaRoot = authority('rsa', {
    keys: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    signature: [rsa(11), 'sha256'],
  })
  const by = (signature: Wish['signature']): number | string =>
    check(leafOf(rsaRoot, { ...(signature && { signature }) }), [], [rsaRoot])
  const sha256 = sequence(oid('608648016503040201'), nothing)
  assert.equal(by([rsa(11), 'sha256']), 2)
  assert.equal(by([rsa(12), 'sha384']), 2)
  assert.equal(by([rsa(13), 'sha512']), 2)
  assert.equal(by([rsa(5), 'sha1']), noPath)
  assert.equal(by([rsa(4), 'md5']), noPath)
  assert.equal(by([pss(sha256), 'sha256', true]), 2)
  assert.equal(by([pss(undefined), 'sha1', true]), noPath)
  assert.equal(
    check(leafOf(root, { signature: [sequence(oid('2a8648ce3d0401')), 'sha1'] })),
    noPath,
  )
  assert.equal(check(leafOf(root, { signature: [ecdsaWithSha256, 'sha256'] })), 2)
  const edRoot = authority('ed', {
    keys: generateKeyPairSync('ed25519'),
    signature: [sequence(oid('2b6570')), null],
  })
  const signature = [sequence(oid('2b6570')), null] as const
  assert.equal(check(leafOf(edRoot, { signature }), [], [edRoot]), 2)
})

test('J-8 a weak key is refused, of the leaf and of a CA', () => {
  const weak = (): NonNullable<Wish['keys']> => generateKeyPairSync('rsa', { modulusLength: 1024 })
  const reason = 'the key of the certificate is weak or not supported'
  assert.equal(check(leafOf(root, { keys: weak() })), reason)
  const weakRoot = authority('weak', { keys: weak(), signature: [rsa(11), 'sha256'] })
  assert.equal(check(leafOf(weakRoot, { signature: [rsa(11), 'sha256'] }), [], [weakRoot]), noPath)
})
