import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { bodyOf, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { clientKind } from '../../config/client.ts'
import { anyState } from '../../config/kind.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'

const w = await world()
const call = await administrator(w)
const alpha = await w.realm()
/** As the configuration file does it, where `$${b}` says `${b}`. */
const change = { by: 'test', condition: anyState, trusted: true, filled: true } as const

/** Documents with texts that look as if nobody had filled them in, at the attribute that has them. */
const documents = [
  {
    what: 'a client',
    url: '/realm-config/agents/OAuth2Client/shaped',
    save: (value: JsonObject) => clientKind.save(alpha, 'shaped', value, change),
    section: 'coreOAuth2ClientConfig',
    name: 'clientName',
    texts: [`\${b}`, `en|\${c}`],
  },
  {
    what: 'a provider',
    url: '/realm-config/services/oauth-oidc',
    save: (value: JsonObject) => oauth2ProviderKind.save(alpha, '', value, change),
    section: 'advancedOAuth2Config',
    name: 'supportedScopes',
    texts: [`write|\${b}`],
  },
]

for (const { what, url, save, section, name, texts } of documents) {
  test(`C-39 ${what} that a configuration file gave a text like \${b} is put back as it was read, and takes no new one`, async () => {
    const saved = await save({ [section]: { [name]: texts } })
    assert.ok('item' in saved, JSON.stringify(saved))
    const { _rev, ...read } = bodyOf(await call('GET', url))
    const back = await call('PUT', url, read)
    assert.equal(back.status, 200, String(back.body))
    const { _rev: _, ...again } = bodyOf(await call('GET', url))
    assert.deepEqual(again, read)
    const put = (value: unknown) =>
      call('PUT', url, { ...read, [section]: { ...Object(read[section]), [name]: value } })
    assert.equal((await put([...texts, 'plain'])).status, 200)
    for (const more of [`\${d}`, `x \${b}`, '&{esv.b}']) {
      const refused = await put([...texts, more])
      assert.equal(refused.status, 400, more)
      assert.match(String(refused.body), /holds a placeholder that nobody has filled in/)
    }
    // Once it is gone it is nobody's meaning any more.
    assert.equal((await put(['plain'])).status, 200)
    assert.equal((await put(texts)).status, 400)
  })
}
