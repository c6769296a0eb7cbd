import assert from 'node:assert/strict'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { selfSigned } from './certificate.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { adminRest } from './clients/admin-rest.ts'
import { type Firefox, type FirefoxPage, launchFirefox, needsFirefox } from './firefox.ts'
import { type RunningServer, startServer } from './server.ts'

/** What a test needs of a page, whichever browser it is in. */
type Visited = Pick<FirefoxPage, 'click' | 'fill' | 'open'>

/** Callbacks that lead on twice, each time to another origin, as an application's back and front end. */
const chains = {
  https: ['https://localhost', 'https://127.0.0.1', 'https://localhost'],
  'loopback http': ['http://localhost', 'http://127.0.0.1', 'http://localhost'],
  'loopback http by IPv6': ['http://[::1]', 'http://localhost', 'http://127.0.0.1'],
  'loopback http, then https': ['http://127.0.0.1', 'https://localhost', 'https://127.0.0.1'],
} as const

/** Milliseconds: what has not come by then does not come. */
const timeout = 120_000

const privateUse = 'com.example.app:/callback'
const clients = { 'login page': 'implied', 'consent page': 'asking' } as const

const opened: (() => Promise<unknown>)[] = []
/** Where each chain begins; the last origin tells what came. */
const callbacks = new Map<string, string>()
const arrivals = new Map<string, (url: URL) => void>()
let server: RunningServer | undefined
let chromium: Browser | undefined
let firefox: Firefox | undefined

before(async () => {
  if (needsChromium().skip !== undefined && needsFirefox().skip !== undefined) return
  for (const [name, origins] of Object.entries(chains)) callbacks.set(name, await chain(origins))
  server = await startServer({ demo: true })
  const admin = await adminRest(server)
  for (const client_id of Object.values(clients)) {
    await admin('PUT', `alpha/realm-config/agents/OAuth2Client/${client_id}`, {
      coreOAuth2ClientConfig: {
        clientType: 'Public',
        redirectionUris: [...callbacks.values(), privateUse],
        scopes: ['openid', 'write'],
      },
      advancedOAuth2ClientConfig: {
        tokenEndpointAuthMethod: 'none',
        isConsentImplied: client_id === 'implied',
      },
    })
  }
  if (needsChromium().skip === undefined) chromium = await launchChromium()
  if (needsFirefox().skip === undefined) firefox = await launchFirefox()
})

after(async () => {
  await Promise.all([chromium?.close(), firefox?.close(), server?.stop()])
  await Promise.all(opened.map((close) => close()))
  assert.deepEqual(server?.alarms ?? [], [])
})

/** Listens at each origin, each leading to the next; gives the address of the first. */
async function chain(origins: readonly string[]): Promise<string> {
  let next: string | undefined
  for (const origin of origins.toReversed()) next = await hop(origin, next)
  return next as string
}

async function hop(origin: string, next: string | undefined): Promise<string> {
  const { protocol, hostname } = new URL(origin)
  const answer: RequestListener = (request, response) => {
    const url = new URL(request.url as string, origin)
    if (next !== undefined) response.writeHead(302, { location: next + url.search })
    response.end('Signed in.')
    if (next === undefined) arrivals.get(url.searchParams.get('state') ?? '')?.(url)
  }
  const listener =
    protocol === 'https:'
      ? createHttpsServer(selfSigned('localhost'), answer)
      : createHttpServer(answer)
  // A browser may take either address for localhost.
  const host = hostname === '[::1]' ? '::1' : hostname === 'localhost' ? '::' : hostname
  await new Promise<void>((resolve) => listener.listen(0, host, resolve))
  opened.push(() => new Promise((resolve) => listener.close(resolve).closeAllConnections()))
  return `${origin}:${(listener.address() as AddressInfo).port}/callback`
}

/** Pushes as that client, and gives where a browser is sent. */
async function pushed(
  client_id: string,
  redirect_uri: string,
  state: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const issuer = `${server?.origin}/am/oauth2/realms/root/realms/alpha`
  const form = {
    ...{ client_id, redirect_uri, state, response_type: 'code', scope: 'write' },
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...more,
  }
  const answer = await fetch(`${issuer}/par`, { method: 'POST', body: new URLSearchParams(form) })
  const { request_uri } = (await answer.json()) as { request_uri: string }
  return `${issuer}/authorize?${new URLSearchParams({ client_id, request_uri })}`
}

/** Logs in and, where it is asked, allows. */
async function signIn(page: Visited, client_id: string, redirect_uri: string, state: string) {
  await page.open(await pushed(client_id, redirect_uri, state))
  await page.fill('#username', 'demo')
  await page.fill('#password', 'Ch4ng31t')
  await page.click('#login')
  if (client_id === 'asking') await page.click('#approve')
}

let visits = 0

