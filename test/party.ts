/** Clients and people of the demo realm alpha, over the wire. */
import { randomBytes, randomUUID } from 'node:crypto'
import { generateSigningKey } from '../src/jose/generate.ts'
import type { SigningKey } from '../src/jose/jwk.ts'
import { importSigningKey, publicJwk, secretKey } from '../src/jose/jwk.ts'
import { adminPassword } from './server.ts'
import { forge } from './token.ts'
import type { Answer, Sent, Wire } from './wire.ts'
import { jsonOf } from './wire.ts'
import { basic, callback, challenge, verifier } from './world.ts'

export const oauth2 = '/am/oauth2/realms/root/realms/alpha'
export const json = '/am/json/realms/root/realms/alpha'

/** A client and how it proves itself; each proof is a new one. */
export interface Party {
  readonly client_id: string
  /** `life`: seconds until an assertion expires; less than none is borne for its skew. */
  proof(life?: number): Pick<Sent, 'headers' | 'form'>
}

/** Public, consent implied. */
export const open: Party = {
  client_id: 'myPublicClient',
  proof: () => ({ form: { client_id: 'myPublicClient' } }),
}

/** Confidential, by Basic, consent asked. */
export const closed: Party = {
  client_id: 'myClient',
  proof: () => ({ headers: { authorization: basic() } }),
}

/** One call of a client: its parameters beside its proof, which may be one that was used before. */
export function ask(
  w: Wire,
  party: Party,
  path: string,
  parameters: Readonly<Record<string, string>>,
  proof: Pick<Sent, 'headers' | 'form'> = party.proof(),
): Promise<Answer> {
  return w.call('POST', oauth2 + path, { ...proof, form: { ...proof.form, ...parameters } })
}

export const pushParameters = {
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid profile write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** Pushes and gives the request_uri. */
export async function pushed(w: Wire, party: Party): Promise<string> {
  return String(jsonOf(await ask(w, party, '/par', pushParameters), 201).request_uri)
}

/** Opens a pushed request as the browser with these cookies. */
export function visit(
  w: Wire,
  party: Party,
  request_uri: string,
  cookie: string | undefined,
): Promise<Answer> {
  const query = new URLSearchParams({ client_id: party.client_id, request_uri })
  return w.call('GET', `${oauth2}/authorize?${query}`, { cookie })
}

/** The code in an answer's redirect, if there is one. */
export function codeOf(answer: Answer): string | undefined {
  if (answer.status !== 302) return undefined
  return new URL(answer.headers.location ?? '', 'http://x').searchParams.get('code') ?? undefined
}

export function codeParameters(code: string): Readonly<Record<string, string>> {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
}

export function refreshParameters(refresh_token: string): Readonly<Record<string, string>> {
  return { grant_type: 'refresh_token', refresh_token }
}

/** Pushes, opens with the cookie and gives the code. */
export async function coded(w: Wire, party: Party, cookie: string): Promise<string> {
  const answer = await visit(w, party, await pushed(w, party), cookie)
  const code = codeOf(answer)
  if (code === undefined) throw new Error(`no code: ${answer.status} ${answer.text}`)
  return code
}

/** The answer of the token endpoint to a new code. */
export async function granted(
  w: Wire,
  party: Party,
  cookie: string,
): Promise<Record<string, unknown>> {
  const code = await coded(w, party, cookie)
  return jsonOf(await ask(w, party, '/access_token', codeParameters(code)))
}

/** Logs in by REST and gives the session's token, which is also the cookie's value. */
export async function logIn(
  w: Wire,
  [username, password] = ['demo', 'Ch4ng31t'],
  at = json,
): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    'accept-api-version': 'resource=2.0, protocol=1.0',
    'x-openam-username': username ?? '',
    'x-openam-password': password ?? '',
  }
  return String(jsonOf(await w.call('POST', `${at}/authenticate`, { headers })).tokenId)
}

/** The session cookie of a login. */
export function cookieOf(token: string): string {
  return `iPlanetDirectoryPro=${token}`
}

