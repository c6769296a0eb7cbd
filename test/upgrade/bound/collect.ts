/** Has a server of the demo issue tokens that are tied to something, and a person make a passkey. */
import { generateSigningKey } from '../../../src/jose/generate.ts'
import { publicJwk } from '../../../src/jose/jwk.ts'
import { authenticator, newDevice } from '../../authenticator.ts'
import { types } from '../../details.ts'
import {
  type Administer,
  administrator,
  ask,
  codeClient,
  codeOf,
  codeParameters,
  cookieOf,
  json,
  logIn,
  open,
  type Party,
  pushed,
  pushParameters,
  setProvider,
  visit,
} from '../../party.ts'
import { issue } from '../../pki.ts'
import { begun, next, step } from '../../race/journey/steps.ts'
import { adminPassword } from '../../server.ts'
import { jsonOf, type Wire } from '../../wire.ts'
import { origin } from '../../world.ts'
import type { KeptClient, Tokens } from '../fixture.ts'
import {
  certificateHeader,
  certifiedParty,
  detailsParty,
  type KeptBonds,
  payment,
  proven,
  proving,
  resource,
  withDevice,
} from './hands.ts'

type Jwk = KeptClient['jwk'] & {}

/** A push of one's own kind, opened with the cookie; the code. */
async function codeOfPush(
  w: Wire,
  party: Party,
  cookie: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = jsonOf(await ask(w, party, '/par', { ...pushParameters, ...more }), 201)
  const code = codeOf(await visit(w, party, String(answer.request_uri), cookie))
  if (code === undefined) throw new Error('no code')
  return code
}

const tokensOf = ({ access_token, refresh_token }: Record<string, unknown>): Tokens => ({
  ...{ access_token: String(access_token), refresh_token: String(refresh_token) },
})

async function registered(administer: Administer, signing: Jwk, certificate: string) {
  await setProvider(administer, 'advancedOAuth2Config', 'enableRichAuthorizationRequests', true)
  const header = 'tlsClientCertificateTrustedHeader'
  await setProvider(administer, 'advancedOAuth2Config', header, certificateHeader)
  const signEncOAuth2ClientConfig = {
    ...{ publicKeyLocation: 'jwks', tokenEndpointAuthSigningAlgorithm: 'ES256' },
    jwkSet: JSON.stringify({ keys: [publicJwk(signing)] }),
  }
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials']
  const documents = {
    details: codeClient('private_key_jwt', {
      signEncOAuth2ClientConfig,
      advancedOAuth2ClientConfig: { grantTypes },
      parapetClientConfig: { authorization_details_types: ['payment'] },
    }),
    certified: codeClient('self_signed_tls_client_auth', {
      signEncOAuth2ClientConfig: {
        mTLSTrustedCert: certificate,
        mTLSCertificateBoundAccessTokens: true,
      },
    }),
  }
  for (const [client_id, document] of Object.entries(documents))
    jsonOf(await administer('PUT', `/agents/OAuth2Client/${client_id}`, document), 201)
}

/** A type of details and a resource. */
async function described(w: Wire): Promise<void> {
  const iplanetdirectorypro = await logIn(w, ['amadmin', adminPassword], '/am/json/realms/root')
  const headers = { iplanetdirectorypro, 'accept-api-version': 'resource=1.0' }
  const [{ type, ...paying } = {}] = types
  const at = `${json}/parapet`
  const path = `${at}/authorization-details-types/${String(type)}`
  jsonOf(await w.call('PUT', path, { headers, json: paying }), 201)
  const notes = { identifier: resource, scopes: ['write'], everyClient: true }
  jsonOf(await w.call('POST', `${at}/resources?_action=create`, { headers, json: notes }), 201)
}

async function withPasskey(w: Wire): Promise<KeptBonds['device']> {
  const known = newDevice()
  const device = authenticator(origin, known)
  const asked = await next(step(w, begun('PasskeyRegistration')))
  const wanted = await next(step(w, {}, asked, 'demo', 'Ch4ng31t'))
  const done = await withDevice(w, wanted, (data) => device.register(data))
  if (done.tokenId === undefined) throw new Error('no passkey was made')
  return { ...known, userHandle: device.userHandle }
}

async function again(w: Wire): Promise<KeptBonds['again']> {
  const key = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
  const { form } = open.proof()
  const sent = { headers: { 'idempotency-key': key }, form: form ?? {} }
  const answer = jsonOf(await ask(w, open, '/par', pushParameters, sent), 201)
  return { key, request_uri: String(answer.request_uri) }
}

/** Leaves something of everything that is tied. */
export async function collectBound(w: Wire): Promise<KeptBonds> {
  const now = Math.floor(Date.now() / 1000)
  const [proves, signs] = [await generateSigningKey('ES256'), await generateSigningKey('ES256')]
  const [own, signing] = [proves.privateJwk as Jwk, signs.privateJwk as Jwk]
  const { pem: certificate } = issue({})
  await registered(await administrator(w), signing, certificate)
  await described(w)
  const session = await logIn(w)
  const cookie = cookieOf(session)
  const key = proving(own)
  const [push, redeem] = ['/par', '/access_token'].map((path) => proven(open, key, path, now))
  if (push === undefined || redeem === undefined) throw new Error('two parties')
  const redeemed = async (party: Party, code: string): Promise<Record<string, unknown>> =>
    jsonOf(await ask(w, party, '/access_token', codeParameters(code)))
  const details = detailsParty(signing, now)
  const asks = { authorization_details: JSON.stringify([payment]) }
  const detailed = await redeemed(details, await codeOfPush(w, details, cookie, asks))
  const credentials = { grant_type: 'client_credentials', scope: 'write', resource }
  const resourceful = jsonOf(await ask(w, details, '/access_token', credentials))
  const certified = certifiedParty(certificate)
  const shown = push.proof()
  jsonOf(await ask(w, open, '/par', pushParameters, shown), 201)
  return {
    ...{ proving: own, signing, certificate, session },
    tokens: tokensOf(await redeemed(redeem, await codeOfPush(w, push, cookie))),
    pushed: await pushed(w, push),
    code: await codeOfPush(w, push, cookie),
    shown: shown.headers?.dpop ?? '',
    ...{ detailed: tokensOf(detailed), granted: detailed.authorization_details },
    resourceful: String(resourceful.access_token),
    certified: tokensOf(await redeemed(certified, await codeOfPush(w, certified, cookie))),
    again: await again(w),
    device: await withPasskey(w),
  }
}