/** Signs in, and waits for the code at the end of the way; `stopped` rejects when a browser says it ended before. */
async function endsThere(
  page: Visited,
  client_id: string,
  redirect_uri: string,
  stopped: Promise<never> = new Promise(() => undefined),
): Promise<void> {
  const state = `visit${++visits}`
  const arrived = Promise.withResolvers<URL>()
  arrivals.set(state, arrived.resolve)
  await signIn(page, client_id, redirect_uri, state)
  const url = await Promise.race([arrived.promise, stopped])
  assert.match(url.searchParams.get('code') ?? '', /^[\w-]{43}$/)
}

/**
 * A tab of a browser of its own, and the promise that rejects with what Chromium says when it stops a
 * form. No other test gets the tab: one that was handed over to an application goes on no further.
 */
async function inChromium(
  run: (page: Page, visited: Visited, stopped: Promise<never>) => Promise<void>,
): Promise<void> {
  const context = await (chromium as Browser).newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => undefined)
  page.on('console', (said) => {
    if (said.text().includes('Content Security Policy')) stopped.reject(new Error(said.text()))
  })
  const visited: Visited = {
    open: async (url) => void (await page.goto(url)),
    fill: (selector, text) => page.fill(selector, text),
    click: (selector) => page.click(selector, { noWaitAfter: true }),
  }
  await run(page, visited, stopped.promise)
  await context.close()
}

for (const [from, client_id] of Object.entries(clients)) {
  for (const name of Object.keys(chains)) {
    const at = (): string => callbacks.get(name) as string
    test(
      `C-30 Chromium: from the ${from}, by ${name}, a sign-in ends where the callback leads on`,
      { ...needsChromium(), timeout },
      () => inChromium((_page, visited, stopped) => endsThere(visited, client_id, at(), stopped)),
    )
    test(
      `C-30 Firefox: from the ${from}, by ${name}, a sign-in ends where the callback leads on`,
      { ...needsFirefox(), timeout },
      () => (firefox as Firefox).visit((page) => endsThere(page, client_id, at())),
    )
  }
  test(
    `C-30 Chromium: from the ${from} a sign-in ends at an application's own scheme`,
    { ...needsChromium(), timeout },
    () =>
      inChromium(async (page, visited, stopped) => {
        const handedOver = page.waitForEvent('request', (each) => each.url().startsWith(privateUse))
        await signIn(visited, client_id, privateUse, 'own')
        const url = new URL((await Promise.race([handedOver, stopped])).url())
        assert.match(url.searchParams.get('code') ?? '', /^[\w-]{43}$/)
      }),
  )
}

/** A device of the browser's own that holds passkeys and whose user is always there. */
const device = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

/** What a client is told at the end of a sign-in. */
async function idTokenOf(client_id: string, redirect_uri: string, url: URL) {
  const token = `${server?.origin}/am/oauth2/realms/root/realms/alpha/access_token`
  const form = {
    ...{ client_id, redirect_uri, grant_type: 'authorization_code' },
    code: url.searchParams.get('code') ?? '',
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  }
  const answer = await fetch(token, { method: 'POST', body: new URLSearchParams(form) })
  const { id_token } = (await answer.json()) as { id_token: string }
  const { acr, amr, sub } = JSON.parse(
    Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>
  return { acr, amr, sub }
}

test(
  'WebAuthn: a passkey is made after the password, logs in for acr_values of a push, and a password session steps up by it',
  { ...needsChromium(), timeout },
  () =>
    inChromium(async (page, visited, stopped) => {
      const cdp = await page.context().newCDPSession(page)
      await cdp.send('WebAuthn.enable')
      await cdp.send('WebAuthn.addVirtualAuthenticator', { options: device })
      const redirect_uri = callbacks.get('loopback http') as string
      const password = async (): Promise<void> => {
        await visited.fill('#username', 'demo')
        await visited.fill('#password', 'Ch4ng31t')
        await visited.click('#login')
      }
      const visit = async (
        more: Readonly<Record<string, string>>,
        then = () => Promise.resolve(),
      ) => {
        const state = `visit${++visits}`
        const arrived = Promise.withResolvers<URL>()
        arrivals.set(state, arrived.resolve)
        const url = await pushed('implied', redirect_uri, state, { scope: 'openid', ...more })
        // The page goes on by itself, maybe before anybody here has heard that it came.
        await page.goto(url, { waitUntil: 'commit' }).catch((error: Error) => {
          if (!error.message.includes('is interrupted by another navigation')) throw error
        })
        await then()
        return idTokenOf('implied', redirect_uri, await Promise.race([arrived.promise, stopped]))
      }
      await visited.open(`${server?.origin}/am/XUI/?realm=/alpha&service=PasskeyRegistration`)
      await password()
      await page.waitForSelector('#signed_in')
      await page.context().clearCookies()
      const login = await visit({ acr_values: 'passkey' })
      assert.deepEqual(login, { acr: 'passkey', amr: ['pop', 'user', 'mfa'], sub: login.sub })
      await page.context().clearCookies()
      const first = await visit({}, password)
      assert.deepEqual(first, { acr: undefined, amr: ['pwd'], sub: login.sub })
      assert.deepEqual(await visit({ acr_values: 'passkey' }), login)
    }),
)
