import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { push, redeem, discover as webapi } from './oauth4webapi.ts'
import { discover } from './openid-client.ts'
import { allow, logInAndAllow, withPage } from './person.ts'
import { rows } from './registration.ts'
import { withQuery } from './relying-party.ts'
import { issuerOf, openStage, type Stage } from './stage.ts'

let stage: Stage
/** Of somebody who logs in once, and then only allows what was pushed. */
let known: Page

before(async () => {
  if (needsChromium().skip !== undefined) return
  stage = await openStage()
  known = await stage.browser.newPage()
})
after(() => stage?.close())

const ways = ['pushed', 'by value'] as const

/** Runs something with the page that landed; an object that comes by value outlives a login each time. */
function landed(way: (typeof ways)[number], url: URL, run: (page: Page) => Promise<void>) {
  if (way === 'pushed') return allow(known, url).then(() => run(known))
  return withPage(stage.browser, async (page) => {
    await logInAndAllow(page, url)
    await run(page)
  })
}

for (const [name, row] of Object.entries(rows)) {
  for (const way of ways) {
    test(
      `RFC 9101 §4 openid-client: ${name}: a request object, ${way}`,
      needsChromium(),
      async () => {
        const registration = await stage.register('alpha', row)
        const config = await discover(issuerOf(stage, 'alpha'), registration)
        const pkceCodeVerifier = client.randomPKCECodeVerifier()
        const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
        const signed = await client.buildAuthorizationUrlWithJAR(
          config,
          {
            redirect_uri: stage.party.redirect_uri,
            scope: 'openid write',
            code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
            code_challenge_method: 'S256',
            state: expectedState,
            nonce: expectedNonce,
            max_age: '300',
            claims: '{"id_token":{"email":null}}',
          },
          registration.key,
        )
        assert.deepEqual([...signed.searchParams.keys()].sort(), ['client_id', 'request'])
        const url =
          way === 'pushed'
            ? await client.buildAuthorizationUrlWithPAR(config, signed.searchParams)
            : signed
        await landed(way, url, async (page) => {
          const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 300 }
          const arrival = await stage.party.arrival(page)
          const tokens = await client.authorizationCodeGrant(config, arrival, checks)
          assert.equal(tokens.claims()?.email, 'demo@example.com')
        })
      },
    )
  }
}

for (const [name, row] of Object.entries(rows)) {
  for (const way of ways) {
    test(
      `RFC 9101 §4 oauth4webapi: ${name}: a request object, ${way}`,
      needsChromium(),
      async () => {
        const { redirect_uri } = stage.party
        const registration = await stage.register('alpha', row)
        const party = await webapi(issuerOf(stage, 'alpha'), registration)
        const verifier = oauth.generateRandomCodeVerifier()
        const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
        const request = await oauth.issueRequestObject(
          party.as,
          party.client,
          {
            redirect_uri,
            response_type: 'code',
            scope: 'openid write',
            code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
            code_challenge_method: 'S256',
            max_age: '300',
            claims: '{"id_token":{"email":null}}',
            state,
            nonce,
          },
          registration.key,
        )
        const { client_id } = party.client
        const url =
          way === 'pushed'
            ? await push(party, { request })
            : withQuery(party.as.authorization_endpoint ?? '', { client_id, request })
        await landed(way, url, async (page) => {
          const arrival = await stage.party.arrival(page)
          assert.ok(arrival instanceof URL)
          const response = oauth.validateAuthResponse(party.as, party.client, arrival, state)
          const tokens = await redeem(party, response, redirect_uri, {
            verifier,
            nonce,
            maxAge: 300,
          })
          assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.email, 'demo@example.com')
        })
      },
    )
  }
}
