import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { selfSigned } from '../../test/certificate.ts'
import { authority } from '../../test/pki.ts'
import { asksCertificates } from './client-certificates.ts'
import { readServerSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-client-certificates-'))
after(() => rmSync(folder, { recursive: true }))

const { cert, key } = selfSigned('localhost')
const texts = { 'cert.pem': cert, 'key.pem': key, 'ca.pem': authority('ca').pem }
const [certFile = '', keyFile = '', caFile = ''] = Object.entries(texts).map(([name, text]) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
})

const asking: readonly (readonly [given: Readonly<Record<string, string>>, asked: boolean])[] = [
  [{}, false],
  [{ PARAPET_TLS_CLIENT_CERTIFICATES: 'ask' }, true],
  [{ PARAPET_TLS_CLIENT_CA: caFile }, true],
  [{ PARAPET_TLS_CLIENT_CA: caFile, PARAPET_TLS_CLIENT_CERTIFICATES: 'off' }, false],
  [{ PARAPET_TLS_CLIENT_CA: caFile, PARAPET_TRUSTED_PROXIES: '::1' }, false],
]
for (const [given, asked] of asking) {
  test(`MTLS-2 ${Object.keys(given).join(' and ') || 'nothing set'}: ${asked ? 'asks' : 'does not ask'} for certificates`, () => {
    const tls = { PARAPET_TLS_CERT: certFile, PARAPET_TLS_KEY: keyFile }
    const ways = { ...tls, ...(asked ? {} : { PARAPET_TRUSTED_PROXIES: '::1' }), ...given }
    const { settings, problems } = readServerSettings(ways)
    assert.deepEqual(problems, [])
    assert.equal(settings && asksCertificates(settings), asked)
  })
}
