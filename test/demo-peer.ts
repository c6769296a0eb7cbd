/** The demo's pages without a server: a peer that answers its client as it is told, and notes what it was sent. */
import assert from 'node:assert/strict'
import { encodeForm } from '../src/base/form.ts'
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import { random } from '../src/base/random.ts'
import { newTrace } from '../src/base/trace.ts'
import { demoEndpoints } from '../src/demo/relying-party.ts'
import { generateSigningKey } from '../src/jose/generate.ts'
import type { SigningKey } from '../src/jose/jwk.ts'
import { importSigningKey, publicJwk } from '../src/jose/jwk.ts'
import { signJwt } from '../src/jose/sign.ts'
import type { Realm } from '../src/realm/realm.ts'

export const baseUrl = 'http://localhost:8080'
export const issuer = `${baseUrl}/am/oauth2/realms/root/realms/alpha`
const explainUrl = `${baseUrl}/am/json/realms/root/realms/alpha/parapet?_action=explain`
export const now = 1_800_000_000
const { privateJwk } = await generateSigningKey('ES256')
const imported = importSigningKey(privateJwk)
assert.ok(imported.ok)
const key: SigningKey = imported.key
export const endpoints = demoEndpoints({ baseUrl, random })

/** A peer at the other end of HTTP: what it was sent, and ID token claims it can be told to bend. */
export interface Peer {
  readonly sent: Map<string, URLSearchParams>
  readonly headers: Map<string, Headers>
  /** Of what became of a push: the questions, and what is answered. */
  readonly asked: unknown[]
  told: Record<string, unknown> | undefined
  claims: Record<string, unknown>
  sub: string
}

function realmWith(peer: Peer): Realm {
  const answers: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      token_endpoint: `${issuer}/access_token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/connect/jwk_uri`,
      end_session_endpoint: `${issuer}/connect/endSession`,
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'],
      authorization_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'],
      authorization_response_iss_parameter_supported: true,
    }),
    '/par': () => ({ request_uri: 'urn:ietf:params:oauth:request_uri:x', expires_in: 90 }),
    '/connect/jwk_uri': () => ({ keys: [publicJwk(privateJwk)] }),
    '/access_token': () => ({
      ...{ access_token: 'opaque', token_type: 'Bearer', expires_in: 3599 },
      id_token: idToken(peer, {}),
    }),
    '/userinfo': () => ({ sub: peer.sub, name: '<b>Dana</b>' }),
  }
  const fetchIt = async (url: string, init: RequestInit): Promise<Response> => {
    if (url === explainUrl) {
      peer.asked.push(JSON.parse(String(init.body)))
      peer.headers.set('explain', new Headers(init.headers as Record<string, string>))
      return Response.json(peer.told ?? {}, { status: peer.told === undefined ? 404 : 200 })
    }
    const path = url.slice(issuer.length)
    peer.sent.set(path, new URLSearchParams(String(init.body ?? '')))
    peer.headers.set(path, new Headers(init.headers as Record<string, string>))
    const status = path === '/par' ? 201 : 200
    return Response.json(answers[path]?.(), { status })
  }
  const clock = (): number => now
  return {
    now: clock,
    timeOfDay: clock,
    random,
    fetch: fetchIt as typeof fetch,
  } as unknown as Realm
}

export function idToken(peer: Peer, more: Record<string, unknown>): string {
  const nonce = peer.sent.get('/par')?.get('nonce')
  const usual = { iss: issuer, sub: 'u1', aud: 'myClient', iat: now, exp: now + 60, nonce }
  return signJwt(key, {}, { ...usual, ...more, ...peer.claims }) as string
}

export async function call(
  realm: Realm,
  method: 'GET' | 'POST',
  path: string,
  input = '',
  cookie?: string,
): Promise<HttpResponse> {
  const endpoint = endpoints.find((each) => each.path === path)
  const isPost = method === 'POST'
  const http: HttpRequest = {
    ...{ method, path, query: isPost ? '' : input, body: Buffer.from(isPost ? input : '') },
    ...{ origin: baseUrl, peer: '127.0.0.1', rest: '', rawHeaders: [] },
    trace: newTrace({ method, peer: '127.0.0.1' }),
    headers: cookie === undefined ? {} : { cookie },
  }
  return (await endpoint?.handle(realm, http)) as HttpResponse
}

export const chosen = 'realm=alpha&client_id=myClient&response_type=code&scope=openid&pkce=on'

export async function pushed(form = chosen) {
  const peer: Peer = {
    ...{ sent: new Map(), headers: new Map(), asked: [], told: undefined },
    ...{ claims: {}, sub: 'u1' },
  }
  const realm = realmWith(peer)
  const response = await call(realm, 'POST', '/demo/push', form)
  const cookie = String(response.headers['set-cookie']).split(';', 1)[0] ?? ''
  return { peer, realm, page: String(response.body), response, cookie }
}

export function answerTo(peer: Peer, more: Record<string, string> = {}): string {
  const state = peer.sent.get('/par')?.get('state') ?? ''
  return encodeForm(Object.entries({ code: 'c', iss: issuer, state, ...more }))
}
