/** Requests that are refused for the key they prove, or do not prove. */
import type { ProofKey } from '../dpop.ts'
import { postProof, proofKey, proofOf, withProof } from '../dpop.ts'
import type { Changes } from '../flow.ts'
import { authorizeUrl, codeOf, decideByRest, person, tokenRequest, tokensFor } from '../flow.ts'
import type { RecordedWorld } from '../history.ts'
import { recordedWorld } from '../history.ts'
import { elsewhere, post, register, secret } from '../register.ts'
import { base, basic, bodyOf, callback, pushForm, requestOf, verifier } from '../world.ts'
import type { Case, Topic } from './told.ts'

const now = 1_800_000_000

export async function dpopCases(): Promise<Topic> {
  const w = await recordedWorld()
  const [key, other, rsa] = await Promise.all([proofKey(), proofKey(), proofKey('PS256')])
  await register(w, 'tied', { own: { dpopBoundAccessTokens: true } })
  await register(w, 'full')
  const authorization = basic()
  const pushing = (dpop: string, changes: Changes = {}): Case[1] => {
    return () => post(w, '/par', pushForm(changes), { authorization, dpop })
  }
  const claimed = (claims: Changes | Readonly<Record<string, unknown>>, header = {}, by = key) => {
    const said = { htm: 'POST', htu: `${base}/par`, iat: now, ...claims }
    return pushing(proofOf(by, said, header))
  }
  const twice = postProof(w, key, '/par')
  const cases: Topic['cases'] = [
    ['dpop-repeated', () => w.serve(doubled(authorization, postProof(w, key, '/par')))],
    ['dpop-unreadable', pushing('x')],
    ['dpop-typ', claimed({}, { typ: 'JWT' })],
    ['dpop-alg', claimed({}, { alg: 'none' })],
    ['dpop-key', claimed({}, { jwk: undefined })],
    ['dpop-signature', claimed({}, { jwk: other.jwk })],
    ['dpop-claim-missing', claimed({ htm: undefined })],
    ['dpop-claim-malformed', claimed({ iat: 'x' })],
    ['dpop-jti-long', claimed({ jti: 'x'.repeat(513) })],
    ['dpop-htm', claimed({ htm: 'GET' })],
    ['dpop-htu', claimed({ htu: `${base}/access_token` })],
    ['dpop-time', claimed({ iat: now + 31 })],
    ['dpop-expired', claimed({ iat: now - 90 })],
    [
      'dpop-replayed',
      async () => {
        await pushing(twice)()
        return pushing(twice)()
      },
    ],
    ['dpop-key', claimed({}, {}, { ...rsa, jwk: key.jwk })],
    ['dpop-jkt-malformed', pushing(postProof(w, key, '/par'), { dpop_jkt: 'x' })],
    ['dpop-jkt-other', pushing(postProof(w, key, '/par'), { dpop_jkt: other.jkt })],
    [
      'dpop-jkt-with-token',
      () => {
        const redirect_uri = 'https://rp.example/cb'
        const form = pushForm({ redirect_uri, response_type: 'token', dpop_jkt: key.jkt })
        return post(w, '/par', form, { authorization: basic('full', secret) })
      },
    ],
    [
      'proof-required',
      () => {
        const form = { grant_type: 'client_credentials', scope: 'write' }
        return post(w, '/access_token', form, { authorization: basic('tied', secret) })
      },
    ],
    ...(await tokenCases(w, key, other)),
  ]
  return { w, cases }
}

/** What a code, a refresh token and an access token are refused for that are tied to a key. */
async function tokenCases(
  w: RecordedWorld,
  key: ProofKey,
  other: ProofKey,
): Promise<Topic['cases']> {
  const p = await person(w)
  const pushed = await post(w, '/par', pushForm({ dpop_jkt: key.jkt }), { authorization: basic() })
  const code = codeOf(await decideByRest(p, String(bodyOf(pushed).request_uri)))
  const grant = {
    grant_type: 'authorization_code',
    redirect_uri: callback,
    code_verifier: verifier,
  }
  const client_id = 'myPublicClient'
  const asked = (form: Changes, by: ProofKey, headers = {}) =>
    tokenRequest(w, form, { ...headers, dpop: postProof(w, by, '/access_token') })
  const publicCode = codeOf(await p.get(authorizeUrl({ client_id, ...pushForm() })))
  const tokens = bodyOf(await asked({ ...grant, client_id, code: publicCode }, key))
  const refresh_token = String(tokens.refresh_token)
  const token = String(tokens.access_token)
  const target = { path: '/userinfo', token }
  const at = (headers: Readonly<Record<string, string>>) =>
    w.serve(requestOf('GET', `${base}/userinfo`, { headers }))
  return [
    ['code-key', () => asked({ ...grant, code }, other, { authorization: basic() })],
    ['refresh-key', () => asked({ grant_type: 'refresh_token', client_id, refresh_token }, other)],
    ['dpop-ath', () => at(withProof(w, key, target, { ath: 'x' }))],
    ['token-scheme', () => at({ authorization: `Bearer ${token}` })],
    ['token-proof-missing', () => at({ authorization: `DPoP ${token}` })],
    ['token-key', () => at(withProof(w, other, target))],
    [
      'token-proof-unasked',
      async () => {
        const bearer = await tokensFor(w, {}, p)
        return at({ authorization: `Bearer ${String(bearer.access_token)}`, dpop: 'x' })
      },
    ],
  ]
}

/** In a realm whose proofs carry a nonce. */
export async function nonceCases(): Promise<Topic> {
  const w = await recordedWorld({ alpha: { parapetConfig: { dpopNonceLifetime: 60 } } })
  const key = await proofKey()
  const pushing = (more: Readonly<Record<string, unknown>>): Case[1] => {
    const headers = { authorization: basic(), dpop: postProof(w, key, '/par', more) }
    return () => post(w, '/par', pushForm(), headers)
  }
  const cases: Topic['cases'] = [
    ['dpop-nonce-missing', pushing({})],
    ['dpop-nonce-unknown', pushing({ nonce: 'x' })],
  ]
  return { w, cases }
}

function doubled(authorization: string, dpop: string) {
  const headers = { authorization, dpop }
  const http = requestOf('POST', `${base}/par`, { form: pushForm(), headers })
  return elsewhere({ ...http, rawHeaders: [...http.rawHeaders, 'DPoP', dpop] })
}
