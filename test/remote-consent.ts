/** A remote consent service beside a world in memory: an agent of alpha, its keys, and what it answers. */
import assert from 'node:assert/strict'
import type { JWK, JWTPayload } from 'jose'
import {
  CompactEncrypt,
  compactDecrypt,
  createLocalJWKSet,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { HttpResponse } from '../src/base/http.ts'
import type { JsonObject } from '../src/base/json.ts'
import { remoteConsentKind } from '../src/config/agent/remote-consent.ts'
import { anyState } from '../src/config/kind.ts'
import { amendRealm } from './amend.ts'
import type { Signer } from './assertion.ts'
import { assertion, keySet, signer } from './assertion.ts'
import type { Browser } from './browser.ts'
import { locationOf } from './browser.ts'
import type { World } from './world.ts'
import { base, bodyOf, requestOf } from './world.ts'

export const agentId = 'rcs'
export const service = 'https://consent.example/ask'
export const serviceKey: Signer = await signer('ES256')

/** What sets the agent of a test apart from one that signs with ES256, asked without encryption. */
export async function saveAgent(
  w: World,
  changes: JsonObject = {},
  id = agentId,
): Promise<Awaited<ReturnType<typeof remoteConsentKind.save>>> {
  const agent: JsonObject = {
    remoteConsentRedirectUrl: service,
    remoteConsentRequestEncryptionEnabled: false,
    remoteConsentResponseSigningAlg: 'ES256',
    publicKeyLocation: 'jwks',
    jwkSet: keySet(serviceKey),
    ...changes,
  }
  return remoteConsentKind.save(await w.realm(), id, agent, { by: 'test', condition: anyState })
}

/** From here on the users of alpha are asked by the service. */
export async function askRemotely(w: World, changes: JsonObject = {}): Promise<void> {
  const { outcome } = await saveAgent(w, changes)
  assert.match(outcome, /^(created|updated)$/)
  await amendRealm(w, {
    consent: { enableRemoteConsent: true, remoteConsentServiceId: agentId },
  })
}

/** Whether an answer sends the browser to the service. */
export function isAsked(response: HttpResponse): boolean {
  return String(response.headers.location ?? '').startsWith(`${service}?consent_request=`)
}

/** The claims of the `consent_request` that an answer sends to the service, verified by the realm's keys. */
export async function askedOf(w: World, response: HttpResponse): Promise<JWTPayload & Asked> {
  assert.ok(isAsked(response), `${response.status} ${String(response.headers.location)}`)
  const token = locationOf(response).searchParams.get('consent_request') ?? ''
  return verified(w, token)
}

/** Claims of PingAM's that tests look at. */
export interface Asked {
  readonly csrf: string
  readonly consentApprovalRedirectUri: string
  readonly scopes: Readonly<Record<string, string | null>>
  readonly claims: Readonly<Record<string, unknown>>
}

export async function verified(w: World, token: string): Promise<JWTPayload & Asked> {
  const set = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`)))
  const { payload } = await jwtVerify(token, createLocalJWKSet(set as never), {
    audience: agentId,
    issuer: base,
    currentDate: new Date(w.clock.now * 1000),
  })
  return payload as JWTPayload & Asked
}

export type Changes = Readonly<Record<string, unknown>>

/** What the service makes of what it was asked, as SecureApiGateway's does: the same claims, and its own. */
function responseClaims(w: World, asked: JWTPayload & Asked, changes: Changes = {}): Changes {
  return {
    ...asked,
    iss: agentId,
    aud: asked.iss,
    exp: w.clock.now + 300,
    scopes: Object.keys(asked.scopes),
    decision: true,
    ...changes,
  }
}

/** The `consent_response`. Undefined changes leave a claim out. */
export function responseOf(
  w: World,
  asked: JWTPayload & Asked,
  changes: Changes = {},
  by: Signer = serviceKey,
): string {
  return assertion(by, responseClaims(w, asked, changes))
}

/** The browser posts an answer to where the service was told, as from a program, with no origin. */
export function post(b: Browser, asked: Asked, consent_response: string): Promise<HttpResponse> {
  return b.post(asked.consentApprovalRedirectUri, { consent_response })
}

/** What stands in a JWE, and its header, by a private RSA key. */
export async function decrypted(token: string, privateJwk: object) {
  const key = await importJWK(privateJwk as JWK, 'RSA-OAEP-256')
  const { plaintext, protectedHeader: header } = await compactDecrypt(token, key)
  return { header, text: Buffer.from(plaintext).toString() }
}

/** A JWE for whoever has the other half of a public key. */
export async function encrypted(
  content: string,
  to: object,
  alg: string,
  enc: string,
): Promise<string> {
  const { kid = '' } = to as JWK
  return new CompactEncrypt(Buffer.from(content))
    .setProtectedHeader({ alg, enc, kid, cty: 'JWT' })
    .encrypt(await importJWK(to as JWK, alg))
}

/** A JWT by a shared secret. */
export function signedBySecret(claims: JWTPayload, secret: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
}
