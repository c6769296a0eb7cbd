/** An app's own handling of `@forgerock/oidc-client`. */
import assert from 'node:assert/strict'
import type { OidcClient } from '@forgerock/oidc-client/types'
import type { JSHandle, Page } from 'playwright-core'
import { logIn } from '../clients/person.ts'
import { type AppGlobal, patience, type Stage } from './stage.ts'

/** The client, once its configuration was accepted. */
export type Oidc = Extract<OidcClient, { readonly authorize: unknown }>

export interface OidcOptions {
  readonly clientId: string
  readonly par?: boolean
  readonly scope?: string
}

/** A client on the page the app shows now, as every page of an app makes one. It pushes unless told not to. */
export async function oidcClient(
  stage: Stage,
  page: Page,
  options: OidcOptions,
): Promise<JSHandle<Oidc>> {
  const client = await page.evaluateHandle(
    ({ config, patience }) => {
      const wait = (request: { timeout?: number }, _action: unknown, next: () => unknown) => {
        request.timeout = patience
        next()
      }
      return (globalThis as unknown as AppGlobal).sdk.oidc({ config, requestMiddleware: [wait] })
    },
    { config: oidcConfig(stage, options), patience },
  )
  assert.deepEqual(await client.evaluate((made) => ('error' in made ? made : undefined)), undefined)
  return client as JSHandle<Oidc>
}

export function oidcConfig({ app, wellknown }: Stage, options: OidcOptions) {
  return {
    redirectUri: app.callback,
    scope: 'openid profile',
    par: true,
    serverConfig: { wellknown },
    ...options,
  }
}

/** Pushes, logs in by hand where users are not asked for consent, and gives the client that has the tokens. */
export async function logInByPush(
  stage: Stage,
  page: Page,
  options: OidcOptions,
): Promise<JSHandle<Oidc>> {
  const pushing = await oidcClient(stage, page, options)
  await page.goto(String(await pushing.evaluate((oidc) => oidc.authorize.url())))
  await logIn(page)
  return exchanged(stage, page, options)
}

/** On the redirect URI: the code for tokens, which the client keeps. */
export async function exchanged(
  stage: Stage,
  page: Page,
  options: OidcOptions,
): Promise<JSHandle<Oidc>> {
  await page.waitForURL((there) => there.href.startsWith(stage.app.callback))
  const { code = '', state = '' } = Object.fromEntries(new URL(page.url()).searchParams)
  const client = await oidcClient(stage, page, options)
  const tokens = await client.evaluate(
    (oidc, [code = '', state = '']) => oidc.token.exchange(code, state),
    [code, state],
  )
  assert.ok('accessToken' in tokens && tokens.idToken && tokens.expiresAt, JSON.stringify(tokens))
  return client
}
