import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as client from 'openid-client'
import type { Page, Response } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { discover } from './openid-client.ts'
import { allow, logIn, logInAndAllow, withPage } from './person.ts'
import { rows } from './registration.ts'
import { withQuery } from './relying-party.ts'
import { issuerOf, openStage, type Stage } from './stage.ts'

let stage: Stage
/** Clients by realm. References of bravo live five seconds. */
let config: Readonly<Record<'alpha' | 'bravo', client.Configuration>>

const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const lifetime = 5

before(async () => {
  if (needsChromium().skip !== undefined) return
  stage = await openStage()
  const path = 'bravo/realm-config/services/oauth-oidc'
  const { _id, _rev, _type, ...service } = await stage.admin('GET', path)
  const { advancedOAuth2Config } = service
  await stage.admin('PUT', path, {
    ...service,
    advancedOAuth2Config: { ...advancedOAuth2Config, parRequestUriLifetime: lifetime },
  })
  config = { alpha: await open('alpha'), bravo: await open('bravo') }
})
after(() => stage?.close())

async function open(realm: string): Promise<client.Configuration> {
  return discover(issuerOf(stage, realm), await stage.register(realm, rows.client_secret_basic))
}

async function push(
  from: client.Configuration,
  changes: Readonly<Record<string, string>> = {},
): Promise<URL> {
  return client.buildAuthorizationUrlWithPAR(from, {
    redirect_uri: stage.party.redirect_uri,
    scope: 'openid write',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...changes,
  })
}

/** Takes what the browser brought back to the tokens. */
async function redeem(
  from: client.Configuration,
  page: Page,
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const arrival = await stage.party.arrival(page)
  return client.authorizationCodeGrant(from, arrival, { pkceCodeVerifier, expectedState })
}

/** The page that says that a request_uri is no more, and the way on from there. */
async function assertGone(page: Page, answer: Response | null, back: string): Promise<void> {
  assert.equal(answer?.status(), 400)
  assert.equal(await page.textContent('#error_code'), 'invalid_request_uri')
  assert.equal(await page.textContent('#error_parameter'), 'request_uri')
  assert.equal(await page.getAttribute('#back', 'href'), back)
  await page.click('#back')
  await page.waitForURL(back)
}

/** The client's own redirect URI, with what it needs to know. */
function goneAt(from: client.Configuration): string {
  const { issuer } = from.serverMetadata()
  return withQuery(stage.party.redirect_uri, { error: 'invalid_request_uri', iss: issuer }).href
}

test('RFC 6749 §4.1.2.1 a person who denies sends access_denied', needsChromium(), () =>
  withPage(stage.browser, async (page) => {
    const url = await push(config.alpha)
    await page.goto(url.href)
    await logIn(page)
    await page.click('#deny')
    await assert.rejects(redeem(config.alpha, page), {
      error: 'access_denied',
      error_description: 'Resource Owner did not authorize the request',
    })
    await assertGone(page, await page.goto(url.href), goneAt(config.alpha))
  }),
)

test(
  'C-2b C-18 prompt=none is answered at once in every mode and spends nothing',
  needsChromium(),
  () =>
    withPage(stage.browser, async (page) => {
      const required = {
        error: 'interaction_required',
        error_description: 'The request requires some interaction that is not allowed.',
      }
      for (const response_mode of ['query', 'form_post']) {
        await page.goto((await push(config.alpha, { prompt: 'none', response_mode })).href)
        await assert.rejects(redeem(config.alpha, page), required)
      }
      // Whoever saw the reference can ask with `prompt=none`, and it is still good afterwards.
      const url = await push(config.alpha)
      await page.goto(`${url.href}&prompt=none`)
      await assert.rejects(redeem(config.alpha, page), required)
      await logInAndAllow(page, url)
      assert.ok((await redeem(config.alpha, page)).access_token)
      await page.goto((await push(config.alpha, { prompt: 'none' })).href)
      await assert.rejects(redeem(config.alpha, page), { error: 'consent_required' })
    }),
)

test('OIDC Core §3.1.2.1 saved consent makes prompt=none a silent login', needsChromium(), () =>
  withPage(stage.browser, async (page) => {
    const own = await open('alpha')
    await page.goto((await push(own)).href)
    await logIn(page)
    await page.check('#save_consent')
    await page.click('#approve')
    const first = (await redeem(own, page)).claims()
    await page.goto((await push(own, { prompt: 'none' })).href)
    const second = (await redeem(own, page)).claims()
    assert.equal(second?.sub, first?.sub)
    assert.equal(second?.auth_time, first?.auth_time)
    await page.goto((await push(own, { prompt: 'login' })).href)
    await logIn(page)
    assert.equal((await redeem(own, page)).claims()?.sub, first?.sub)
  }),
)

test('C-2c a second use, by address or by going back, ends on a page', needsChromium(), () =>
  withPage(stage.browser, async (page) => {
    const url = await push(config.alpha)
    await allow(page, url)
    await redeem(config.alpha, page)
    await page.goBack()
    assert.equal(await page.textContent('#error_code'), 'invalid_request_uri')
    await assertGone(page, await page.goto(url.href), goneAt(config.alpha))
    await withPage(stage.browser, async (other) => {
      await assertGone(other, await other.goto(url.href), goneAt(config.alpha))
    })
  }),
)

test(
  'C-2 a first open after expires_in is refused; who is at it may take longer',
  needsChromium(),
  async () => {
    await withPage(stage.browser, async (page) => {
      const [unopened, opened] = [await push(config.bravo), await push(config.bravo)]
      await page.goto(opened.href)
      // One second more: until then the record itself still says where back is.
      await sleep((lifetime + 1) * 1000 + 200)
      await withPage(stage.browser, async (late) => {
        await assertGone(late, await late.goto(unopened.href), stage.party.home)
        await assertGone(late, await late.goto(opened.href), goneAt(config.bravo))
      })
      await logIn(page)
      await page.click('#approve')
      assert.ok((await redeem(config.bravo, page)).access_token)
    })
  },
)

test('C-2 a second browser is refused after the first logged in', needsChromium(), () =>
  withPage(stage.browser, async (page) => {
    const url = await push(config.alpha)
    await page.goto(url.href)
    await logIn(page)
    await page.waitForSelector('#approve')
    await withPage(stage.browser, async (other) => {
      await assertGone(other, await other.goto(url.href), goneAt(config.alpha))
    })
    await page.click('#approve')
    assert.ok((await redeem(config.alpha, page)).access_token)
  }),
)
