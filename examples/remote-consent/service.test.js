import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startParapet } from 'parapet/testing'
import { startService } from './service.js'

const redirect_uri = 'https://app.example/callback'
const headers = { authorization: `Basic ${btoa('app:the secret of the app')}` }
const verifier = randomBytes(32).toString('base64url')
// The realm has to know where the service is, and the service what the realm's issuer is.
const port = 20_000 + Math.floor(Math.random() * 20_000)
let parapet
let service

before(async () => {
  const origin = `http://127.0.0.1:${port}`
  const agent = {
    _id: 'rcs',
    remoteConsentRedirectUrl: `${origin}/ask`,
    jwksUri: `${origin}/jwks`,
    remoteConsentRequestEncryptionMethod: 'A256GCM',
    remoteConsentResponseSigningAlg: 'ES256',
    remoteConsentResponseEncryptionMethod: 'A256GCM',
  }
  const app = {
    _id: 'app',
    coreOAuth2ClientConfig: {
      userpassword: 'the secret of the app',
      redirectionUris: [redirect_uri],
      scopes: ['notes', 'diary'],
    },
  }
  const provider = {
    consent: { enableRemoteConsent: true, remoteConsentServiceId: 'rcs' },
    parapetConfig: { jwksPrivateAddresses: [`127.0.0.1:${port}`] },
  }
  const alpha = { path: '/alpha', provider, remoteConsentAgents: [agent], clients: [app] }
  parapet = await startParapet({ config: { realms: [{ ...alpha, users: [{ _id: 'ann' }] }] } })
  service = await startService({ issuer: parapet.issuer(), agent: 'rcs', port })
})
after(async () => {
  service.stop()
  await parapet.stop()
})

/** Follows a push to the service's page, and presses one of its buttons. */
async function decide(decision, scopes) {
  const { header } = await parapet.logIn('ann')
  const pushed = await fetch(`${parapet.issuer()}/par`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      response_type: 'code',
      scope: 'notes diary',
      redirect_uri,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  })
  const { request_uri } = await pushed.json()
  const query = new URLSearchParams({ client_id: 'app', request_uri })
  const sent = await fetch(`${parapet.issuer()}/authorize?${query}`, {
    headers: { cookie: header },
    redirect: 'manual',
  })
  const location = sent.headers.get('location')
  const page = await (await fetch(location)).text()
  assert.match(page, /<b>app<\/b> asks <b>ann<\/b>/)
  const consent_request = new URL(location).searchParams.get('consent_request')
  const body = new URLSearchParams([
    ['consent_request', consent_request],
    ['decision', decision],
    ...scopes.map((scope) => ['scope', scope]),
  ])
  const answered = await fetch(`${service.origin}/answer`, { method: 'POST', body })
  const [, action, consent_response] =
    /action="([^"]+)"[\s\S]*name="consent_response" value="([^"]+)"/.exec(await answered.text())
  const back = await fetch(action.replaceAll('&amp;', '&'), {
    method: 'POST',
    headers: { cookie: header },
    body: new URLSearchParams({ consent_response }),
    redirect: 'manual',
  })
  return new URL(back.headers.get('location')).searchParams
}

test('a person allows some of it, and the app gets a token for that', async () => {
  const code = (await decide('allow', ['diary'])).get('code')
  const answer = await fetch(`${parapet.issuer()}/access_token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier },
    }),
  })
  assert.equal((await answer.json()).scope, 'diary')
})

test('a person denies, and the app is told', async () => {
  assert.equal((await decide('deny', [])).get('error'), 'access_denied')
})

test('what the realm did not ask is not shown', async () => {
  const { status } = await fetch(`${service.origin}/ask?consent_request=a.b.c.d.e`)
  assert.equal(status, 400)
})
