import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { needsChromium } from '../chromium.ts'
import {
  discover,
  introspect,
  type Party,
  push,
  redeem,
  refresh,
  revoke,
  userinfo,
} from './oauth4webapi.ts'
import { logInAndAllow, withPage } from './person.ts'
import { rows } from './registration.ts'
import { withQuery } from './relying-party.ts'
import { issuerOf, openStage, type Stage } from './stage.ts'

let stage: Stage

before(async () => {
  if (needsChromium().skip === undefined) stage = await openStage()
})
after(() => stage?.close())

for (const [name, row] of Object.entries(rows)) {
  test(
    `RFC 9126 §2.1 oauth4webapi: ${name}: push, login, consent, code, and all that tokens are for`,
    needsChromium(),
    async () => {
      const { redirect_uri, home } = stage.party
      const party = await discover(issuerOf(stage, 'alpha'), await stage.register('alpha', row))
      const verifier = oauth.generateRandomCodeVerifier()
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
      const url = await push(party, {
        redirect_uri,
        response_type: 'code',
        scope: 'openid profile email write',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        max_age: '300',
        state,
        nonce,
      })
      await withPage(stage.browser, async (page) => {
        await logInAndAllow(page, url)
        const arrival = await stage.party.arrival(page)
        assert.ok(arrival instanceof URL)
        const response = oauth.validateAuthResponse(party.as, party.client, arrival, state)
        const tokens = await redeem(party, response, redirect_uri, { verifier, nonce, maxAge: 300 })
        const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' }
        const user = await userinfo(party, tokens.access_token, sub)
        assert.equal(user.email, 'demo@example.com')
        assert.equal(user.name, 'Dana Maria Monroe')
        await refreshAndRevoke(party, tokens.refresh_token ?? '', sub, row.method !== 'none')
        const { id_token = '' } = tokens
        const query = { id_token_hint: id_token, post_logout_redirect_uri: home, state }
        await page.goto(withQuery(party.as.end_session_endpoint ?? '', query).href)
        assert.equal(page.url(), `${home}?state=${state}`)
        const left = (await page.context().cookies()).map((cookie) => cookie.name)
        assert.ok(!left.includes('iPlanetDirectoryPro'))
      })
    },
  )
}

/** RFC 6749 §6, RFC 7662, RFC 7009; a public client may not introspect. */
async function refreshAndRevoke(
  party: Party,
  refresh_token: string,
  sub: string,
  confidential: boolean,
): Promise<void> {
  const tokens = await refresh(party, refresh_token)
  assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, sub)
  await userinfo(party, tokens.access_token, sub)
  if (confidential) {
    const known = await introspect(party, tokens.access_token)
    assert.equal(known.active, true)
    assert.equal(known.sub, sub)
    assert.equal(known.client_id, party.client.client_id)
  } else {
    await assert.rejects(introspect(party, tokens.access_token), oauth.ResponseBodyError)
  }
  await revoke(party, tokens.access_token)
  // RFC 6750 §3.1
  await assert.rejects(userinfo(party, tokens.access_token, sub), (error) => {
    assert.ok(error instanceof oauth.WWWAuthenticateChallengeError)
    assert.equal(error.status, 401)
    assert.equal(error.cause[0]?.parameters.error, 'invalid_token')
    return true
  })
  if (confidential) {
    assert.deepEqual(await introspect(party, tokens.access_token), { active: false })
  }
  const newest = tokens.refresh_token ?? refresh_token
  await revoke(party, newest)
  await assert.rejects(refresh(party, newest), { error: 'invalid_grant' })
}
