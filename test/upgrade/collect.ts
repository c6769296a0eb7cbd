/** What clients and browsers do on a server with the demo, so that something of everything is stored. */
import type { JsonObject } from '../../src/base/json.ts'
import { generateSigningKey } from '../../src/jose/generate.ts'
import { publicJwk } from '../../src/jose/jwk.ts'
import { type Browser, browser, fieldsOf } from '../browser.ts'
import { answerConsent, codeOf, isConsentPage, isLogin, redeem, slimUrl } from '../flow.ts'
import { adminPassword } from '../server.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  origin,
  push,
  pushed,
  pushForm,
  requestOf,
  verifier,
  type World,
} from '../world.ts'
import {
  bodyWith,
  type Halfway,
  type KeptClient,
  type StoreFixture,
  type Tokens,
} from './fixture.ts'
import { proofOf } from './proof.ts'

type Collected = Omit<StoreFixture, 'commit' | 'format' | 'at' | 'files'>

const consented = 'profile'

export async function collect(w: World): Promise<Collected> {
  const clients = await registered(w)
  const user = await loggedIn(w)
  const consent = await codeBy(w, user, consented, { save_consent: 'on' })
  await redeem(w, consent.code)
  const first = await codeBy(w, user, 'openid write')
  const spent = await spend(w, clients)
  return {
    clients,
    session: String(user.cookies.get('iPlanetDirectoryPro')),
    pushed: await pushed(w, { scope: 'openid write' }),
    sentToLogin: await sentToLogin(w),
    asked: await asked(w),
    code: (await codeBy(w, user, 'openid write')).code,
    tokens: tokensOf(bodyWith(await redeem(w, first.code))),
    bravo: await bravoTokens(w),
    consented,
    spent,
  }
}

async function loggedIn(w: World, realm = 'alpha'): Promise<Browser> {
  const b = browser(w)
  await b.logIn('demo', 'Ch4ng31t', realm)
  return b
}

async function codeBy(
  w: World,
  b: Browser,
  scope: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly request_uri: string; readonly code: string }> {
  const request_uri = await pushed(w, { scope })
  const page = await b.get(slimUrl(request_uri))
  if (!isConsentPage(page)) throw new Error(`no consent page: ${page.status} ${String(page.body)}`)
  return { request_uri, code: codeOf(await answerConsent(b, page, 'allow', more)) }
}

function cookiesOf(b: Browser): Halfway['cookies'] {
  return Object.fromEntries(b.cookies)
}

async function sentToLogin(w: World): Promise<Halfway> {
  const b = browser(w)
  const request_uri = await pushed(w, { scope: 'openid write' })
  if (!isLogin(await b.get(slimUrl(request_uri)))) throw new Error('not sent to log in')
  return { request_uri, cookies: cookiesOf(b) }
}

async function asked(w: World): Promise<StoreFixture['asked']> {
  const b = await loggedIn(w)
  const request_uri = await pushed(w, { scope: 'openid write' })
  const page = await b.get(slimUrl(request_uri))
  return { request_uri, cookies: cookiesOf(b), fields: fieldsOf(page) }
}

function tokensOf({ access_token, refresh_token }: JsonObject): Tokens {
  return { access_token: String(access_token), refresh_token: String(refresh_token) }
}

async function bravoTokens(w: World): Promise<Tokens> {
  const at = base.replace('alpha', 'bravo')
  const b = await loggedIn(w, 'bravo')
  const { request_uri } = bodyOf(await push(w, pushForm({ scope: 'openid write' }), at))
  const page = await b.get(slimUrl(String(request_uri)).replace(base, at))
  const code = codeOf(await answerConsent(b, page))
  const grant = { grant_type: 'authorization_code', code_verifier: verifier }
  const form = { ...grant, code, redirect_uri: callback }
  const headers = { authorization: basic() }
  return tokensOf(
    bodyWith(await w.serve(requestOf('POST', `${at}/access_token`, { headers, form }))),
  )
}

