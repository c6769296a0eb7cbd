import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authenticator } from '../../../test/authenticator.ts'
import { authenticator, passkeyOn } from '../../../test/authenticator.ts'
import type { Browser } from '../../../test/browser.ts'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import {
  answerConsent,
  claimsOf,
  codeOf,
  person,
  redeem,
  refresh,
  slimUrl,
  somebody,
} from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { bodyOf, origin, pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { readSession } from '../../session/session.ts'
import type { EndUser } from '../../user/end-user.ts'
import { addPasskey } from '../../user/factor/passkey.ts'

const w = await world({
  alpha: {
    parapetConfig: { journeys: ['Login', 'Password', 'Passkey'] },
    advancedOIDCConfig: { loaMapping: { passkey: 'Passkey' } },
  },
})
const realm = await w.realm()
const wanted = { scope: 'openid', acr_values: 'passkey' }

async function deviceOf(user: EndUser): Promise<Authenticator> {
  const device = authenticator(origin)
  assert.equal(await addPasskey(realm, user.sub, passkeyOn(device, user.sub), 9), 'added')
  return device
}

/** Shows a passkey where a redirect leads; gives what was asked, and where it leads back to. */
async function showPasskey(b: Browser, detour: HttpResponse, device: Authenticator) {
  assert.equal(locationOf(detour).searchParams.get('service'), 'Passkey')
  const page = await b.get(locationOf(detour).href)
  const asked = byId(String(page.body), 'passkey')?.attributes.get('data-asked') ?? ''
  const data = JSON.parse(asked) as JsonObject
  const IDToken2 = device.authenticate(data)
  const back = await b.post(actionOf(page), { ...fieldsOf(page), IDToken2 })
  assert.equal(back.status, 303, String(back.body))
  return { data, authorize: await b.get(locationOf(back).href) }
}

async function tokensOf(b: Browser, consent: HttpResponse): Promise<Record<string, unknown>> {
  return bodyOf(await redeem(w, codeOf(await answerConsent(b, consent))))
}

test('RFC 9470 OIDC Core §2 a password session steps up by a passkey of the same user, in a new session', async () => {
  const device = await deviceOf(w.demo)
  const b = browser(w)
  const before = await b.logIn()
  const detour = await b.get(slimUrl(await pushed(w, wanted)))
  const { data, authorize } = await showPasskey(b, detour, device)
  assert.equal((data._allowCredentials as readonly unknown[]).length, 1)
  const tokens = await tokensOf(b, authorize)
  const { sub, acr, amr } = claimsOf(tokens.id_token)
  assert.deepEqual(
    { sub, acr, amr },
    { sub: w.demo.sub, acr: 'passkey', amr: ['pop', 'user', 'mfa'] },
  )
  assert.equal(await readSession(realm, before), undefined)
})

test('RFC 8176 amr says how the session came to be, in refreshed ID tokens too', async () => {
  const b = browser(w)
  await b.logIn()
  const consent = await b.get(slimUrl(await pushed(w, { scope: 'openid' })))
  const tokens = await tokensOf(b, consent)
  assert.deepEqual(claimsOf(tokens.id_token).amr, ['pwd'])
  const next = bodyOf(await refresh(w, tokens.refresh_token))
  assert.deepEqual(claimsOf(next.id_token).amr, ['pwd'])
  // A session from before that was kept says nothing.
  const older = await person(w)
  const without = await older.get(slimUrl(await pushed(w, { scope: 'openid' })))
  assert.equal(claimsOf((await tokensOf(older, without)).id_token).amr, undefined)
})

test('a step-up by somebody else’s passkey is a login of somebody else, with nothing of the session before', async () => {
  const [other, owner] = [await somebody(w), await somebody(w)]
  const device = await deviceOf(owner)
  const p = await person(w, { user: other })
  const detour = await p.get(slimUrl(await pushed(w, wanted)))
  const { data, authorize } = await showPasskey(p, detour, device)
  assert.deepEqual(data._allowCredentials, [])
  const { sub, amr } = claimsOf((await tokensOf(p, authorize)).id_token)
  assert.deepEqual({ sub, amr }, { sub: owner.sub, amr: ['pop', 'user', 'mfa'] })
  assert.equal(await readSession(realm, p.session.token), undefined)
  // Where the client wants that very user, nobody else goes on.
  const named = await person(w, { user: other })
  const claims = JSON.stringify({ id_token: { sub: { value: other.sub } } })
  const refused = await named.get(slimUrl(await pushed(w, { ...wanted, claims })))
  const end = await showPasskey(named, refused, device)
  assert.equal(locationOf(end.authorize).searchParams.get('error'), 'login_required')
})
