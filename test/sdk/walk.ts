/** How tests go through journeys with PingAM's SDKs in a page. */
import assert from 'node:assert/strict'
import type {
  JourneyClient,
  JourneyResult,
  JourneyStep,
  NameCallback,
  PasswordCallback,
} from '@forgerock/journey-client/types'
import type { JSHandle, Page } from 'playwright-core'
import type { AppGlobal, Stage } from './stage.ts'

export function journeyClient({ wellknown }: Stage, page: Page): Promise<JSHandle<JourneyClient>> {
  return page.evaluateHandle(
    (wellknown) =>
      (globalThis as unknown as AppGlobal).sdk.journey({ config: { serverConfig: { wellknown } } }),
    wellknown,
  )
}

/** The first step of a journey. */
export async function begin(
  client: JSHandle<JourneyClient>,
  journey: string,
): Promise<JSHandle<JourneyStep>> {
  const step = await client.evaluateHandle((it, journey) => it.start({ journey }), journey)
  assert.equal(await step.evaluate((it) => 'type' in it && it.type), 'Step')
  return step as JSHandle<JourneyStep>
}

/** Fills the step in and sends it. */
export async function answer(
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
export function ending(result: JSHandle<JourneyResult>): Promise<object> {
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

/** What an app reads of a step, or of an end. */
export interface Told {
  readonly type: string
  readonly callbacks: readonly string[]
  readonly message?: string | undefined
  readonly token?: string | undefined
}

type Answers = readonly (readonly (string | number)[])[]

/** Goes through a journey with the newer SDK, and gives each step as the app has it. */
export function byClient(
  { wellknown }: Stage,
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
    { wellknown, journey, answers, query },
  )
}

/** The same with the older one. */
export function bySdk(
  { server, app }: Stage,
  page: Page,
  tree: string,
  answers: Answers,
): Promise<readonly Told[]> {
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
