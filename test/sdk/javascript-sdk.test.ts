import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FRStep, NameCallback, PasswordCallback } from '@forgerock/javascript-sdk'
import type { Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { logIn } from '../clients/person.ts'
import {
  type AppGlobal,
  names,
  openStage,
  patience,
  type Stage,
  sessionCookies,
  traffic,
} from './stage.ts'

const chromium = needsChromium()
let stage: Stage

before(async () => {
  if (chromium.skip !== undefined) return
  stage = await openStage()
  const { admin, app } = stage
  await admin.register('reader', app, 'implied')
  await admin.register('notes', app, 'asked')
  await admin.allowOrigins([app.origin])
})
after(() => stage?.close())

/** The SDK finds the server by its own default paths, or by metadata. */
type Finding = 'paths' | 'metadata'

/** Configures the SDK on the page the app shows now. */
async function configure(page: Page, finding: Finding, clientId = 'reader'): Promise<void> {
  const { server, app, wellknown } = stage
  const shared = {
    clientId,
    redirectUri: app.callback,
    scope: 'openid profile',
    realmPath: 'alpha',
  }
  const given = { ...shared, tree: 'Login', platformHeader: true }
  await page.evaluate(
    async ({ given, baseUrl, wellknown, finding, timeout }) => {
      const { Config } = (globalThis as unknown as AppGlobal).sdk
      if (finding === 'paths') Config.set({ ...given, serverConfig: { baseUrl, timeout } })
      else await Config.setAsync({ ...given, serverConfig: { wellknown, timeout } })
    },
    { given, baseUrl: `${server.origin}/am`, wellknown, finding, timeout: patience },
  )
}

/** Goes through the journey; gives the last step as the SDK reads it. */
function logInByJourney(page: Page, password: string) {
  return page.evaluate(async (password) => {
    const { FRAuth } = (globalThis as unknown as AppGlobal).sdk
    const step = (await FRAuth.start()) as FRStep
    step.getCallbackOfType<NameCallback>('NameCallback' as never).setName('demo')
    step.getCallbackOfType<PasswordCallback>('PasswordCallback' as never).setPassword(password)
    const { type, payload } = await FRAuth.next(step)
    return { type: String(type), payload }
  }, password)
}

function getTokens(page: Page, options: { readonly forceRenew?: boolean } = {}) {
  return page.evaluate(async (options) => {
    const { TokenManager } = (globalThis as unknown as AppGlobal).sdk
    const tokens = await TokenManager.getTokens(options)
    if (!tokens) throw new Error('no tokens')
    return tokens
  }, options)
}

for (const finding of ['paths', 'metadata'] as const) {
  test(
    `PingSDK: javascript-sdk, by ${finding}: journey, tokens, user, renewal, logout`,
    chromium,
    async () => {
      const { server } = stage
      const page = await stage.open()
      await configure(page, finding)
      const { type, payload } = await logInByJourney(page, 'Ch4ng31t')
      assert.equal(type, 'LoginSuccess')
      const [cookie] = await sessionCookies(page)
      assert.equal(payload.tokenId, cookie?.value)
      assert.equal(payload.realm, '/alpha')

      const first = await getTokens(page)
      assert.ok(first.accessToken && first.idToken && first.tokenExpiry)
      const user = await page.evaluate(() =>
        (globalThis as unknown as AppGlobal).sdk.UserManager.getCurrentUser(),
      )
      assert.equal((user as { readonly name: string }).name, 'Dana Maria Monroe')

      const calls = await traffic(page, server, async () => {
        const second = await getTokens(page, { forceRenew: true })
        assert.ok(second.accessToken !== first.accessToken)
        await page.evaluate(() => (globalThis as unknown as AppGlobal).sdk.FRUser.logout())
      })
      const slash = finding === 'paths' ? '/' : ''
      assert.deepEqual(names(calls), [
        'POST /token/revoke',
        'GET /authorize',
        'POST /access_token',
        `POST /sessions${slash}`,
        'POST /token/revoke',
        'GET /connect/endSession',
      ])
      const end = calls.at(-1)?.request
      assert.equal(await end?.headerValue('authorization'), 'Bearer undefined')
      const statuses = await Promise.all(
        calls.map(async ({ request }) => (await request.response())?.status()),
      )
      assert.deepEqual(statuses, [200, 302, 200, 200, 200, 204])
      assert.deepEqual(await sessionCookies(page), [])
    },
  )
}

test(
  'PingSDK: javascript-sdk is told of a failed journey, and may log out before any login',
  chromium,
  async () => {
    const page = await stage.open()
    await configure(page, 'paths')
    const { status } = await page.evaluate(async () => {
      const { status } = await (globalThis as unknown as AppGlobal).sdk.SessionManager.logout()
      return { status }
    })
    assert.equal(status, 200)
    const { type, payload } = await logInByJourney(page, 'wrong')
    assert.equal(type, 'LoginFailure')
    assert.equal(payload.code, 401)
    assert.equal(payload.message, 'Login failure')
  },
)

test(
  'PingSDK: javascript-sdk without a session is refused in its words, or goes to the login page',
  chromium,
  async () => {
    const page = await stage.open()
    await configure(page, 'paths')
    await assert.rejects(
      getTokens(page),
      /Error: The request requires some interaction that is not allowed\./,
    )
    await Promise.all([
      page.waitForURL((there) => there.origin === stage.server.origin),
      page.evaluate(() => {
        const { TokenManager } = (globalThis as unknown as AppGlobal).sdk
        void TokenManager.getTokens({ login: 'redirect' })
      }),
    ])
    await logIn(page)
    await page.waitForURL((there) => there.href.startsWith(stage.app.callback))
    const { code = '', state = '' } = Object.fromEntries(new URL(page.url()).searchParams)
    await configure(page, 'paths')
    const tokens = await page.evaluate(
      (query) => (globalThis as unknown as AppGlobal).sdk.TokenManager.getTokens({ query }),
      { code, state },
    )
    assert.ok(tokens?.accessToken)
    await configure(page, 'paths', 'notes')
    await assert.rejects(
      getTokens(page, { forceRenew: true }),
      /Error: The request requires consent\./,
    )
  },
)
