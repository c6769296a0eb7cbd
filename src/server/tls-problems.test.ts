import assert from 'node:assert/strict'
import { test } from 'node:test'
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
