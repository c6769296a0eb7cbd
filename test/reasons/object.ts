/** Request objects that are refused. */
import { signer } from '../assertion.ts'
import { recordedWorld } from '../history.ts'
import { objectClaims, pushObject, registerSigner, signed } from '../request-object.ts'
import type { Topic } from './told.ts'

type Claims = Readonly<Record<string, unknown>>

export async function objectCases(): Promise<Topic> {
  const w = await recordedWorld({
    alpha: {
      advancedOAuth2Config: {
        expClaimRequiredInRequestObject: true,
        nbfClaimRequiredInRequestObject: true,
        maxDifferenceBetweenRequestObjectNbfAndExp: 60,
        maxAgeOfRequestObjectNbfClaim: 5,
      },
    },
  })
  const [key, other, rsa] = [await signer('ES256'), await signer('ES256'), await signer('RS256')]
  await registerSigner(w, 'signs', [key], { keys: { requestParameterSignedAlg: 'ES256' } })
  await registerSigner(w, 'keyless', [rsa], { keys: { requestParameterSignedAlg: 'ES256' } })
  const object =
    (claims: Claims, header: Claims = {}, by = key) =>
    () =>
      pushObject(w, 'signs', signed(by, objectClaims(w, 'signs', claims), header))
  const now = w.clock.now
  const cases: Topic['cases'] = [
    ['request-object-unreadable', () => pushObject(w, 'signs', 'x')],
    ['request-object-encryption', () => pushObject(w, 'signs', 'a.b.c.d.e')],
    ['request-object-alg', object({}, { alg: 'none' })],
    ['request-object-kid', object({}, { kid: 'x' })],
    [
      'request-object-key',
      () => pushObject(w, 'keyless', signed(key, objectClaims(w, 'keyless'), { kid: undefined })),
    ],
    ['request-object-signature', object({}, { kid: key.key.kid }, other)],
    ['request-object-claim-missing', object({ exp: undefined, nbf: undefined })],
    ['request-object-claim-malformed', object({ exp: 'x' })],
    ['request-object-expired', object({ nbf: now - 200, exp: now - 100 })],
    ['request-object-exp-far', object({ exp: now + 90_000 })],
    ['request-object-nbf', object({ nbf: now + 100 })],
    ['request-object-iat', object({ iat: now + 100 })],
    ['request-object-old', object({ nbf: now - 400, exp: now + 60 })],
    ['request-object-party', object({ iss: 'x' })],
    ['request-object-aud', object({ aud: 'https://x.example' })],
    ['request-object-kind', object({}, { typ: 'at+jwt' })],
    ['request-object-sub', object({ sub: 'signs' })],
    ['request-object-foreign-claim', object({ request_uri: 'x' })],
    ['request-object-client', object({ client_id: 'x' })],
    ['request-object-parameter', object({ state: {} })],
    ['request-object-jti-long', object({ jti: 'x'.repeat(513) })],
    [
      'request-object-replayed',
      async () => {
        await object({ jti: 'j' })()
        return object({ jti: 'j' })()
      },
    ],
  ]
  return { w, cases }
}
