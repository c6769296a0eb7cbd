/** Service accounts that get no token. */
import { signer } from '../assertion.ts'
import { recordedWorld } from '../history.ts'
import { post } from '../register.ts'
import { accountAssertion, serviceAccount, tokenUrl } from '../service-account.ts'
import type { Topic } from './told.ts'

type Claims = Readonly<Record<string, unknown>>

const grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  client_id: 'service-account',
  scope: 'fr:am:*',
}

export async function serviceAccountCases(): Promise<Topic> {
  const w = await recordedWorld()
  const account = await serviceAccount(w, ['fr:am:*'])
  const [other, rsa] = [await signer('ES256'), await signer('RS256')]
  const sent = (more: Readonly<Record<string, string>>) => () =>
    post(w, tokenUrl, { ...grant, ...more })
  const claimed = (claims: Claims, header: Claims = {}, by = account.signer) =>
    sent({ assertion: accountAssertion(w, { ...account, signer: by }, claims, header) })
  const now = w.clock.now
  const twice = { assertion: accountAssertion(w, account) }
  const cases: Topic['cases'] = [
    ['grant-assertion-missing', sent({})],
    ['grant-assertion-beside', sent({ client_secret: 'x' })],
    ['grant-assertion-unreadable', sent({ assertion: 'x' })],
    ['service-account-unknown', claimed({ sub: 'x' })],
    ['service-account-scope', sent({ ...twice, scope: 'fr:idm:*' })],
    ['grant-assertion-kind', claimed({ nonce: 'n' })],
    ['grant-assertion-alg', claimed({}, { alg: 'HS256' })],
    ['grant-assertion-kid', claimed({}, { kid: 'x' })],
    ['grant-assertion-key', claimed({}, {}, rsa)],
    ['grant-assertion-signature', claimed({}, {}, other)],
    ['grant-assertion-claim-missing', claimed({ jti: undefined })],
    ['grant-assertion-claim-malformed', claimed({ exp: 'x' })],
    ['grant-assertion-expired', claimed({ exp: now - 100 })],
    ['grant-assertion-exp-far', claimed({ exp: now + 9000 })],
    ['grant-assertion-nbf', claimed({ nbf: now + 100 })],
    ['grant-assertion-iat', claimed({ iat: now + 100 })],
    ['grant-assertion-party', claimed({ iss: 'x' })],
    ['grant-assertion-aud', claimed({ aud: 'https://x.example' })],
    ['grant-assertion-jti-long', claimed({ jti: 'x'.repeat(513) })],
    [
      'grant-assertion-replayed',
      async () => {
        await sent(twice)()
        return sent(twice)()
      },
    ],
  ]
  return { w, cases, path: '/' }
}
