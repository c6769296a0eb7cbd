import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../../test/certificate.ts'
import { asksCertificates, certificatesOf } from './client-certificates.ts'
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
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  const shared = {
    ...{ PARAPET_TLS_CERT: files.cert, PARAPET_TLS_KEY: files.key },
    ...{ PARAPET_TLS_CLIENT_CA: files.cert, PARAPET_BASE_URL: base },
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
  const [{ cert: first, key }, { cert: second }] = [selfSigned('a'), selfSigned('b')]
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
