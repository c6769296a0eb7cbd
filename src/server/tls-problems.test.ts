import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../../test/certificate.ts'
import { withEvents } from '../../test/events.ts'
import { authority, cn, extension, type Issued, issue } from '../../test/pki.ts'
import { asksCertificates, certificatesOf, tellNotInForce } from './client-certificates.ts'
import type { Settings } from './settings.ts'
import { readServerSettings } from './settings.ts'

const base = 'https://as.example'
const addresses: readonly (readonly [given: Readonly<Record<string, string>>, says?: string])[] = [
  [{ PARAPET_MTLS_URL: 'https://mtls.example', PARAPET_BASE_URL: base }],
  [{ PARAPET_MTLS_URL: 'https://mtls.example' }, 'needs PARAPET_BASE_URL'],
  [{ PARAPET_MTLS_URL: 'http://mtls.example', PARAPET_BASE_URL: base }, 'must be https'],
  [{ PARAPET_MTLS_URL: base, PARAPET_BASE_URL: base }, 'is one of PARAPET_BASE_URL'],
]
for (const [given, says] of addresses)
  test(`MTLS-11 ${JSON.stringify(given)} ${says ?? 'is good'}`, () => {
    const { problems } = readServerSettings(given)
    assert.deepEqual(problems, says === undefined ? [] : [`PARAPET_MTLS_URL: ${says}`])
  })

test('MTLS-11 of two processes that serve the two addresses, one is asked for certificates, and both tell of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-tls-problems-'))
  const { cert, key } = selfSigned('localhost')
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority('ca').pem)
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  const shared = {
    ...{ PARAPET_TLS_CERT: files.cert, PARAPET_TLS_KEY: files.key },
    ...{ PARAPET_TLS_CLIENT_CA: ca, PARAPET_BASE_URL: base },
    PARAPET_MTLS_URL: 'https://mtls.example',
  }
  const told = ['ask', 'off'].map((asks) => {
    const given = { ...shared, PARAPET_TLS_CLIENT_CERTIFICATES: asks }
    const { settings, problems } = readServerSettings(given)
    assert.deepEqual(problems, [])
    const { asked, proxied, authorities, alias } = certificatesOf(settings as Settings)
    const own = settings !== undefined && asksCertificates(settings)
    return { own, told: { asked, proxied, trusted: authorities.length, alias } }
  })
  rmSync(folder, { recursive: true })
  const both = { at: 'https://mtls.example', of: base }
  const same = { asked: true, proxied: false, trusted: 1, alias: both }
  assert.deepEqual(told, [
    { own: true, told: same },
    { own: false, told: same },
  ])
})

test('MTLS-12 a file of CAs in which one is cut off, or could not be read as it stands, is a problem', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-tls-problems-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [{ pem: first }, { pem: second }] = [authority('a'), authority('b')]
  const { key } = selfSigned('a')
  const named = (text: string): readonly string[] => {
    const file = join(folder, 'cas.pem')
    writeFileSync(file, text)
    const given = { PARAPET_TLS_CLIENT_CA: file, PARAPET_TRUSTED_PROXIES: '::1' }
    return readServerSettings(given).problems
  }
  const says = 'must name a PEM file of CAs: one of them is no whole CERTIFICATE'
  const problem = [`PARAPET_TLS_CLIENT_CA: ${says}`]
  const cut = second.slice(0, 200)
  assert.deepEqual(named(`${first}\n${cut}`), problem)
  assert.deepEqual(named(`${cut}\n${first}`), problem)
  assert.deepEqual(named(`${first}\n${second.replaceAll('CERT', 'TRUSTED CERT')}`), problem)
  assert.deepEqual(named(`# two\n${first}\nand\n${second}\n${key}`), [])
})

test('MTLS-12 a certificate among the CAs that vouches for no client is a problem, and it is told which and why', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-tls-problems-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const root = authority('root')
  const named = (...authorities: readonly Issued[]): readonly string[] => {
    const file = join(folder, 'cas.pem')
    writeFileSync(file, authorities.map(({ pem }) => pem).join(''))
    return readServerSettings({ PARAPET_TLS_CLIENT_CA: file, PARAPET_TRUSTED_PROXIES: '::1' })
      .problems
  }
  const serverAuth = '2b06010505070301'
  const table: readonly (readonly [Issued, string])[] = [
    [issue({ subject: cn('odd'), issuer: root }), 'it is no CA by its basicConstraints'],
    [authority('odd', { ca: false }), 'it is no CA by its basicConstraints'],
    [authority('odd', { keyUsage: 0x80 }), 'its key usage is not to sign certificates'],
    [
      authority('odd', { extra: [extension('551d1e', Buffer.from('3000', 'hex'), true)] }),
      'it has name constraints, which are not followed',
    ],
    [
      authority('odd', { extendedKeyUsage: [serverAuth] }),
      'its extended key usage is not client authentication',
    ],
    [
      authority('odd', { extra: [extension('2a0304', Buffer.from('0500', 'hex'), true)] }),
      'it has a critical extension that is not supported',
    ],
  ]
  for (const [odd, why] of table)
    assert.deepEqual(named(root, odd), [
      `PARAPET_TLS_CLIENT_CA: must name a PEM file of CAs: CN=odd: ${why}`,
    ])
  assert.deepEqual(named(root, authority('middle', { issuer: root, pathLength: 0 })), [])
})

test('MTLS-12 a CA whose time has not come or is over is served with, and warned of at the start', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-tls-problems-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'cas.pem')
  const [over, good, early] = [
    authority('over', { years: [2000, 2010] }),
    authority('good', { years: [2020, 2040] }),
    authority('early', { years: [2035, 2040] }),
  ]
  writeFileSync(file, [over, good, early].map(({ pem }) => pem).join(''))
  const given = { PARAPET_TLS_CLIENT_CA: file, PARAPET_TRUSTED_PROXIES: '::1' }
  const { settings, problems } = readServerSettings(given)
  assert.deepEqual(problems, [])
  const now = Date.UTC(2030, 5, 1) / 1000
  const { events } = await withEvents(async () => tellNotInForce(settings as Settings, now))
  assert.deepEqual(
    events.map(({ name, level, fields: { subject } }) => [name, level, subject]),
    ['CN=over', 'CN=early'].map((subject) => ['tls.ca_not_in_force', 'warn', subject]),
  )
})
