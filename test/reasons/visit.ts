/** Visits to the authorization endpoint that are refused. */
import { signer } from '../assertion.ts'
import { browser } from '../browser.ts'
import type { Changes } from '../flow.ts'
import { answerConsent, authorizeUrl, decideByRest, person, slimUrl, somebody } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { redirect_uri, register } from '../register.ts'
import { registerSigner } from '../request-object.ts'
import { base, pushed, pushForm } from '../world.ts'
import type { Topic } from './told.ts'

export async function visitCases(): Promise<Topic> {
  const w = await recordedWorld({
    alpha: {
      advancedOIDCConfig: {
        loaMapping: { silver: 'Login' },
        supportedAuthorizationResponseSigningAlgorithms: ['RS256'],
      },
    },
  })
  const p = await person(w)
  const key = await signer('ES256')
  await registerSigner(w, 'signs', [key], {
    keys: { requestParameterSignedAlg: 'ES256', authorizationResponseSigningAlgorithm: 'HS256' },
  })
  // Its own address is a private one, which the realm does not allow to be asked.
  await register(w, 'refers', { advanced: { requestUris: [away] } })
  const implied = { advanced: { isConsentImplied: true } }
  await register(w, 'no key', {
    ...implied,
    keys: { authorizationResponseEncryptionAlgorithm: 'RSA-OAEP' },
  })
  const pairwise = { isConsentImplied: true, subjectType: 'pairwise' }
  await register(w, 'no sector', {
    core: { redirectionUris: ['http://localhost/cb'] },
    advanced: pairwise,
  })
  // A private address, which the realm does not allow to be asked.
  await register(w, 'no list', { advanced: { ...pairwise, sectorIdentifierUri: away } })
  await register(w, 'asleep', { core: { status: 'Inactive' } })
  await register(w, 'pushes', { own: { profile: 'fapi2' } })
  const visit = (changes: Changes) => () =>
    p.get(authorizeUrl({ client_id: 'myClient', ...pushForm(), ...changes }))
  const spent = await pushed(w)
  await decideByRest(p, spent)
  const late = await pushed(w)
  const opened = await pushed(w)
  await browser(w).get(slimUrl(opened))
  const essential = JSON.stringify({ id_token: { acr: { essential: true, values: ['x'] } } })
  const cases: Topic['cases'] = [
    ['client-id-missing', visit({ client_id: undefined })],
    ['client-unknown', visit({ client_id: 'nobody' })],
    ['client-inactive', visit({ client_id: 'asleep' })],
    ['request-twice', visit({ request: 'x', request_uri: 'x' })],
    ['answer-key', visit({ client_id: 'no key', redirect_uri, response_mode: 'jwt' })],
    [
      'answer-algorithm',
      visit({ client_id: 'signs', redirect_uri, response_mode: 'jwt', prompt: 'none' }),
    ],
    ['sector-missing', visit({ client_id: 'no sector', redirect_uri: 'http://localhost/cb' })],
    ['sector-unlisted', visit({ client_id: 'no list', redirect_uri })],
    ['request-uri-unregistered', visit({ request_uri: 'https://x.example/' })],
    ['request-uri-unfetched', visit({ client_id: 'refers', request_uri: away, redirect_uri })],
    ['request-uri-unknown', () => p.get(slimUrl(`${spent.slice(0, -3)}AAA`))],
    ['request-uri-foreign', async () => p.get(slimUrl(await pushed(w), { client_id: 'signs' }))],
    ['request-uri-spent', () => p.get(slimUrl(spent))],
    ['push-required', visit({ client_id: 'pushes', redirect_uri: 'https://rp.example/cb' })],
    [
      'decision-csrf',
      async () =>
        p.post(`${base}/authorize`, {
          client_id: 'myClient',
          request_uri: await pushed(w),
          decision: 'allow',
          csrf: 'x',
        }),
    ],
    [
      'decision-origin',
      async () =>
        p.post(
          `${base}/authorize`,
          { client_id: 'myClient', request_uri: await pushed(w), decision: 'allow', csrf: 'x' },
          { origin: 'https://x.example' },
        ),
    ],
    ['user-refused', async () => answerConsent(p, await p.get(slimUrl(await pushed(w))), 'deny')],
    [
      'prompt-contradiction',
      async () => p.get(slimUrl(await pushed(w, { prompt: 'none' }), { prompt: 'login' })),
    ],
    ['acr-unmet', visit({ scope: 'openid', claims: essential })],
    [
      'login-needed',
      () =>
        browser(w).get(authorizeUrl({ client_id: 'myClient', ...pushForm({ prompt: 'none' }) })),
    ],
    ['consent-needed', visit({ prompt: 'none' })],
    [
      'user-other',
      async () => {
        const { sub } = await somebody(w)
        const claims = JSON.stringify({ id_token: { sub: { value: sub } } })
        const request_uri = await pushed(w, { scope: 'openid', claims })
        const b = browser(w)
        await b.get(slimUrl(request_uri))
        w.clock.now += 1
        const late = await person(w, { at: b })
        return late.get(slimUrl(request_uri))
      },
    ],
    ['request-object-unsigned', visit({ client_id: 'signs', request: unsigned, redirect_uri })],
    ['request-object-unsigned-unserved', visit({ request: unsigned })],
    [
      'request-uri-expired',
      async () => {
        w.clock.now += 91
        return browser(w).get(slimUrl(opened))
      },
    ],
    ['request-uri-gone', () => p.get(slimUrl(late))],
  ]
  return { w, cases }
}

const away = 'https://127.0.0.1:9/object'
const text = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')
const unsigned = `${text({ alg: 'none' })}.${text({ scope: 'write' })}.`
