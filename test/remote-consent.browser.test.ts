import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchShell, needsChromium } from './chromium.ts'
import { adminRest } from './clients/admin-rest.ts'
import { type RunningServer, startServer } from './server.ts'
import { base, challenge, verifier } from './world.ts'

/** Milliseconds: what has not come by then does not come. */
const timeout = 120_000

let server: RunningServer | undefined
let chromium: Browser | undefined
let example: ReturnType<typeof spawn> | undefined
const application = createServer((_, response) => response.end('Signed in.'))
let redirect_uri = ''

before(async () => {
  if (needsChromium().skip !== undefined) return
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  redirect_uri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`
  server = await startServer({ demo: true })
  const service = await startExample(issuerOf(server))
  await configure(server, service)
  chromium = await launchShell()
})

after(async () => {
  example?.kill('SIGKILL')
  await Promise.all([chromium?.close(), server?.stop()])
  application.close().closeAllConnections()
  assert.deepEqual(server?.alarms ?? [], [])
})

function issuerOf({ origin }: RunningServer): string {
  return origin + new URL(base).pathname
}

/** The example as its README has it, at another site than the server's. */
async function startExample(issuer: string): Promise<string> {
  const main = join(import.meta.dirname, '../examples/remote-consent/main.js')
  const env = { ...process.env, ISSUER: issuer, AGENT: 'rcs', PORT: '0' }
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  example = child
  for await (const said of child.stdout.setEncoding('utf8')) {
    const origin = / is at (http\S+)\n/.exec(String(said))?.[1]
    if (origin !== undefined) return origin
  }
  throw new Error('the example has ended')
}

async function configure(running: RunningServer, service: string): Promise<void> {
  const admin = await adminRest(running)
  const provider = 'alpha/realm-config/services/oauth-oidc'
  const { _id, _rev, _type, ...settings } = await admin('GET', provider)
  const jwksPrivateAddresses = [new URL(service).host]
  await admin('PUT', provider, {
    ...settings,
    consent: { ...settings.consent, enableRemoteConsent: true, remoteConsentServiceId: 'rcs' },
    parapetConfig: { ...settings.parapetConfig, jwksPrivateAddresses },
  })
  await admin('PUT', 'alpha/realm-config/agents/RemoteConsentAgent/rcs', {
    remoteConsentRedirectUrl: `${service}/ask`,
    jwksUri: `${service}/jwks`,
    remoteConsentRequestEncryptionMethod: 'A256GCM',
    remoteConsentResponseSigningAlg: 'ES256',
    remoteConsentResponseEncryptionMethod: 'A256GCM',
  })
  await admin('PUT', 'alpha/realm-config/agents/OAuth2Client/asked', {
    coreOAuth2ClientConfig: {
      clientType: 'Public',
      redirectionUris: [redirect_uri],
      scopes: ['write', 'read|See your notes'],
    },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
  })
}

async function post(path: string, form: Readonly<Record<string, string>>) {
  const url = issuerOf(server as RunningServer) + path
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return (await answer.json()) as Record<string, string>
}

const request = {
  ...{ client_id: 'asked', response_type: 'code', scope: 'write read' },
  ...{ code_challenge: challenge, code_challenge_method: 'S256' },
}

/** Where a browser is sent: with a push, or with the request in the URL. */
async function start(isPushed: boolean): Promise<string> {
  const whole = { ...request, redirect_uri }
  const { client_id } = request
  const sent = isPushed
    ? { client_id, request_uri: (await post('/par', whole)).request_uri ?? '' }
    : whole
  return `${issuerOf(server as RunningServer)}/authorize?${new URLSearchParams(sent)}`
}

/** Decides on the service's page, and gives where the way ended. */
async function decide(page: Page, button: '#allow' | '#deny'): Promise<URLSearchParams> {
  await page.waitForSelector(button)
  assert.match(await page.innerText('main'), /asked asks demo for:[\s\S]*See your notes/)
  await page.uncheck('input[value=write]')
  await page.click(button, { noWaitAfter: true })
  await page.waitForURL(`${redirect_uri}?**`)
  return new URL(page.url()).searchParams
}

test('PingAM: remote-consent Chromium: the example service asks after a login, and the client gets what was left ticked, or access_denied', {
  ...needsChromium(),
  timeout,
}, async () => {
  const page = await (chromium as Browser).newPage()
  await page.goto(await start(true))
  await page.fill('#username', 'demo')
  await page.fill('#password', 'Ch4ng31t')
  await page.click('#login')
  for (const isPushed of [true, false]) {
    if (!isPushed) await page.goto(await start(isPushed))
    const code = (await decide(page, '#allow')).get('code') ?? ''
    const tokens = await post('/access_token', {
      ...{ grant_type: 'authorization_code', client_id: 'asked', code, redirect_uri },
      code_verifier: verifier,
    })
    assert.equal(tokens.scope, 'read', JSON.stringify(tokens))
  }
  await page.goto(await start(true))
  assert.equal((await decide(page, '#deny')).get('error'), 'access_denied')
})
