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
import type { JSHandle, Page } from 'playwright-core'
import { needsChromium } from '../chromium.ts'
import { codeOf, linkIn } from './away.ts'
import { chosen, joined, recalled, second } from './journey-trees.ts'
import { type AppGlobal, openStage, type Stage, sessionCookies } from './stage.ts'

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

/** What an app reads of a step, or of an end. */
interface Told {
  readonly type: string
  readonly callbacks: readonly string[]
  readonly message?: string | undefined
  readonly token?: string | undefined
}

type Answers = readonly (readonly (string | number)[])[]

/** Goes through a journey with the newer SDK, and gives each step as the app has it. */
function byClient(
  page: Page,
  journey: string,
  answers: Answers,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Told[]> {
  return page.evaluate(
    async ({ wellknown, journey, answers, query }) => {
      const { sdk } = globalThis as unknown as AppGlobal
      const client = await sdk.journey({ config: { serverConfig: { wellknown } } })
      const told: Told[] = []
      let step = await client.start({ journey, query })
      for (const values of [...answers, undefined]) {
        if (!('type' in step)) return [...told, { type: 'Error', callbacks: [] }]
        told.push({
          type: step.type,
          callbacks: step.type === 'Step' ? step.callbacks.map((each) => each.getType()) : [],
          ...(step.type === 'LoginFailure' ? { message: step.getMessage() } : {}),
          ...(step.type === 'LoginSuccess' ? { token: step.getSessionToken() } : {}),
        })
        if (step.type !== 'Step' || values === undefined) return told
        for (const [i, value] of values.entries()) step.callbacks[i]?.setInputValue(value)
        step = await client.next(step, { query })
      }
      return told
    },
    { wellknown: stage.wellknown, journey, answers, query },
  )
}

/** The same with the older one. */
function bySdk(page: Page, tree: string, answers: Answers): Promise<readonly Told[]> {
  const { server, app } = stage
  const config = {
    ...{ clientId: 'reader', redirectUri: app.callback, scope: 'openid', realmPath: 'alpha' },
    ...{ tree, serverConfig: { baseUrl: `${server.origin}/am` } },
  }
  return page.evaluate(
    async ({ config, answers }) => {
      const { Config, FRAuth } = (globalThis as unknown as AppGlobal).sdk
      Config.set(config)
      const told: Told[] = []
      let step = await FRAuth.start()
      for (const values of [...answers, undefined]) {
        const callbacks = 'callbacks' in step ? step.callbacks : []
        told.push({
          type: String(step.type),
          callbacks: callbacks.map((each: { getType(): unknown }) => String(each.getType())),
          ...('getMessage' in step ? { message: step.getMessage() } : {}),
          ...('getSessionToken' in step ? { token: step.getSessionToken() } : {}),
        })
        if (!('callbacks' in step) || values === undefined) return told
        for (const [i, value] of values.entries()) step.callbacks[i]?.setInputValue(value)
        step = await FRAuth.next(step)
      }
      return told
    },
    { config, answers },
  )
}

const ask = { type: 'Step', callbacks: ['NameCallback', 'PasswordCallback'] }
const right = ['demo', 'Ch4ng31t'] as const
const wrong = ['demo', 'wrong'] as const

for (const [name, walk] of [
  ['journey-client', byClient],
  ['javascript-sdk', bySdk],
] as const) {
  test(`PingSDK: ${name} chooses, is wrong once, tries again, and logs out`, chromium, async () => {
    const page = await stage.open()
    const told = await walk(page, 'Chosen', [[0], wrong, right])
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
    assert.deepEqual((await walk(page, 'Chosen', [[1]])).at(-1), failed)
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
    const walked = await byClient(page, 'Chosen', [[0], ['newcomer', 'correct horse 7 Battery']], {
      noSession: 'true',
      ForceAuth: 'true',
    })
    assert.deepEqual(walked.at(-1), { type: 'LoginSuccess', callbacks: [], token: undefined })
  },
)

test(
  'PingSDK: journey-client registers an authenticator app, and logs in by its code',
  chromium,
  async () => {
    const page = await stage.open()
    const client = await page.evaluateHandle(
      (wellknown) =>
        (globalThis as unknown as AppGlobal).sdk.journey({
          config: { serverConfig: { wellknown } },
        }),
      stage.wellknown,
    )
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
    const [told] = (await byClient(await stage.open(), 'Recalled', [['demo@example.com']])).slice(
      -1,
    )
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
