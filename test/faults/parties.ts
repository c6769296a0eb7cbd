/** Clients of the demo's realms that use everything which counts once, and what their calls are made of. */
import { randomUUID } from 'node:crypto'
import { proofLife } from '../../src/binding/dpop/check.ts'
import { assertion, keySet, proof, type Signer, signer } from '../assertion.ts'
import { type ProofKey, proofKey } from '../dpop.ts'
import {
  type Administer,
  administrator,
  codeClient,
  cookieOf,
  logIn,
  setProvider,
} from '../party.ts'
import { type Put, saveJourney } from '../race/journey/steps.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { callback, challenge, verifier } from '../world.ts'
import { walked, walkedName } from './journey/walked.ts'

export const realms = ['/alpha', '/bravo'] as const
export type RealmPath = (typeof realms)[number]

export const oauth2Of = (realm: string): string => `/am/oauth2/realms/root/realms${realm}`

/** Parameters of a call. */
export type Form = Readonly<Record<string, string>>

/** Who asks, with all that a test shares: one key signs everything of the client `signs` of both realms. */
export interface Parties {
  readonly key: Signer
  /** What every DPoP proof is made with. */
  readonly holds: ProofKey
  /** The session cookies of the demo's user. */
  readonly cookies: Record<RealmPath, string>
}

/** The client that signs, in each realm; the demo's public one is the other. */
export const signs = 'signs'
export const isPublic = 'myPublicClient'

/**
 * Lifetimes in seconds: in alpha long enough for nothing to run out while it is looked for, in bravo short, which is
 * what they are there unless something is set. An assertion and a proof have their own.
 */
export const lifetimes = {
  code: { '/alpha': 600, '/bravo': 60 },
  refresh_token: { '/alpha': undefined, '/bravo': 60 },
  assertion: 300,
  proof: proofLife,
} as const

/** Minutes for which the user of bravo stays logged in, whatever clocks are set to. */
const stays = 525_600

/** Registers the clients and sets lifetimes, and logs the demo's user in. */
export async function settle(w: Wire): Promise<Parties> {
  const [key, holds] = [await signer('ES256'), await proofKey('ES256')]
  const administer = await administrator(w)
  await setProvider(administer, 'advancedOAuth2Config', 'parRequestUriLifetime', 599)
  await setProvider(administer, 'coreOAuth2Config', 'codeLifetime', lifetimes.code['/alpha'])
  await setProvider(administer, 'parapetConfig', 'refreshRetryWindow', 60)
  for (const realm of realms) await register(administer, key, realm)
  const put: Put = (path, document) => administer('PUT', path, document)
  await saveJourney(put, walkedName, walked)
  const inBravo: Administer = (method, path, body) => administer(method, path, body, at('/bravo'))
  await setProvider(
    inBravo,
    'coreOAuth2Config',
    'refreshTokenLifetime',
    lifetimes.refresh_token['/bravo'],
  )
  for (const name of ['sessionIdleTime', 'sessionMaxTime'])
    await setProvider(inBravo, 'parapetConfig', name, stays)
  const [alpha, bravo] = [await signIn(w, '/alpha'), await signIn(w, '/bravo')]
  return { key, holds, cookies: { '/alpha': alpha, '/bravo': bravo } }
}

const at = (realm: RealmPath): string => `/am/json/realms/root/realms${realm}`

/** Logs the demo's user in. Gives the cookie. */
export async function signIn(w: Wire, realm: RealmPath): Promise<string> {
  return cookieOf(await logIn(w, undefined, at(realm)))
}

async function register(administer: Administer, key: Signer, realm: RealmPath): Promise<void> {
  const document = codeClient('private_key_jwt', {
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(key),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
      idTokenSignedResponseAlg: 'ES256',
    },
  })
  jsonOf(await administer('PUT', `/agents/OAuth2Client/${signs}`, document, at(realm)), 201)
}

export const requested: Form = {
  response_type: 'code',
  redirect_uri: callback,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

export const codeForm = (code: string): Form => ({
  grant_type: 'authorization_code',
  redirect_uri: callback,
  code_verifier: verifier,
  code,
})

export const refreshForm = (refresh_token: string): Form => ({
  grant_type: 'refresh_token',
  refresh_token,
})

/** A `jti` with the second up to which what has it is good. */
export interface Id {
  readonly jti: string
  readonly exp: number
}

export const newId = (now: number): Id => ({ jti: randomUUID(), exp: now + lifetimes.assertion })

/** The client's assertion with this id. */
export function asserted(w: Wire, { key }: Parties, realm: RealmPath, { jti, exp }: Id): Form {
  const aud = w.origin + oauth2Of(realm)
  const iat = exp - lifetimes.assertion
  return proof(assertion(key, { iss: signs, sub: signs, aud, jti, iat, exp }))
}

/** Its request object with this id. */
export function objectOf(w: Wire, { key }: Parties, realm: RealmPath, { jti, exp }: Id): Form {
  const aud = w.origin + oauth2Of(realm)
  const claims = {
    ...requested,
    client_id: signs,
    iss: signs,
    aud,
    jti,
    exp,
    nbf: exp - lifetimes.assertion,
  }
  return { request: assertion(key, claims) }
}
