/** Answers of a remote consent service that are not taken, and services that cannot be asked. */
import { amend } from '../amend.ts'
import { signer } from '../assertion.ts'
import { decideByRest, person, slimUrl } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { makePair, wrap } from '../jwe.ts'
import type { Changes } from '../remote-consent.ts'
import { askedOf, askRemotely, post, responseOf, saveAgent, serviceKey } from '../remote-consent.ts'
import { base, pushed } from '../world.ts'
import type { Topic } from './told.ts'

export async function remoteConsentCases(): Promise<Topic> {
  const w = await recordedWorld({ alpha: {} })
  await askRemotely(w)
  const p = await person(w)
  const claims = '{"id_token":{"email":null}}'
  const asked = await askedOf(w, await p.get(slimUrl(await pushed(w, { scope: 'openid', claims }))))
  const { now } = w.clock
  const sent = (token: string) => () => post(p, asked, token)
  const claimed = (changes: Changes, by = serviceKey) => sent(responseOf(w, asked, changes, by))
  const [header, payload] = responseOf(w, asked).split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const foreign = await wrap(responseOf(w, asked), (await makePair('RSA')).encrypting, {
    alg: 'RSA-OAEP-256',
    enc: 'A128GCM',
  })
  const overriding = (remoteConsentServiceId: string, enableRemoteConsent = true) =>
    amend(w, 'myClient', {
      overrideOAuth2ClientConfig: {
        providerOverridesEnabled: true,
        enableRemoteConsent,
        remoteConsentServiceId,
      },
    })
  const cases: Topic['cases'] = [
    ['remote-consent-needed', async () => decideByRest(p, await pushed(w))],
    ['remote-consent-unreadable', sent('x')],
    ['remote-consent-signature', sent(`${none}.${payload}.`)],
    ['remote-consent-signature', sent(`${header}.${payload}.${'A'.repeat(86)}`)],
    ['remote-consent-signature', claimed({}, await signer('RS256'))],
    ['remote-consent-signature', claimed({}, await signer('ES256'))],
    ['remote-consent-encryption', sent(foreign)],
    ['remote-consent-claim', claimed({ exp: undefined })],
    ['remote-consent-claim', claimed({ aud: undefined })],
    ['remote-consent-claim', claimed({ iat: 'x' })],
    ['remote-consent-expired', claimed({ exp: now - 31 })],
    ['remote-consent-times', claimed({ exp: now + 9000 })],
    ['remote-consent-times', claimed({ iat: now + 100 })],
    ['remote-consent-issuer', claimed({ iss: base })],
    ['remote-consent-audience', claimed({ aud: 'https://x.example' })],
    ['remote-consent-audience', claimed({ aud: [base, 'https://x.example'] })],
    ['remote-consent-csrf', claimed({ csrf: undefined })],
    ['remote-consent-csrf', claimed({ csrf: `${asked.csrf.slice(0, -2)}AA` })],
    ['remote-consent-party', claimed({ clientId: 'myPublicClient' })],
    ['remote-consent-party', claimed({ clientId: undefined })],
    ['remote-consent-party', claimed({ username: 'other' })],
    ['remote-consent-decision', claimed({ decision: undefined })],
    ['remote-consent-decision', claimed({ decision: 'true' })],
    ['remote-consent-scopes', claimed({ scopes: ['openid', 'write'] })],
    ['remote-consent-scopes', claimed({ scopes: 'openid' })],
    ['remote-consent-scopes', claimed({ scopes: undefined })],
    ['remote-consent-scopes', claimed({ scopes: [] })],
    ['remote-consent-claims', claimed({ claims: { id_token: { phone_number: null } } })],
    ['remote-consent-claims', claimed({ claims: { userinfo: { email: null } } })],
    ['remote-consent-claims', claimed({ claims: 'x' })],
    [
      'remote-consent-replayed',
      async () => {
        const url = `${base}/authorize?client_id=myClient&response_type=token&scope=write&redirect_uri=${encodeURIComponent('https://www.example.com:443/callback')}`
        const again = await askedOf(w, await p.get(url))
        const token = responseOf(w, again)
        await post(p, again, token)
        return post(p, again, token)
      },
    ],
    [
      'remote-consent-unusable',
      async () => {
        await overriding('nobody')
        return p.get(slimUrl(await pushed(w)))
      },
    ],
    [
      'remote-consent-unreachable',
      async () => {
        const away = { publicKeyLocation: 'jwks_uri', jwksUri: 'https://127.0.0.1:9/keys' }
        await saveAgent(w, { ...away, remoteConsentRequestEncryptionEnabled: true }, 'away')
        await overriding('away')
        return p.get(slimUrl(await pushed(w)))
      },
    ],
    [
      'remote-consent-unwanted',
      async () => {
        await overriding('rcs', false)
        return post(p, asked, responseOf(w, asked))
      },
    ],
    [
      'remote-consent-csrf',
      async () => {
        await overriding('rcs')
        // In between, so that the session goes on.
        w.clock.now += 1000
        await p.get(slimUrl(await pushed(w)))
        w.clock.now += 801
        const late = await askedOf(w, await p.get(slimUrl(await pushed(w))))
        const { csrf } = asked
        return post(p, late, responseOf(w, late, { csrf }))
      },
    ],
  ]
  return { w, cases }
}