async function spend(w: World, clients: readonly KeptClient[]): Promise<StoreFixture['spent']> {
  const user = await loggedIn(w)
  const { request_uri, code } = await codeBy(w, user, 'openid write')
  const tokens = tokensOf(bodyWith(await redeem(w, code)))
  const other = tokensOf(bodyWith(await redeem(w, (await codeBy(w, user, 'write')).code)))
  await revoke(w, other.refresh_token)
  const leaving = await loggedIn(w)
  const ended_session = String(leaving.cookies.get('iPlanetDirectoryPro'))
  await endSession(w, ended_session)
  const keyed = clients.find(({ jwk }) => jwk !== undefined) as KeptClient
  const now = Math.floor(Date.now() / 1000)
  const assertion = { ...pushForm(), ...proofOf(keyed, now).form }
  bodyWith(await w.serve(requestOf('POST', `${base}/par`, { form: assertion })), 201)
  return { request_uri, code, tokens, ended_session, revoked_token: other.refresh_token, assertion }
}

async function revoke(w: World, token: string): Promise<void> {
  const sent = { headers: { authorization: basic() }, form: { token } }
  bodyWith(await w.serve(requestOf('POST', `${base}/token/revoke`, sent)))
}

async function endSession(w: World, iplanetdirectorypro: string): Promise<void> {
  const headers = { iplanetdirectorypro, 'accept-api-version': 'resource=4.0' }
  const url = `${origin}/am/json/realms/root/realms/alpha/sessions?_action=logout`
  bodyWith(await w.serve(requestOf('POST', url, { headers })))
}

/** One client for each way to prove itself that needs no certificate. */
async function registered(w: World): Promise<readonly KeptClient[]> {
  const { privateJwk } = await generateSigningKey('ES256')
  const secret = 'F1xture-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWqE'
  const clients: readonly KeptClient[] = [
    { client_id: 'by-basic', method: 'client_secret_basic', secret },
    { client_id: 'by-post', method: 'client_secret_post', secret },
    { client_id: 'by-mac', method: 'client_secret_jwt', secret },
    { client_id: 'by-key', method: 'private_key_jwt', jwk: privateJwk as KeptClient['jwk'] & {} },
    { client_id: 'myPublicClient', method: 'none' },
  ]
  const headers = await administratorHeaders(w)
  for (const { client_id, method, jwk } of clients.slice(0, 4)) {
    const document = {
      coreOAuth2ClientConfig: {
        clientType: 'Confidential',
        redirectionUris: [callback],
        scopes: ['openid', 'profile', 'write'],
        ...(jwk === undefined && { userpassword: secret }),
      },
      advancedOAuth2ClientConfig: {
        grantTypes: ['authorization_code', 'refresh_token'],
        responseTypes: ['code'],
        tokenEndpointAuthMethod: method,
        isConsentImplied: true,
      },
      signEncOAuth2ClientConfig: {
        tokenEndpointAuthSigningAlgorithm: jwk === undefined ? 'HS256' : 'ES256',
        idTokenSignedResponseAlg: 'ES256',
        ...(jwk !== undefined && {
          publicKeyLocation: 'jwks',
          jwkSet: JSON.stringify({ keys: [publicJwk(privateJwk)] }),
        }),
      },
    }
    const url = `${origin}/am/json/realms/root/realms/alpha/realm-config/agents/OAuth2Client/${client_id}`
    const body = JSON.stringify(document)
    bodyWith(await w.serve(requestOf('PUT', url, { headers, body })), 201)
  }
  return clients
}

async function administratorHeaders(w: World): Promise<Readonly<Record<string, string>>> {
  const headers = {
    'content-type': 'application/json',
    'accept-api-version': 'resource=2.0, protocol=1.0',
    'x-openam-username': 'amadmin',
    'x-openam-password': adminPassword,
  }
  const url = `${origin}/am/json/realms/root/authenticate`
  const { tokenId } = bodyWith(await w.serve(requestOf('POST', url, { headers })))
  return {
    'content-type': 'application/json',
    'accept-api-version': 'protocol=2.1,resource=1.0',
    iplanetdirectorypro: String(tokenId),
  }
}
