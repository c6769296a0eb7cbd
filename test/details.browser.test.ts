import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { accessibilityProblems } from './axe.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { adminRest } from './clients/admin-rest.ts'
import { account, payment, types } from './details.ts'
import { type RunningServer, startServer } from './server.ts'
import { base, challenge, verifier } from './world.ts'

/** Milliseconds: what has not come by then does not come. */
const timeout = 120_000

let server: RunningServer | undefined
let chromium: Browser | undefined
const arrived: ((url: URL) => void)[] = []
const application = createServer((request, response) => {
  response.end('Signed in.')
  arrived.shift()?.(new URL(request.url ?? '', 'http://127.0.0.1'))
})
let redirect_uri = ''

before(async () => {
  if (needsChromium().skip !== undefined) return
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  redirect_uri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`
  server = await startServer({ demo: true })
  await configure(server)
  chromium = await launchChromium()
})

after(async () => {
  await Promise.all([chromium?.close(), server?.stop()])
  application.close().closeAllConnections()
  assert.deepEqual(server?.alarms ?? [], [])
})

async function configure(running: RunningServer): Promise<void> {
  const admin = await adminRest(running)
  const provider = 'alpha/realm-config/services/oauth-oidc'
  const { _id, _rev, _type, ...settings } = await admin('GET', provider)
  await admin('PUT', provider, {
    ...settings,
    advancedOAuth2Config: {
      ...settings.advancedOAuth2Config,
      enableRichAuthorizationRequests: true,
    },
  })
  const kind = 'alpha/parapet/authorization-details-types'
  for (const type of types)
    await admin('PUT', `${kind}/${encodeURIComponent(String(type.type))}`, type)
  await admin('PUT', 'alpha/realm-config/agents/OAuth2Client/payer', {
    coreOAuth2ClientConfig: {
      clientType: 'Public',
      redirectionUris: [redirect_uri],
      scopes: ['write'],
    },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none', name: ['Payer'] },
    parapetClientConfig: {
      authorization_details_types: ['payment', 'https://bank.example/account'],
    },
  })
}

async function post(path: string, form: Readonly<Record<string, string>>) {
  const url = (server as RunningServer).origin + new URL(base).pathname + path
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return (await answer.json()) as Record<string, unknown>
}

/** A browser of its own, in which demo logs in and comes to the consent page of a push. */
async function asked(options: BrowserContextOptions, ui_locales = 'en'): Promise<Page> {
  const page = await (await (chromium as Browser).newContext(options)).newPage()
  const client_id = 'payer'
  const { request_uri } = await post('/par', {
    ...{ client_id, response_type: 'code', scope: 'write', redirect_uri, ui_locales },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    authorization_details: `[${payment},${account},${payment.replace('1.50', '20.00')}]`,
  })
  const query = new URLSearchParams({ client_id, request_uri: String(request_uri) })
  await page.goto(`${(server as RunningServer).origin}${new URL(base).pathname}/authorize?${query}`)
  await page.fill('#username', 'demo')
  await page.fill('#password', 'Ch4ng31t')
  await page.click('#login')
  await page.waitForSelector('#approve')
  return page
}

/** Where the browser is in the end, once this button is pressed. */
async function pressed(page: Page, button: string): Promise<URLSearchParams> {
  const { promise, resolve } = Promise.withResolvers<URL>()
  arrived.push(resolve)
  await page.click(button, { noWaitAfter: true })
  return (await promise).searchParams
}

test('RFC 9396 §7 Chromium without scripts: what is unticked is not granted, by mouse and by key', {
  ...needsChromium(),
  timeout,
}, async () => {
  const page = await asked({ javaScriptEnabled: false })
  await page.uncheck('#detail_0')
  await page.click('label[for=detail_1]')
  await page.focus('#detail_1')
  await page.keyboard.press('Space')
  const code = (await pressed(page, '#approve')).get('code') ?? ''
  const tokens = await post('/access_token', {
    ...{ grant_type: 'authorization_code', client_id: 'payer', code, redirect_uri },
    code_verifier: verifier,
  })
  const left = [account, payment.replace('1.50', '20.00')].map(
    (text) => JSON.parse(text) as unknown,
  )
  assert.deepEqual(tokens.authorization_details, left, JSON.stringify(tokens))
  await page.context().close()
})

test('RFC 9396 §7 Chromium without scripts: to untick all of them is to deny', {
  ...needsChromium(),
  timeout,
}, async () => {
  const page = await asked({ javaScriptEnabled: false })
  for (const i of [0, 1, 2]) await page.uncheck(`#detail_${i}`)
  assert.equal((await pressed(page, '#approve')).get('error'), 'access_denied')
  await page.context().close()
})

test('WCAG 2.2 Chromium: details can be read and ticked on a narrow screen', {
  ...needsChromium(),
  timeout,
}, async () => {
  const page = await asked({ viewport: { width: 320, height: 640 } }, 'de')
  assert.match(await page.innerText('#details'), /Zahlung\s+1\.50 EUR an Café \/ Zoë zahlen/)
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320)
  await page.context().close()
})
