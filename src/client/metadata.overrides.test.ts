import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isObject } from '../base/json.ts'
import { readClientDocument } from './metadata.ts'

test('PingAM: oauth2-client overrides that are off mean nothing, so nothing there is refused, nor named as not served', () => {
  const overrideOAuth2ClientConfig = { tokenEncryptionEnabled: true, oidcClaimsScript: 'own' }
  const off = readClientDocument({ overrideOAuth2ClientConfig })
  assert.deepEqual([off.problems, off.unknown], [[], []])
  assert.deepEqual(off.kept, {})
  assert.ok(isObject(off.document.overrideOAuth2ClientConfig))
  const neither = readClientDocument({
    overrideOAuth2ClientConfig: { providerOverridesEnabled: 'yes' },
  })
  assert.deepEqual(
    neither.problems.map(({ path }) => path),
    ['overrideOAuth2ClientConfig.providerOverridesEnabled'],
  )
  const on = readClientDocument({
    overrideOAuth2ClientConfig: { ...overrideOAuth2ClientConfig, providerOverridesEnabled: true },
  })
  assert.deepEqual(on.problems, [])
  assert.deepEqual(on.kept, { overrideOAuth2ClientConfig })
})
