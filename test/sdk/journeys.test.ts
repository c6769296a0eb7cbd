import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type {
  AttributeInputCallback,
  HiddenValueCallback as Hidden,
  JourneyResult,
  ValidatedCreateUsernameCallback as Name,
  ValidatedCreatePasswordCallback as Word,
} from '@forgerock/journey-client/types'
import type { JSHandle, Page } from 'playwright-core'
import { failure, page as pageOf, success } from '../../src/journey/built-in/journey.ts'
import { needsChromium } from '../chromium.ts'
import { tree } from '../trees.ts'
import { type AppGlobal, openStage, type Stage, sessionCookies } from './stage.ts'

const chromium = needsChromium()
let stage: Stage

type Text = AttributeInputCallback<string>

const password = {
  page: {
    type: 'PageNode',
    settings: pageOf(['name', 'UsernameCollectorNode'], ['word', 'PasswordCollectorNode']),
    to: { outcome: 'check' },
  },
  name: { type: 'UsernameCollectorNode' },
  word: { type: 'PasswordCollectorNode' },
} as const

/** Asks how, then for name and password, which may be wrong once. */
const chosen = tree({
  how: {
    type: 'ChoiceCollectorNode',
    settings: { prompt: 'How?', choices: ['password', 'leave'], defaultChoice: 'leave' },
    to: { password: 'page', leave: failure },
  },
  ...password,
  check: { type: 'DataStoreDecisionNode', to: { true: success, false: 'limit' } },
  limit: {
    type: 'RetryLimitDecisionNode',
    settings: { retryLimit: 1, incrementUserAttributeOnFailure: false },
    to: { Retry: 'page', Reject: failure },
  },
})

const resource = { identityResource: 'managed/alpha_user' }

/** Registers whoever comes, once all that was sent keeps to the rules. */
const joined = tree(
  {
    newPage: {
      type: 'PageNode',
      settings: pageOf(
        ['newName', 'ValidatedUsernameNode'],
        ['about', 'AttributeCollectorNode'],
        ['newWord', 'ValidatedPasswordNode'],
      ),
      to: { outcome: 'make' },
    },
    newName: { type: 'ValidatedUsernameNode', settings: { validateInput: true } },
    about: {
      type: 'AttributeCollectorNode',
      settings: { attributesToCollect: ['givenName', 'sn', 'mail'], required: true },
    },
    newWord: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    make: {
      type: 'CreateObjectNode',
      settings: resource,
      to: { CREATED: success, FAILURE: failure },
    },
  },
  resource,
)

/** Asks for a code of an authenticator app, which whoever has none registers before. */
const second = tree({
  who: {
    type: 'PageNode',
    settings: pageOf(['whoName', 'UsernameCollectorNode'], ['whoWord', 'PasswordCollectorNode']),
    to: { outcome: 'proof' },
  },
  whoName: { type: 'UsernameCollectorNode' },
  whoWord: { type: 'PasswordCollectorNode' },
  proof: { type: 'DataStoreDecisionNode', to: { true: 'code', false: failure } },
  code: {
    type: 'OathTokenVerifierNode',
    to: { successOutcome: success, failureOutcome: failure, notRegisteredOutcome: 'app' },
  },
  app: {
    type: 'OathRegistrationNode',
    settings: { generateRecoveryCodes: false },
    to: { successOutcome: 'code', failureOutcome: failure },
  },
})

/** Goes on for whoever comes with the link in a letter. */
const recalled = tree({
  address: {
    type: 'AttributeCollectorNode',
    settings: { attributesToCollect: ['mail'], required: true },
    to: { outcome: 'find' },
  },
  find: { type: 'IdentifyExistingUserNode', to: { true: 'letter', false: 'letter' } },
  letter: {
    type: 'EmailSuspendNode',
    settings: { emailTemplateName: 'forgottenUsername', objectLookup: true },
    to: { outcome: success },
  },
})

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

/** RFC 6238 with the values that apps take for granted: six digits, thirty seconds, SHA-1. */
function codeOf(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret].map((sign) => base32.indexOf(sign).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(step).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

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

/** The link in the only letter, once it is there. */
async function linkIn(directory: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [name, more] = existsSync(directory)
      ? readdirSync(directory).filter((each) => !each.startsWith('.'))
      : []
    assert.equal(more, undefined)
    if (name !== undefined) {
      const text = readFileSync(join(directory, name), 'utf8')
        .replaceAll('=\n', '')
        .replaceAll('=3D', '=')
      const link = /https?:\/\/\S+suspendedId=[\w-]+/.exec(text)?.[0]
      assert.ok(link, text)
      return link
    }
    await setTimeout(50)
  }
  throw new Error('no letter came')
}
