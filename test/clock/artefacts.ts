/** Whatever a server hands out or takes once: made, and used, in as few steps as show whether it is good. */
import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/base/json.ts'
import { people } from '../../src/config/user/people.ts'
import { openAuthId } from '../../src/journey/auth-id.ts'
import { start as startJourney } from '../../src/journey/run.ts'
import { readSession } from '../../src/session/session.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../assertion.ts'
import {
  answerConsent,
  codeFor,
  decideByRest,
  isConsentPage,
  person,
  redeem,
  refresh,
  slimUrl,
  tokensFor,
  withToken,
} from '../flow.ts'
import { post, redirect_uri, register } from '../register.ts'
import { objectClaims, pushObject, registerSigner, signed } from '../request-object.ts'
import { base, pushed, pushForm, type World } from '../world.ts'

/** Uses it once more; tells whether it was good. */
export type Use = () => Promise<boolean>

export interface Artefact {
  /** Seconds from the moment it is made until it is refused as expired. */
  readonly life: number
  /** Good for one use. */
  readonly once: boolean
  make(w: World): Promise<Use>
}

/** Lifetimes of the realm, short enough for a correction to matter. */
export const lifetimes: JsonObject = {
  coreOAuth2Config: { accessTokenLifetime: 120, refreshTokenLifetime: 300 },
  parapetConfig: { sessionIdleTime: 2, interactionLifetime: 120 },
}

const es256 = await signer('ES256')

export async function registerClients(w: World): Promise<void> {
  await register(w, 'asserts', {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
  })
  await registerSigner(w, 'signs', [es256])
}

let ids = 0

export const artefacts: Readonly<Record<string, Artefact>> = {
  'client assertion': {
    life: 90,
    once: true,
    async make(w) {
      const text = assertion(es256, { ...goodClaims('asserts', base, w.clock.now), iat: undefined })
      const form = { ...pushForm({ redirect_uri }), ...proof(text) }
      return async () => (await post(w, '/par', form)).status === 201
    },
  },
  'request object': {
    life: 90,
    once: true,
    async make(w) {
      ids += 1
      const exp = w.clock.now + 60
      const text = signed(es256, objectClaims(w, 'signs', { exp, nbf: undefined, jti: `o-${ids}` }))
      return async () => (await pushObject(w, 'signs', text)).status === 201
    },
  },
  request_uri: {
    life: 90,
    once: true,
    async make(w) {
      const request_uri = await pushed(w)
      return async () => (await decideByRest(await person(w), request_uri)).status === 302
    },
  },
  code: {
    life: 60,
    once: true,
    async make(w) {
      const code = await codeFor(w)
      return async () => (await redeem(w, code)).status === 200
    },
  },
  'refresh token': {
    life: 300,
    once: true,
    async make(w) {
      const { refresh_token } = await tokensFor(w)
      return async () => (await refresh(w, refresh_token)).status === 200
    },
  },
  'access token': {
    life: 120,
    once: false,
    async make(w) {
      const { access_token } = await tokensFor(w)
      return async () => (await withToken(w, '/tokeninfo', access_token)).status === 200
    },
  },
  session: {
    life: 120,
    once: false,
    async make(w) {
      const { session } = await person(w)
      return async () => (await readSession(await w.realm(), session.token)) !== undefined
    },
  },
  interaction: {
    life: 120,
    once: false,
    async make(w) {
      const request_uri = await pushed(w)
      const opened = await person(w)
      assert.ok(isConsentPage(await opened.get(slimUrl(request_uri))))
      return async () => {
        await person(w, { at: opened })
        return isConsentPage(await opened.get(slimUrl(request_uri)))
      }
    },
  },
  'consent page': {
    life: 120,
    once: true,
    async make(w) {
      const opened = await person(w)
      const page = await opened.get(slimUrl(await pushed(w)))
      // A second click gets the first answer again: what is new of an answer is its code.
      const codes = new Set<string>()
      return async () => {
        const { status, headers } = await answerConsent(opened, page)
        const code = /[?&]code=([^&]+)/.exec(String(headers.location))?.[1] ?? ''
        const fresh = !codes.has(code)
        codes.add(code)
        return status === 302 && code !== '' && fresh
      }
    },
  },
  authId: {
    life: 300,
    once: false,
    async make(w) {
      const realm = await w.realm()
      const resumeAt = { resumeUri: String, people }
      const visit = { peer: '', session: undefined, login_hint: undefined, locales: [] }
      const step = await startJourney(realm, visit, { journey: 'Login', resumeAt })
      const text = step.kind === 'ask' ? step.authId : ''
      return async () => openAuthId(realm, text) !== 'expired'
    },
  },
}
