import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type {
  JourneyClient,
  JourneyResult,
  JourneyStep,
  NameCallback,
  PasswordCallback,
} from '@forgerock/journey-client/types'
import type { JSHandle, Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { oidcClient } from './oidc.ts'
import { type AppGlobal, names, openStage, type Stage, sessionCookies, traffic } from './stage.ts'

const chromium = needsChromium()
let stage: Stage

before(async () => {
  if (chromium.skip !== undefined) return
  stage = await openStage()
  const { admin, app } = stage
  await admin.register('reader', app, 'implied')
  await admin.allowOrigins([app.origin])
})
after(() => stage?.close())

function journeyClient(page: Page): Promise<JSHandle<JourneyClient>> {
  return page.evaluateHandle(
    (wellknown) =>
      (globalThis as unknown as AppGlobal).sdk.journey({ config: { serverConfig: { wellknown } } }),
    stage.wellknown,
  )
}

/** The first step of a journey. */
async function begin(
  client: JSHandle<JourneyClient>,
  journey: string,
): Promise<JSHandle<JourneyStep>> {
  const step = await client.evaluateHandle((it, journey) => it.start({ journey }), journey)
  assert.equal(await step.evaluate((it) => 'type' in it && it.type), 'Step')
  return step as JSHandle<JourneyStep>
}

/** Fills the step in and sends it. */
async function answer(
  client: JSHandle<JourneyClient>,
  step: JSHandle<JourneyStep>,
  password: string,
  query: Readonly<Record<string, string>> = {},
): Promise<JSHandle<JourneyResult>> {
  await step.evaluate((it, password) => {
    it.getCallbackOfType<NameCallback>('NameCallback').setName('demo')
    it.getCallbackOfType<PasswordCallback>('PasswordCallback').setPassword(password)
  }, password)
  return client.evaluateHandle((it, { step, query }) => it.next(step, { query }), { step, query })
}

/** What an app reads of the end of a journey. */
function ending(result: JSHandle<JourneyResult>): Promise<object> {
  return result.evaluate((it) => {
    if (!('type' in it)) return it
    if (it.type === 'LoginSuccess')
      return {
        type: it.type,
        token: it.getSessionToken(),
        url: it.getSuccessUrl(),
        realm: it.getRealm(),
      }
    if (it.type === 'LoginFailure')
      return {
        type: it.type,
        code: it.getCode(),
        reason: it.getReason(),
        message: it.getMessage(),
      }
    return { type: it.type }
  })
}

test(
  'PingSDK: journey-client logs in by callbacks; oidc-client then pushes in silence; journey-client ends it',
  chromium,
  async () => {
    const { server } = stage
    const page = await stage.open()
    const client = await journeyClient(page)
    const step = await begin(client, 'Login')
    const asked = await step.evaluate((it) =>
      it.callbacks.map((each) => [each.getType(), each.getOutputByName('prompt', '')]),
    )
    assert.deepEqual(asked, [
      ['NameCallback', 'User Name'],
      ['PasswordCallback', 'Password'],
    ])
    const result = await answer(client, step, 'Ch4ng31t')
    const { token, ...rest } = (await ending(result)) as { readonly token: string }
    assert.deepEqual(rest, { type: 'LoginSuccess', url: '/enduser/?realm=/alpha', realm: '/alpha' })
    const [cookie] = await sessionCookies(page)
    assert.ok(cookie?.httpOnly && cookie.value === token)

    // Who has a session already is not asked again, and is not told its token.
    const again = await client.evaluateHandle((it) => it.start({ journey: 'Login' }))
    assert.deepEqual(await ending(again), { ...rest, token: '' })

    const oidc = await oidcClient(stage, page, { clientId: 'reader' })
    let tokens: unknown
    const calls = await traffic(page, server, async () => {
      tokens = await oidc.evaluate((it) => it.token.get({ backgroundRenew: true }))
    })
    assert.deepEqual(names(calls), ['POST /par', 'GET /authorize', 'POST /access_token'])
    assert.ok((tokens as { readonly accessToken?: string }).accessToken, JSON.stringify(tokens))

    for (const _ of ['the session', 'what is no session any more']) {
      assert.equal(await client.evaluate((it) => it.terminate()), undefined)
      assert.deepEqual(await sessionCookies(page), [])
    }
    await begin(client, 'Login')
    const over = await oidc.evaluate((it) => it.user.session())
    assert.ok('error' in over && over.error === 'interaction_required', JSON.stringify(over))
  },
)

test(
  'PingSDK: journey-client is told of a failure, and of a journey that is not there',
  chromium,
  async () => {
    const page = await stage.open()
    const client = await journeyClient(page)
    const failed = await answer(client, await begin(client, 'Login'), 'wrong')
    assert.deepEqual(await ending(failed), {
      type: 'LoginFailure',
      code: 401,
      reason: 'Unauthorized',
      message: 'Login failure',
    })
    const unknown = await client.evaluateHandle((it) => it.start({ journey: 'Nowhere' }))
    assert.deepEqual(await ending(unknown), {
      type: 'LoginFailure',
      code: 400,
      reason: 'Bad Request',
      message: 'No Configuration found',
    })
    assert.deepEqual(await sessionCookies(page), [])
  },
)

test('PingSDK: journey-client asks for a login without a session', chromium, async () => {
  const page = await stage.open()
  const client = await journeyClient(page)
  const query = { noSession: 'true' }
  const result = await answer(client, await begin(client, 'Login'), 'Ch4ng31t', query)
  assert.deepEqual(await ending(result), {
    type: 'LoginSuccess',
    token: undefined,
    url: '/enduser/?realm=/alpha',
    realm: '/alpha',
  })
  assert.deepEqual(await sessionCookies(page), [])
})
