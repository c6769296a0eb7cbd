import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { discover } from './openid-client.ts'
import { allow } from './person.ts'
import { rows } from './registration.ts'
import { withQuery } from './relying-party.ts'
import { assertHashes, has, landing, nameOf, type TypeRow, typeRows } from './response-types.ts'
import { issuerOf, openStage, type Stage } from './stage.ts'

let stage: Stage
/** One person's browser through all of it: she logs in once in a realm. */
let page: Page

before(async () => {
  if (needsChromium().skip !== undefined) return
  stage = await openStage()
  page = await stage.browser.newPage()
})
after(() => stage?.close())

/** openid-client knows these by itself; the others it pushes as parameters and is handed their parts. */
const natively: Readonly<Record<string, (config: client.Configuration) => void>> = {
  id_token: client.useIdTokenResponseType,
  'code id_token': client.useCodeIdTokenResponseType,
}

interface Checks {
  readonly expectedState: string
  readonly expectedNonce?: string
  readonly pkceCodeVerifier?: string
}

for (const row of typeRows) {
  test(`RFC 9126 §4 openid-client: ${nameOf(row)}`, needsChromium(), async () => {
    const registration = await stage.register(row.realm, rows.client_secret_basic)
    const algorithm = has(row, 'openid') ? 'oidc' : 'oauth2'
    const config = await discover(issuerOf(stage, row.realm), registration, algorithm)
    const kind = has(row, 'id_token') ? (has(row, 'code') ? 'code id_token' : 'id_token') : ''
    natively[kind]?.(config)
    const checks: Checks = {
      expectedState: client.randomState(),
      ...(has(row, 'openid') && { expectedNonce: client.randomNonce() }),
      ...(row.realm === 'alpha' &&
        has(row, 'code') && { pkceCodeVerifier: client.randomPKCECodeVerifier() }),
    }
    await allow(page, await pushed(config, row, checks))
    const { arrival, parameters } = await landing(stage.party, page, row)
    assertHashes(parameters)
    let sub: string | undefined
    if (kind === 'id_token') {
      const { expectedNonce = '', ...rest } = checks
      sub = (await client.implicitAuthentication(config, arrival, expectedNonce, rest)).sub
    } else if (has(row, 'code')) {
      // The library takes a code from the query only, whichever way it came.
      const given = kind === '' ? withQuery(stage.party.redirect_uri, parameters) : arrival
      sub = await redeem(config, row, given, checks)
    } else {
      // The bare token type: the library has no call for it, so its two checks are made here.
      assert.equal(parameters.get('state'), checks.expectedState)
      assert.equal(parameters.get('iss'), config.serverMetadata().issuer)
    }
    const access_token = parameters.get('access_token')
    if (access_token !== null) await use(config, row, access_token, sub)
  })
}

async function pushed(
  config: client.Configuration,
  { response_type, response_mode, scope }: TypeRow,
  { expectedState, expectedNonce, pkceCodeVerifier }: Checks,
): Promise<URL> {
  return client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: stage.party.redirect_uri,
    response_type,
    scope,
    state: expectedState,
    ...(response_mode && { response_mode }),
    ...(expectedNonce && { nonce: expectedNonce }),
    ...(pkceCodeVerifier && {
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }),
  })
}

/** The code for tokens; gives the subject where there is an ID token. */
async function redeem(
  config: client.Configuration,
  row: TypeRow,
  given: URL | Request,
  checks: Checks,
): Promise<string | undefined> {
  const tokens = await client.authorizationCodeGrant(config, given, checks)
  const claims = tokens.claims()
  assert.equal(claims !== undefined, has(row, 'openid'))
  assert.ok(tokens.refresh_token)
  await use(config, row, tokens.access_token, claims?.sub)
  return claims?.sub
}

/** What an access token is good for: claims with `openid`, else a resource server asks what it says. */
async function use(
  config: client.Configuration,
  row: TypeRow,
  access_token: string,
  sub: string | undefined,
): Promise<void> {
  if (sub !== undefined) {
    const { email } = await client.fetchUserInfo(config, access_token, sub)
    assert.equal(email, 'demo@example.com')
  }
  const known = await client.tokenIntrospection(config, access_token)
  assert.equal(known.active, true)
  assert.deepEqual(known.scope?.split(' ').sort(), row.scope.split(' ').sort())
}