/** Calls of the configuration API as `amadmin`; of alpha, unless said otherwise. */
export type Administer = (
  method: string,
  path: string,
  body?: unknown,
  at?: string,
) => Promise<Answer>

export async function administrator(w: Wire, password = adminPassword): Promise<Administer> {
  const iplanetdirectorypro = await logIn(w, ['amadmin', password], '/am/json/realms/root')
  const headers = { iplanetdirectorypro, 'accept-api-version': 'protocol=2.1,resource=1.0' }
  return (method, path, body, at = json) =>
    w.call(method, `${at}/realm-config${path}`, { headers, json: body })
}

/** Changes one value of the provider's settings of alpha. */
export async function setProvider(
  administer: Administer,
  section: string,
  name: string,
  value: unknown,
): Promise<void> {
  const path = '/services/oauth-oidc'
  const document = jsonOf(await administer('GET', path))
  const changed = { ...document, [section]: { ...(document[section] as object), [name]: value } }
  jsonOf(await administer('PUT', path, changed))
}

/** Registers a client of alpha that proves itself by assertions with its key (ES256), consent implied. */
export async function keyParty(w: Wire, administer: Administer): Promise<Party> {
  const { privateJwk } = await generateSigningKey('ES256')
  const imported = importSigningKey(privateJwk)
  if (!imported.ok) throw new Error(imported.reason)
  const jwkSet = JSON.stringify({ keys: [publicJwk(privateJwk)] })
  return signingParty(w, administer, imported.key, 'private_key_jwt', {
    signEncOAuth2ClientConfig: { publicKeyLocation: 'jwks', jwkSet },
  })
}

/** The same with its secret (HS256). */
export async function macParty(w: Wire, administer: Administer): Promise<Party> {
  const userpassword = randomBytes(32).toString('base64url')
  const imported = secretKey(userpassword, 'HS256')
  if (!imported.ok) throw new Error(imported.reason)
  return signingParty(w, administer, imported.key, 'client_secret_jwt', {
    coreOAuth2ClientConfig: { userpassword },
  })
}

/** Sections of a client's document, as far as they differ. */
type Sections = Readonly<Record<string, object>>

/** The document of a confidential client that goes the way of a code, and whose users are not asked for consent. */
export function codeClient(tokenEndpointAuthMethod: string, own: Sections = {}): Sections {
  return {
    ...own,
    coreOAuth2ClientConfig: {
      clientType: 'Confidential',
      redirectionUris: [callback],
      scopes: ['openid', 'profile', 'write'],
      ...own.coreOAuth2ClientConfig,
    },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      tokenEndpointAuthMethod,
      isConsentImplied: true,
      ...own.advancedOAuth2ClientConfig,
    },
  }
}

async function signingParty(
  w: Wire,
  administer: Administer,
  key: SigningKey,
  tokenEndpointAuthMethod: string,
  own: Sections,
): Promise<Party> {
  const client_id = `key-${randomUUID()}`
  const document = codeClient(tokenEndpointAuthMethod, {
    ...own,
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
    signEncOAuth2ClientConfig: {
      tokenEndpointAuthSigningAlgorithm: key.alg,
      idTokenSignedResponseAlg: 'ES256',
      ...own.signEncOAuth2ClientConfig,
    },
  })
  const answer = await administer('PUT', `/agents/OAuth2Client/${client_id}`, document)
  jsonOf(answer, 201)
  const proof: Party['proof'] = (life = 300) => ({
    form: {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(w.origin + oauth2, client_id, life, key),
    },
  })
  return { client_id, proof }
}

/** RFC 7523 §3. */
function assertion(aud: string, client_id: string, life: number, key: SigningKey): string {
  const claims = {
    iss: client_id,
    sub: client_id,
    aud,
    jti: randomUUID(),
    exp: Math.floor(Date.now() / 1000) + life,
  }
  return forge(key, { alg: key.alg }, claims)
}
