import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import type { Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import {
  discover,
  introspect,
  type Party,
  push,
  redeem,
  userinfo,
  validateFrontIdToken,
  validateHybrid,
} from './oauth4webapi.ts'
import { allow } from './person.ts'
import { rows } from './registration.ts'
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

interface Secrets {
  readonly state: string
  readonly nonce?: string
  readonly verifier?: string
}

for (const row of typeRows) {
  test(`RFC 9126 §4 oauth4webapi: ${nameOf(row)}`, needsChromium(), async () => {
    const registration = await stage.register(row.realm, rows['private_key_jwt, ES256'])
    const algorithm = has(row, 'openid') ? 'oidc' : 'oauth2'
    const party = await discover(issuerOf(stage, row.realm), registration, algorithm)
    const secrets: Secrets = {
      state: oauth.generateRandomState(),
      ...(has(row, 'openid') && { nonce: oauth.generateRandomNonce() }),
      ...(row.realm === 'alpha' &&
        has(row, 'code') && { verifier: oauth.generateRandomCodeVerifier() }),
    }
    await allow(page, await push(party, await parametersOf(row, secrets)))
    const { arrival, parameters } = await landing(stage.party, page, row)
    assertHashes(parameters)
    const sub = await tokensOf(party, row, secrets, arrival, parameters)
    const access_token = parameters.get('access_token')
    if (access_token !== null) await use(party, row, access_token, sub)
  })
}

async function parametersOf(
  { response_type, response_mode, scope }: TypeRow,
  { state, nonce, verifier }: Secrets,
): Promise<Record<string, string>> {
  return {
    redirect_uri: stage.party.redirect_uri,
    response_type,
    scope,
    state,
    ...(response_mode && { response_mode }),
    ...(nonce && { nonce }),
    ...(verifier && {
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }),
  }
}

/** Validates the answer by the call the library has for its kind, and redeems a code. Gives the subject. */
async function tokensOf(
  party: Party,
  row: TypeRow,
  { state, nonce = '', verifier }: Secrets,
  arrival: URL | Request,
  parameters: URLSearchParams,
): Promise<string | undefined> {
  const hybrid = has(row, 'code') && has(row, 'id_token')
  const response = hybrid
    ? await validateHybrid(party, arrival, nonce, state)
    : oauth.validateAuthResponse(party.as, party.client, without(parameters, 'id_token'), state)
  if (!has(row, 'code')) {
    const id_token = parameters.get('id_token')
    return id_token === null ? undefined : (await validateFrontIdToken(party, id_token, nonce))?.sub
  }
  const tokens = await redeem(party, response, stage.party.redirect_uri, {
    ...(nonce && { nonce }),
    ...(verifier && { verifier }),
  })
  const sub = oauth.getValidatedIdTokenClaims(tokens)?.sub
  assert.equal(sub !== undefined, has(row, 'openid'))
  assert.ok(tokens.refresh_token)
  await use(party, row, tokens.access_token, sub)
  return sub
}

function without(parameters: URLSearchParams, name: string): URLSearchParams {
  return new URLSearchParams([...parameters].filter(([each]) => each !== name))
}

/** What an access token is good for: claims with `openid`, else a resource server asks what it says. */
async function use(
  party: Party,
  row: TypeRow,
  access_token: string,
  sub: string | undefined,
): Promise<void> {
  if (sub !== undefined) {
    assert.equal((await userinfo(party, access_token, sub)).email, 'demo@example.com')
  }
  const known = await introspect(party, access_token)
  assert.equal(known.active, true)
  assert.deepEqual(known.scope?.split(' ').sort(), row.scope.split(' ').sort())
}
