import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trustedAdministrators } from '../../../test/administration-client.ts'
import { locationOf } from '../../../test/browser.ts'
import { answerConsent, authorizeUrl, isConsentPage, person } from '../../../test/flow.ts'
import { redirect_uri } from '../../../test/register.ts'
import { origin, pushForm, world } from '../../../test/world.ts'
import { clientKind } from '../../config/client.ts'
import { anyState } from '../../config/kind.ts'
import { createEndUser } from '../../user/end-user.ts'

const change = { by: 'test', condition: anyState }
const root = `${origin}/am/oauth2`

test('C-29 an administrator is asked each time before a token of administration, where consent is implied or saved too', async () => {
  const w = await world()
  const realm = await w.realm('/')
  await clientKind.save(realm, 'idmAdminClient', trustedAdministrators, change)
  const fresh = { username: 'boss', password: 'Ch4ng31t', roles: ['admin'] }
  const user = (await createEndUser(realm, fresh)) ?? assert.fail()
  const boss = await person(w, { user, path: '/' })
  const form = pushForm({ redirect_uri })
  const steered = (scope: string, more = {}) =>
    boss.get(authorizeUrl({ client_id: 'idmAdminClient', ...form, scope, ...more }, root))
  for (const scope of ['fr:am:*', 'openid fr:idm:*']) {
    const asked = await steered(scope)
    assert.ok(isConsentPage(asked), scope)
    const silent = locationOf(await steered(scope, { prompt: 'none' }))
    assert.equal(silent.searchParams.get('error'), 'consent_required')
    // Having said yes on the page is an answer for this once.
    const given = await answerConsent(boss, asked, 'allow', { save_consent: 'on' })
    assert.ok(locationOf(given).searchParams.has('code'))
    assert.ok(isConsentPage(await steered(scope)), scope)
  }
  assert.ok(locationOf(await steered('openid')).searchParams.has('code'))
  // frodo says yes for its user, by the session itself.
  const csrf = boss.session.token
  const said = { ...form, client_id: 'idmAdminClient', scope: 'fr:am:*', csrf, decision: 'allow' }
  assert.ok(locationOf(await boss.post(`${root}/authorize`, said)).searchParams.has('code'))
})
