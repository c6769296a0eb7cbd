import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { needsChromium } from '../chromium.ts'
import { discover } from './openid-client.ts'
import { logInAndAllow, withPage } from './person.ts'
import { rows } from './registration.ts'
import { issuerOf, openStage, type Stage } from './stage.ts'

let stage: Stage

before(async () => {
  if (needsChromium().skip === undefined) stage = await openStage()
})
after(() => stage?.close())

for (const [name, row] of Object.entries(rows)) {
  test(
    `RFC 9126 §2.1 openid-client: ${name}: push, login, consent, code, and all that tokens are for`,
    needsChromium(),
    async () => {
      const { party, browser, register } = stage
      const config = await discover(issuerOf(stage, 'alpha'), await register('alpha', row))
      const pkceCodeVerifier = client.randomPKCECodeVerifier()
      const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
      const url = await client.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: party.redirect_uri,
        scope: 'openid profile email write',
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
        max_age: '300',
      })
      assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
      await withPage(browser, async (page) => {
        await logInAndAllow(page, url)
        const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 300 }
        const tokens = await client.authorizationCodeGrant(
          config,
          await party.arrival(page),
          checks,
        )
        const claims = tokens.claims()
        assert.ok(claims && tokens.refresh_token && tokens.id_token)
        const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        assert.equal(user.email, 'demo@example.com')
        assert.equal(user.name, 'Dana Maria Monroe')
        await refreshAndRevoke(config, tokens.refresh_token, claims.sub, row.method !== 'none')
        const logout = client.buildEndSessionUrl(config, {
          id_token_hint: tokens.id_token,
          post_logout_redirect_uri: party.home,
          state: expectedState,
        })
        await page.goto(logout.href)
        assert.equal(page.url(), `${party.home}?state=${expectedState}`)
        assert.deepEqual(await sessionCookies(page.context().cookies()), [])
      })
    },
  )
}

/** RFC 6749 §6, RFC 7662, RFC 7009; a public client may not introspect. */
async function refreshAndRevoke(
  config: client.Configuration,
  refresh_token: string,
  sub: string,
  confidential: boolean,
): Promise<void> {
  const tokens = await client.refreshTokenGrant(config, refresh_token)
  assert.equal(tokens.claims()?.sub, sub)
  await client.fetchUserInfo(config, tokens.access_token, sub)
  if (confidential) {
    const known = await client.tokenIntrospection(config, tokens.access_token)
    assert.equal(known.active, true)
    assert.equal(known.sub, sub)
    assert.equal(known.client_id, config.clientMetadata().client_id)
  }
  await client.tokenRevocation(config, tokens.access_token)
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub))
  if (confidential) {
    const gone = await client.tokenIntrospection(config, tokens.access_token)
    assert.deepEqual(gone, { active: false })
  }
  const newest = tokens.refresh_token ?? refresh_token
  await client.tokenRevocation(config, newest)
  await assert.rejects(client.refreshTokenGrant(config, newest), { error: 'invalid_grant' })
}

async function sessionCookies(all: Promise<readonly { name: string }[]>): Promise<unknown[]> {
  return (await all).filter(({ name }) => name === 'iPlanetDirectoryPro')
}
