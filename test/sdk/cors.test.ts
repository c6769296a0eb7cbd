import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { JsonObject } from '../../src/base/json.ts'
import { needsChromium } from '../chromium.ts'
import { oidcConfig } from './oidc.ts'
import { type AppGlobal, openStage, type Stage } from './stage.ts'
import { type WebApp, webApp } from './web-app.ts'

const chromium = needsChromium()
const json = { 'content-type': 'application/json', 'accept-api-version': 'resource=2.1' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

let stage: Stage
/** An app nobody listed. */
let stranger: WebApp

before(async () => {
  if (chromium.skip !== undefined) return
  stage = await openStage()
  stranger = await webApp(Buffer.from(''))
})
after(() => Promise.all([stage?.close(), stranger?.close()]))

interface Call {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const oauth = '/am/oauth2/realms/root/realms/alpha'
const am = '/am/json/realms/root/realms/alpha'
const client = `${am}/realm-config/agents/OAuth2Client/notes`
const config = { ...json, 'accept-api-version': 'resource=1.0' }

/** What a listed app may call, as apps call it (C-28). */
const open: readonly Call[] = [
  { path: `${oauth}/.well-known/openid-configuration`, method: 'GET' },
  { path: `${oauth}/connect/jwk_uri`, method: 'GET' },
  { path: `${oauth}/par`, method: 'POST', headers: form, body: 'client_id=notes' },
  { path: `${oauth}/access_token`, method: 'POST', headers: form, body: 'client_id=notes' },
  { path: `${oauth}/token/revoke`, method: 'POST', headers: form, body: 'client_id=notes' },
  { path: `${oauth}/introspect`, method: 'POST', headers: form, body: 'client_id=notes' },
  { path: `${oauth}/userinfo`, method: 'GET', headers: { authorization: 'Bearer undefined' } },
  { path: `${oauth}/connect/endSession`, method: 'GET', headers: { authorization: 'Bearer x' } },
  { path: `${oauth}/authorize?client_id=notes&response_type=none&scope=openid`, method: 'GET' },
  { path: `${am}/authenticate`, method: 'POST', headers: json },
  { path: `${am}/sessions?_action=validate`, method: 'POST', headers: json },
  { path: `${am}/serverinfo/*`, method: 'GET', headers: config },
]

/** What no web app may, listed or not. */
const closed: readonly Call[] = [
  { path: client, method: 'GET' },
  { path: client, method: 'GET', headers: config },
  { path: client, method: 'PUT', headers: config, body: '{}' },
  { path: client, method: 'DELETE', headers: config },
  { path: `${am}/realm-config/agents/OAuth2Client?_queryFilter=true`, method: 'GET' },
  { path: `${am}/realm-config/services/oauth-oidc`, method: 'GET', headers: config },
  { path: `${am}/realm-config/services/oauth-oidc`, method: 'PUT', headers: config, body: '{}' },
  { path: '/am/json/global-config/realms?_queryFilter=true', method: 'GET', headers: config },
  { path: `${oauth}/authorize?client_id=notes&response_type=code&scope=openid`, method: 'GET' },
]

/** Fetches from the page what it may; of the rest the page sees that it failed, and nothing else. */
async function seen(page: Page, calls: readonly Call[]): Promise<readonly string[]> {
  return page.evaluate(
    async ({ origin, calls }) => {
      const tell = async ({ path, ...rest }: (typeof calls)[number]) => {
        const credentials = 'include' as const
        const of = (what: number | string) => `${rest.method} ${path}: ${what}`
        return fetch(origin + path, { ...rest, credentials }).then(
          ({ status }) => of(status),
          (error: Error) => of(error.message),
        )
      }
      const told: string[] = []
      for (const call of calls) told.push(await tell(call))
      return told
    },
    { origin: stage.server.origin, calls },
  )
}

const nothing = ({ method, path }: Call) => `${method} ${path}: Failed to fetch`

type Config = Partial<ReturnType<typeof oidcConfig>>

/** What the SDK makes of the server on this page: the address to log in at, or the type of its error. */
function loginAddress(page: Page, config: Config): Promise<string> {
  return page.evaluate(async (config) => {
    const { sdk } = globalThis as unknown as AppGlobal
    const made = await sdk.oidc({ config: config as Parameters<typeof sdk.oidc>[0]['config'] })
    if ('error' in made) return String(made.type)
    const url = await made.authorize.url()
    return typeof url === 'string' ? url : url.error
  }, config)
}

test('PingSDK: an origin or redirect URI counts as soon as it is allowed', chromium, async () => {
  const { admin, app } = stage
  const page = await stage.open()
  const config = oidcConfig(stage, { clientId: 'notes' })
  const loggingIn = /\?client_id=notes&request_uri=[^&]+$/
  // The metadata is open to every origin; the push is not.
  await admin.register('notes', app, 'asked')
  assert.equal(await loginAddress(page, config), 'PAR_ERROR')
  await admin.allowOrigins([stranger.origin])
  assert.equal(await loginAddress(page, config), 'PAR_ERROR')
  await admin.allowOrigins([app.origin])
  assert.match(await loginAddress(page, config), loggingIn)
  await admin.register('notes', stranger, 'asked')
  assert.equal(await loginAddress(page, config), 'PAR_ERROR')
  await admin.register('notes', app, 'asked')
  assert.match(await loginAddress(page, config), loggingIn)
  await admin.allowOrigins([])
  assert.equal(await loginAddress(page, config), 'PAR_ERROR')
})

test(
  'PingSDK: where pushes are required an app that says nothing of them pushes',
  chromium,
  async () => {
    const { admin, app } = stage
    await admin.allowOrigins([app.origin])
    await admin.register('notes', app, 'asked')
    const { par: _, ...config } = oidcConfig(stage, { clientId: 'notes' })
    assert.match(await loginAddress(await stage.open(), config), /code_challenge=/)
    await admin.requirePush(true)
    // A browser that has the metadata keeps it for some minutes.
    const page = await stage.open()
    assert.match(await loginAddress(page, config), /\?client_id=notes&request_uri=[^&]+$/)
    assert.equal(await loginAddress(page, { ...config, par: false }), 'argument_error')
    await admin.requirePush(false)
  },
)

test(
  'PingSDK: C-28 an origin that is not listed gets nothing, and the listed one what it may',
  chromium,
  async () => {
    const { admin, app, browser } = stage
    await admin.allowOrigins([app.origin])
    await admin.register('notes', app, 'asked')
    const page = await (await browser.newContext()).newPage()
    await page.goto(stranger.origin)
    const all = [...open, ...closed]
    assert.deepEqual(await seen(page, all), all.map(nothing))

    const told = await seen(await stage.open(), open)
    assert.deepEqual(
      told.map((line) => line.slice(line.lastIndexOf(' ') + 1)),
      ['200', '200', '400', '400', '400', '400', '401', '204', '400', '200', '200', '200'],
      told.join('\n'),
    )
  },
)

test(
  "C-28 realm-config is closed to a listed origin, even with an administrator's cookie",
  chromium,
  async () => {
    const { admin, app, server } = stage
    await admin.allowOrigins([app.origin])
    await admin.register('notes', app, 'asked')
    const before = await admin.get('/agents/OAuth2Client/notes')
    const page = await stage.open()
    const cookie = { name: 'iPlanetDirectoryPro', value: admin.token, url: server.origin }
    await page.context().addCookies([cookie])
    assert.deepEqual(await seen(page, closed), closed.map(nothing))
    assert.deepEqual(await admin.get('/agents/OAuth2Client/notes'), before)
    const { parapetConfig } = await admin.get('/services/oauth-oidc')
    assert.deepEqual((parapetConfig as JsonObject).corsOrigins, [app.origin])

    // Not even its headers speak of the origin, preflight or not.
    for (const { path, method, headers = {} } of closed) {
      const asks = { origin: app.origin, 'access-control-request-method': method }
      const answers = [
        await fetch(server.origin + path, { method: 'OPTIONS', headers: asks }),
        await fetch(server.origin + path, {
          headers: { ...headers, origin: app.origin, iplanetdirectorypro: admin.token },
          redirect: 'manual',
        }),
      ]
      for (const answer of answers) {
        const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))
        assert.deepEqual(names, [], `${method} ${path}`)
        await answer.body?.cancel()
      }
    }
  },
)
