import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import { browser } from '../../../test/browser.ts'
import { answerOf, authorizeUrl, isLogin, logInAndReturn } from '../../../test/flow.ts'
import { objectClaims, registerSigner, signed } from '../../../test/request-object.ts'
import { world } from '../../../test/world.ts'

const es256 = await signer('ES256')

test('RFC 9126 §5 an object by value whose visit had begun is refused once requests must be pushed', async () => {
  const own = await world()
  await registerSigner(own, 'signs', [es256])
  const request = signed(es256, objectClaims(own, 'signs', { state: 'begun' }))
  const b = browser(own)
  const detour = await b.get(authorizeUrl({ client_id: 'signs', request }))
  assert.ok(isLogin(detour))
  await amend(own, 'signs', {
    advancedOAuth2ClientConfig: { require_pushed_authorization_requests: true },
  })
  const told = answerOf(await logInAndReturn(b, detour))
  assert.deepEqual([told.get('error'), told.get('state')], ['invalid_request', 'begun'])
})
