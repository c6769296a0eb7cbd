import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { GetAuthorizationUrlOptions as Asked, OauthTokens } from '@forgerock/oidc-client/types'
import type { JSHandle, Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { logIn } from '../clients/person.ts'
import {
  exchanged,
  logInByPush,
  type Oidc,
  type OidcOptions,
  oidcClient,
  oidcConfig,
} from './oidc.ts'
import { names, openStage, type Stage, sessionCookies, traffic } from './stage.ts'

const chromium = needsChromium()
const interaction = {
  error: 'interaction_required',
  error_description: 'The request requires some interaction that is not allowed.',
}

let stage: Stage

before(async () => {
  if (chromium.skip !== undefined) return
  stage = await openStage()
  const { admin, app } = stage
  await admin.register('notes', app, 'asked')
  await admin.register('reader', app, 'implied')
  await admin.allowOrigins([app.origin])
})
after(() => stage?.close())

/** Somebody who has just logged in, by a push, to the client whose users are not asked. */
async function reader(): Promise<{ readonly page: Page; readonly client: JSHandle<Oidc> }> {
  const page = await stage.open()
  return { page, client: await logInByPush(stage, page, { clientId: 'reader' }) }
}

/** What an app gives to ask without showing anything, pushed or not. */
function silent(options: OidcOptions): Asked {
  const { par: _, serverConfig: __, ...config } = oidcConfig(stage, options)
  return { ...config, responseType: 'code', prompt: 'none' }
}

/** What the client keeps. */
async function tokensOf(client: JSHandle<Oidc>): Promise<OauthTokens> {
  const tokens = await client.evaluate((oidc) => oidc.token.get())
  assert.ok('accessToken' in tokens, JSON.stringify(tokens))
  return tokens
}

/** What the server says to an access token; undefined when it is dead. */
async function userOf(accessToken: string): Promise<unknown> {
  const url = `${stage.server.origin}/am/oauth2/realms/root/realms/alpha/userinfo`
  const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
  return response.status === 200 ? await response.json() : undefined
}

test(
  'PingSDK: oidc-client pushes, a person logs in and consents, it renews silently',
  chromium,
  async () => {
    const { server } = stage
    const page = await stage.open()
    const client = await oidcClient(stage, page, { clientId: 'notes' })
    let url = ''
    const pushed = await traffic(page, server, async () => {
      url = String(await client.evaluate((oidc) => oidc.authorize.url()))
    })
    assert.deepEqual(names(pushed), ['POST /par'])
    assert.deepEqual([...new URL(url).searchParams.keys()], ['client_id', 'request_uri'])

    await page.goto(url)
    await logIn(page)
    await page.check('#save_consent')
    await page.click('#approve')
    await exchanged(stage, page, { clientId: 'notes' })

    for (const par of [true, false]) {
      const renewing = await oidcClient(stage, page, { clientId: 'notes', par })
      const old = await tokensOf(renewing)
      assert.ok(await userOf(old.accessToken))
      const calls = await traffic(page, server, () => renew(renewing))
      const push = par ? ['POST /par'] : []
      const rest = ['GET /authorize', 'POST /access_token', 'POST /token/revoke']
      assert.deepEqual(names(calls), [...push, ...rest])
      const renewed = await tokensOf(renewing)
      assert.ok(renewed.accessToken !== old.accessToken)
      assert.equal(await userOf(old.accessToken), undefined)
      assert.ok(await userOf(renewed.accessToken))
    }
  },
)

/** Renews in silence. The client hands out the new tokens first, revokes the old and keeps the new after that. */
async function renew(client: JSHandle<Oidc>): Promise<void> {
  const made = await client.evaluate((oidc) => oidc.token.get({ forceRenew: true }))
  assert.ok('accessToken' in made, JSON.stringify(made))
  const kept = await client.evaluate(async (oidc, made) => {
    for (let tries = 0; tries < 500; tries++) {
      const kept = await oidc.token.get()
      if ('accessToken' in kept && kept.accessToken === made) return true
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return false
  }, made.accessToken)
  assert.ok(kept, 'the new tokens were not kept')
}

test('PingSDK: oidc-client gets user info, revokes, and logs out', chromium, async () => {
  const { page, client } = await reader()
  const user = await client.evaluate((oidc) => oidc.user.info())
  assert.ok('sub' in user && user.name === 'Dana Maria Monroe', JSON.stringify(user))

  const tokens = await tokensOf(client)
  const revoked = await client.evaluate((oidc) => oidc.token.revoke())
  assert.deepEqual(revoked, { revokeResponse: null, deleteResponse: null })
  assert.equal(await userOf(tokens.accessToken), undefined)

  const again = await client.evaluate((oidc) => oidc.token.get({ backgroundRenew: true }))
  assert.ok('accessToken' in again, JSON.stringify(again))
  let outcome: unknown
  const calls = await traffic(page, stage.server, async () => {
    outcome = await client.evaluate((oidc) => oidc.user.logout())
  })
  const nothing = { sessionResponse: null, revokeResponse: null, deleteResponse: null }
  assert.deepEqual(outcome, nothing)
  assert.deepEqual(names(calls).sort(), ['GET /connect/endSession', 'POST /token/revoke'])
  const statuses = calls.map(async ({ request }) => (await request.response())?.status())
  assert.deepEqual((await Promise.all(statuses)).sort(), [200, 204])
  assert.equal(await userOf(again.accessToken), undefined)
  assert.deepEqual(await sessionCookies(page), [])
})

test('PingSDK: oidc-client checks the session three ways, alive and gone', chromium, async () => {
  const { page, client } = await reader()
  const ask = () =>
    Promise.all([
      client.evaluate((oidc) => oidc.user.session()),
      client.evaluate((oidc) => oidc.user.session({ redirectUri: '' })),
      client.evaluate((oidc) => oidc.user.session({ responseType: 'id_token' })),
    ])
  const { idToken: hint } = await tokensOf(client)
  const payload = Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString()
  const { sub } = JSON.parse(payload) as { sub: string }
  let alive: Awaited<ReturnType<typeof ask>> | undefined
  const calls = await traffic(page, stage.server, async () => {
    alive = await ask()
  })
  const [none, bare, idToken] = alive ?? []
  assert.deepEqual(none, { responseType: 'none' })
  assert.deepEqual(bare, { responseType: 'none' })
  assert.ok(idToken && 'claims' in idToken && idToken.claims?.sub === sub, JSON.stringify(idToken))
  const fetched = calls.find(({ url }) => !url.searchParams.has('redirect_uri'))
  assert.equal((await fetched?.request.response())?.status(), 204)

  await page.context().clearCookies()
  const [noneGone, bareGone, idTokenGone] = await ask()
  const { error, error_description: message } = interaction
  assert.deepEqual(noneGone, { error, message, type: 'auth_error' })
  assert.deepEqual(idTokenGone, { error, message, type: 'auth_error' })
  assert.ok('error' in bareGone && bareGone.error === 'login_required', JSON.stringify(bareGone))
})

test(
  'PingSDK: oidc-client without a session is told so, and where a person can log in',
  chromium,
  async () => {
    const page = await stage.open()
    for (const par of [true, false]) {
      const options = { clientId: 'reader', par }
      const client = await oidcClient(stage, page, options)
      const { par: _, serverConfig: __, ...config } = oidcConfig(stage, options)
      const asked: Asked = { ...config, responseType: 'code', prompt: 'none' }
      const result = await client.evaluate((oidc, asked) => oidc.authorize.background(asked), asked)
      assert.ok('redirectUrl' in result, JSON.stringify(result))
      const { redirectUrl, ...told } = result
      assert.deepEqual(told, { ...interaction, type: 'auth_error' })
      if (par) continue
      const there = new URL(String(redirectUrl))
      there.searchParams.delete('prompt')
      await page.goto(there.href)
      await logIn(page)
      await page.waitForURL((landed) => landed.href.startsWith(stage.app.callback))
    }
  },
)

test('PingSDK: oidc-client with a session but no consent is told so', chromium, async () => {
  const { page } = await reader()
  await stage.admin.register('unknown-yet', stage.app, 'asked')
  for (const par of [true, false]) {
    const options = { clientId: 'unknown-yet', par }
    const client = await oidcClient(stage, page, options)
    const result = await client.evaluate(
      (oidc, asked) => oidc.authorize.background(asked),
      silent(options),
    )
    assert.ok('error' in result, JSON.stringify(result))
    const { error, error_description } = result
    assert.equal(error, 'consent_required')
    assert.equal(error_description, 'The request requires consent.')
  }
})

test(
  'PingSDK: oidc-client meets the login page in its frame, and no harm is done',
  chromium,
  async () => {
    // 2.1.0 leaves `prompt=none` out of a push for a background login: the frame ends on a page of ours.
    const page = await stage.open()
    const client = await oidcClient(stage, page, { clientId: 'reader' })
    const result = await client.evaluate((oidc) => oidc.authorize.background())
    assert.ok('error' in result && result.error === 'CONFIGURATION_ERROR', JSON.stringify(result))
    await logInByPush(stage, page, { clientId: 'reader' })
  },
)

test(
  'PingSDK: oidc-client reads why a push was refused; an unknown client never comes back',
  chromium,
  async () => {
    const page = await stage.open()
    const wrong = await oidcClient(stage, page, { clientId: 'reader', scope: 'openid nonsense' })
    const refused = await wrong.evaluate((oidc) => oidc.authorize.url())
    assert.ok(typeof refused !== 'string' && 'message' in refused, JSON.stringify(refused))
    assert.equal(refused.error, 'PAR_ERROR')
    assert.match(String(refused.message), /nonsense/)

    const stranger = await oidcClient(stage, page, { clientId: 'nobody', par: false })
    const nothing = await stranger.evaluate((oidc) => oidc.authorize.background())
    assert.ok(
      'error' in nothing && nothing.error === 'CONFIGURATION_ERROR',
      JSON.stringify(nothing),
    )
    assert.equal('redirectUrl' in nothing, false)
  },
)
