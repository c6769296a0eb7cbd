import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type {
  AttributeInputCallback,
  HiddenValueCallback as Hidden,
  JourneyResult,
  ValidatedCreateUsernameCallback as Name,
  ValidatedCreatePasswordCallback as Word,
} from '@forgerock/journey-client/types'
import type { JSHandle } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { codeOf, linkIn } from './away.ts'
import { chosen, joined, recalled, second } from './journey-trees.ts'
import { oidcClient } from './oidc.ts'
import { type AppGlobal, names, openStage, type Stage, sessionCookies, traffic } from './stage.ts'
import { answer, begin, byClient, bySdk, ending, journeyClient } from './walk.ts'

const chromium = needsChromium()
let stage: Stage

type Text = AttributeInputCallback<string>

before(async () => {
  if (chromium.skip !== undefined) return
  stage = await openStage()
  const { admin, app } = stage
  await admin.register('reader', app, 'implied')
  await admin.allowOrigins([app.origin])
  await admin.saveJourney('Chosen', chosen)
  await admin.saveJourney('Joined', joined)
  await admin.saveJourney('Second', second)
  await admin.saveJourney('Recalled', recalled)
})
after(() => stage?.close())

test(
  'PingSDK: journey-client logs in by callbacks; oidc-client then pushes in silence; journey-client ends it',
  chromium,
  async () => {
    const { server } = stage
    const page = await stage.open()
    const client = await journeyClient(stage, page)
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
    const client = await journeyClient(stage, page)
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
  const client = await journeyClient(stage, page)
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

const ask = { type: 'Step', callbacks: ['NameCallback', 'PasswordCallback'] }
const right = ['demo', 'Ch4ng31t'] as const
const wrong = ['demo', 'wrong'] as const

for (const [name, walk] of [
  ['journey-client', byClient],
  ['javascript-sdk', bySdk],
] as const) {
  test(`PingSDK: ${name} chooses, is wrong once, tries again, and logs out`, chromium, async () => {
    const page = await stage.open()
    const told = await walk(stage, page, 'Chosen', [[0], wrong, right])
    const [cookie] = await sessionCookies(page)
    assert.deepEqual(told, [
      { type: 'Step', callbacks: ['ChoiceCallback'] },
      ...[ask, ask],
      { type: 'LoginSuccess', callbacks: [], token: cookie?.value },
    ])
    await page.evaluate(async (wellknown) => {
      const { sdk } = globalThis as unknown as AppGlobal
      const client = await sdk.journey({ config: { serverConfig: { wellknown } } })
      await client.terminate()
    }, stage.wellknown)
    assert.deepEqual(await sessionCookies(page), [])
    const failed = { type: 'LoginFailure', callbacks: [], message: 'Login failure' }
    assert.deepEqual((await walk(stage, page, 'Chosen', [[1]])).at(-1), failed)
  })
}

test(
  'PingSDK: journey-client registers somebody, after a password that is none',
  chromium,
  async () => {
    const page = await stage.open()
    const told = await page.evaluate(async (wellknown) => {
      const { sdk } = globalThis as unknown as AppGlobal
      const client = await sdk.journey({ config: { serverConfig: { wellknown } } })
      const step = await client.start({ journey: 'Joined' })
      const fill = (at: JourneyResult, word: string) => {
        if (!('type' in at) || at.type !== 'Step') throw new Error(JSON.stringify(at))
        at.getCallbackOfType<Name>('ValidatedCreateUsernameCallback').setName('newcomer')
        const values = ['New', 'Comer', 'new@example.com']
        const about = at.getCallbacksOfType<Text>('StringAttributeInputCallback')
        for (const [i, each] of about.entries()) each.setValue(values[i] ?? '')
        at.getCallbackOfType<Word>('ValidatedCreatePasswordCallback').setPassword(word)
        return at
      }
      const again = await client.next(fill(step, 'short'))
      if (!('type' in again) || again.type !== 'Step') throw new Error(JSON.stringify(again))
      const failed = again
        .getCallbackOfType<Word>('ValidatedCreatePasswordCallback')
        .getFailedPolicies()
        .map(({ policyRequirement }) => policyRequirement)
      const end = await client.next(fill(again, 'correct horse 7 Battery'))
      return { failed, end: 'type' in end && end.type }
    }, stage.wellknown)
    assert.ok(
      told.failed.includes('LENGTH_BASED') || told.failed.includes('MIN_LENGTH'),
      String(told.failed),
    )
    assert.equal(told.end, 'LoginSuccess')
    const walked = await byClient(
      stage,
      page,
      'Chosen',
      [[0], ['newcomer', 'correct horse 7 Battery']],
      {
        noSession: 'true',
        ForceAuth: 'true',
      },
    )
    assert.deepEqual(walked.at(-1), { type: 'LoginSuccess', callbacks: [], token: undefined })
  },
)

test(
  'PingSDK: journey-client registers an authenticator app, and logs in by its code',
  chromium,
  async () => {
    const page = await stage.open()
    const client = await journeyClient(stage, page)
    const next = (
      step: JSHandle<JourneyResult>,
      values: readonly (string | number | undefined)[],
    ) =>
      client.evaluateHandle(
        (it, { step, values }) => {
          if (!('type' in step) || step.type !== 'Step') throw new Error(JSON.stringify(step))
          for (const [i, value] of values.entries())
            if (value !== undefined) step.callbacks[i]?.setInputValue(value)
          return it.next(step)
        },
        { step, values },
      )
    const first = await client.evaluateHandle((it) => it.start({ journey: 'Second' }))
    const shown = await next(first, right)
    const uri = await shown.evaluate((it) => {
      if (!('type' in it) || it.type !== 'Step') throw new Error(JSON.stringify(it))
      return it.getCallbackOfType<Hidden>('HiddenValueCallback').getOutputByName('value', '')
    })
    assert.match(uri, /^otpauth:\/\/totp\//)
    const asked = await next(shown, [undefined, undefined, undefined, 0])
    const end = await next(asked, [codeOf(uri), 0])
    assert.equal(await end.evaluate((it) => 'type' in it && it.type), 'LoginSuccess')
    assert.equal((await sessionCookies(page)).length, 1)
  },
)

test(
  'PingSDK: journey-client goes on with the link of a letter, in another browser',
  chromium,
  async () => {
    const [told] = (
      await byClient(stage, await stage.open(), 'Recalled', [['demo@example.com']])
    ).slice(-1)
    assert.deepEqual(told?.callbacks, ['SuspendedTextOutputCallback'])
    const link = await linkIn(join(stage.server.data, 'outbox'))
    const page = await stage.open()
    const resume = () =>
      page.evaluate(
        async ({ wellknown, link }) => {
          const { sdk } = globalThis as unknown as AppGlobal
          const client = await sdk.journey({ config: { serverConfig: { wellknown } } })
          const step = await client.resume(link)
          return 'type' in step ? step.type : 'Error'
        },
        { wellknown: stage.wellknown, link },
      )
    assert.equal(await resume(), 'LoginSuccess')
    assert.equal((await sessionCookies(page)).length, 1)
    assert.equal(await resume(), 'LoginFailure')
  },
)
