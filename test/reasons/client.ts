/** Calls whose client is not proven. */
import { inHashLane } from '../../src/base/hashing/lanes.ts'
import { lanes } from '../../src/base/hashing/queues.ts'
import type { HttpRequest, HttpResponse } from '../../src/base/http.ts'
import { anyState } from '../../src/config/kind.ts'
import { oauth2ProviderKind } from '../../src/config/oauth2-provider.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../assertion.ts'
import type { RecordedWorld } from '../history.ts'
import { recordedWorld } from '../history.ts'
import { parsed, postThrough, postWith } from '../mtls.ts'
import { authority, cn, issue } from '../pki.ts'
import type { Apart } from '../register.ts'
import { elsewhere, post, register, secret } from '../register.ts'
import { base, basic, pushForm, requestOf } from '../world.ts'
import type { Topic } from './told.ts'

const change = { by: 'test', condition: anyState }

type Claims = Readonly<Record<string, unknown>>

export async function clientCases(): Promise<Topic> {
  const ca = authority('Good CA')
  const w = await recordedWorld({
    alpha: { advancedOAuth2Config: { tlsClientCertificateTrustedHeader: 'x-cert' } },
    certificates: { asked: true, proxied: true, authorities: [parsed(ca)] },
  })
  const [key, other, rsa] = [await signer('ES256'), await signer('ES256'), await signer('RS256')]
  const by = (tokenEndpointAuthMethod: string, more: Apart = {}): Apart => ({
    ...more,
    advanced: { tokenEndpointAuthMethod },
  })
  const keys = {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(key),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  }
  await register(w, 'jwt', by('private_key_jwt', { keys }))
  await register(w, 'keyless', by('private_key_jwt', { keys: { ...keys, jwkSet: keySet(rsa) } }))
  await register(w, 'basic', { core: { defaultScopes: ['openid'] } })
  await register(w, 'chosen', { text: 'mySecret' })
  await register(w, 'asleep', { core: { status: 'Inactive' } })
  await register(w, 'strict public', { core: { clientType: 'Public' }, own: { profile: 'strict' } })
  await register(w, 'fapi public', { core: { clientType: 'Public' }, own: { profile: 'fapi2' } })
  await register(w, 'tls', by('tls_client_auth', { keys: { mTLSSubjectDN: 'CN=tls' } }))
  await register(
    w,
    'own',
    by('self_signed_tls_client_auth', { keys: { mTLSTrustedCert: issue({}).pem } }),
  )
  const form = pushForm({ redirect_uri: 'https://rp.example/cb' })
  const sent =
    (more: Readonly<Record<string, string>>, headers = {}) =>
    () =>
      post(w, '/par', { ...form, ...more }, headers)
  const headed = (authorization: string, more = {}) => sent(more, { authorization })
  const claimed =
    (claims: Claims, header: Claims = {}, by_ = key) =>
    () => {
      const all = { ...goodClaims('jwt', base, w.clock.now), ...claims }
      return post(w, '/par', { ...form, ...proof(assertion(by_, all, header)) })
    }
  const now = w.clock.now
  const unfit = assertion(key, goodClaims('keyless', base, now), { kid: undefined })
  const twice = assertion(key, goodClaims('jwt', base, now))
  const shown =
    (client_id: string, ...certificates: Parameters<typeof postWith>[3]) =>
    () =>
      postWith(w, '/par', { ...form, client_id }, certificates)
  const cases: Topic['cases'] = [
    ['client-id-missing', sent({})],
    ['client-unknown', headed(basic('nobody', 'x'))],
    ['client-inactive', headed(basic('asleep', secret))],
    ['client-ids-differ', headed(basic('basic', secret), { client_id: 'BASIC' })],
    ['client-methods-two', headed(basic('basic', secret), { client_secret: secret })],
    ['client-method-other', headed(basic('jwt', secret))],
    [
      'client-method-openid',
      () => {
        const { scope: _, ...without } = form
        return post(w, '/par', { ...without, client_id: 'basic', client_secret: secret })
      },
    ],
    ['client-credentials-missing', sent({ client_id: 'basic' })],
    ['client-secret-wrong', headed(basic('basic', 'wrong'))],
    ['authorization-repeated', () => w.serve(doubled('authorization', basic('basic', secret)))],
    [
      'certificate-repeated',
      () => w.serve({ ...doubled('x-cert', 'x', { ...form, client_id: 'tls' }), proxied: true }),
    ],
    ['authorization-unreadable', headed('Basic !')],
    ['public-client-credentials', headed(basic('strict public', 'x'))],
    ['public-client-unserved', sent({ client_id: 'fapi public' })],
    [
      'public-client-introspects',
      () => post(w, '/introspect', { client_id: 'myPublicClient', token: 'x' }),
    ],
    ['assertion-missing', sent({ client_assertion_type: 'x' })],
    ['assertion-type', sent({ client_assertion_type: 'x', client_assertion: 'x' })],
    ['assertion-unreadable', sent(proof('x'))],
    ['assertion-client', claimed({ sub: undefined })],
    ['assertion-kind', claimed({ nonce: 'n' })],
    ['assertion-alg', claimed({}, {}, rsa)],
    ['assertion-key', () => post(w, '/par', { ...form, ...proof(unfit) })],
    ['assertion-kid', claimed({}, { kid: 'x' })],
    ['assertion-signature', claimed({}, { kid: key.key.kid }, other)],
    ['assertion-claim-missing', claimed({ jti: undefined })],
    ['assertion-claim-malformed', claimed({ exp: 'x' })],
    ['assertion-expired', claimed({ exp: now - 100 })],
    ['assertion-exp-far', claimed({ exp: now + 9000 })],
    ['assertion-nbf', claimed({ nbf: now + 100 })],
    ['assertion-iat', claimed({ iat: now + 100 })],
    ['assertion-party', claimed({ iss: 'x' })],
    ['assertion-aud', claimed({ aud: `${base}/` })],
    ['assertion-jti-long', claimed({ jti: 'x'.repeat(513) })],
    [
      'assertion-replayed',
      async () => {
        await sent(proof(twice))()
        return sent(proof(twice))()
      },
    ],
    ['certificate-missing', shown('tls')],
    ['certificate-subject', shown('tls', issue({ subject: cn('x'), issuer: ca }))],
    ['certificate-untrusted', shown('tls', issue({ subject: cn('tls') }))],
    ['certificate-unserved', () => revoking(w, shown('tls', issue({ subject: cn('tls') })))],
    ['client-tries-waiting', () => amongFlood(sent({}, { authorization: basic('chosen', 'x') }))],
    ['certificate-unregistered', shown('own', issue({}))],
    ['certificate-not-in-force', shown('own', issue({ years: [2001, 2002] }))],
    [
      'certificate-unreadable',
      () => postThrough(w, '/par', { ...form, client_id: 'tls' }, { 'x-cert': 'x' }),
    ],
  ]
  return { w, cases }
}

/** While the realm asks for a look at revocations, which is not served. */
async function revoking(w: RecordedWorld, ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  const realm = await w.realm()
  const before = (await oauth2ProviderKind.read(realm, ''))?.value ?? {}
  const advancedOAuth2Config = {
    ...Object(before.advancedOAuth2Config),
    tlsCertificateRevocationCheckingEnabled: true,
  }
  await oauth2ProviderKind.save(realm, '', { ...before, advancedOAuth2Config }, change)
  try {
    return await ask()
  } finally {
    await oauth2ProviderKind.save(realm, '', before, change)
  }
}

/** While as many secrets as may wait do, each of another source. */
async function amongFlood(ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const flood = Array.from({ length: 100 + lanes }, (_, i) =>
    inHashLane({ kind: 'client', source: `flood ${i}` }, () => held),
  )
  try {
    return await ask()
  } finally {
    release()
    await Promise.all(flood)
  }
}

/** A request with a header field that stands in it twice. */
function doubled(
  name: string,
  value: string,
  form: Readonly<Record<string, string>> = {},
): HttpRequest {
  const http = requestOf('POST', `${base}/par`, { form, headers: { [name]: value } })
  return elsewhere({ ...http, rawHeaders: [...http.rawHeaders, name, value] })
}
