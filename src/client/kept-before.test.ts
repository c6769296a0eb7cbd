import assert from 'node:assert/strict'
import { test } from 'node:test'
import { push, pushForm, world } from '../../test/world.ts'
import { readClient, saveClient } from './registration.ts'

/** What versions before kept and refused, since they could not serve it. */
const rows: readonly (readonly [section: string, name: string, value: string | boolean])[] = [
  ['advancedOAuth2ClientConfig', 'subjectType', 'Pairwise'],
  ['signEncOAuth2ClientConfig', 'idTokenEncryptionEnabled', true],
  ['signEncOAuth2ClientConfig', 'mTLSCertificateBoundAccessTokens', true],
  ['overrideOAuth2ClientConfig', 'enableRemoteConsent', true],
]

for (const [section, name, value] of rows)
  test(`C-39 where a version before kept ${name}, the client is refused until it is saved anew`, async () => {
    const w = await world()
    const realm = await w.realm()
    const stored = await readClient(realm, 'myClient')
    assert.ok(stored)
    assert.equal((await push(w, pushForm({ scope: 'openid' }))).status, 201)
    await saveClient(realm, { ...stored.record, kept: { [section]: { [name]: value } } })
    const refused = await push(w, pushForm({ scope: 'openid' }))
    assert.equal(refused.status, 400)
    assert.ok(String(refused.body).includes(`${section}.${name}`), String(refused.body))
    await saveClient(realm, { ...stored.record, kept: undefined })
    assert.equal((await push(w, pushForm({ scope: 'openid' }))).status, 201)
  })
