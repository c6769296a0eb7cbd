import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { postProof, proofKey } from '../../../test/dpop.ts'
import type { Changes } from '../../../test/flow.ts'
import { authorizeUrl, claimsOf, codeOf, person, refusedWith } from '../../../test/flow.ts'
import { boundWorld, parsed, ways } from '../../../test/mtls.ts'
import type { Issued } from '../../../test/pki.ts'
import { cn, issue } from '../../../test/pki.ts'
import { redirect_uri, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, pushForm, verifier } from '../../../test/world.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Json } from '../../base/json.ts'

const w = await boundWorld({ coreOAuth2Config: { statelessTokensEnabled: true } })
const p = await person(w)
const [own, other] = [issue({ subject: cn('own') }), issue({ subject: cn('other') })]
const es256 = await signer('ES256')
const key = await proofKey()

const bound = { mTLSCertificateBoundAccessTokens: true }
const jwks = { publicKeyLocation: 'jwks', jwkSet: keySet(es256) }
const bySecret = { authorization: basic('secret', secret) }
const implied = { isConsentImplied: true }
const open = { clientType: 'Public', scopes: ['openid', 'write'] }
const es = { tokenEndpointAuthSigningAlgorithm: 'ES256' }
await register(w, 'secret', { advanced: implied, keys: bound })
await register(w, 'plain', { advanced: implied })
await register(w, 'public', { core: open, advanced: implied, keys: bound })
await register(w, 'certificate', {
  advanced: { ...implied, tokenEndpointAuthMethod: 'self_signed_tls_client_auth' },
  keys: { ...bound, mTLSTrustedCert: own.pem },
})
const asserting: Readonly<Record<string, Json>> = { tokenEndpointAuthMethod: 'private_key_jwt' }
await register(w, 'jwt', {
  advanced: { ...implied, ...asserting },
  keys: { ...jwks, ...es, ...bound },
})
await register(w, 'fapi2', {
  advanced: asserting,
  keys: { ...jwks, ...es },
  own: { profile: 'fapi2' },
})

const x5t = (of: Issued): string => parsed(of).thumbprint

/** How each client proves itself, in its form or by a header. */
async function proving(client_id: string): Promise<[Changes, Readonly<Record<string, string>>]> {
  if (client_id === 'secret' || client_id === 'plain')
    return [{}, { authorization: basic(client_id, secret) }]
  if (client_id === 'public' || client_id === 'certificate') return [{ client_id }, {}]
  const { issuer } = await w.realm()
  return [proof(assertion(es256, goodClaims(client_id, issuer, w.clock.now))), {}]
}

interface Asking {
  readonly way?: keyof typeof ways
  readonly shown?: Issued | undefined
  readonly headers?: Readonly<Record<string, string>>
}

async function tokenRequest(
  client_id: string,
  form: Changes,
  { way = 'direct', shown, headers }: Asking = {},
): Promise<HttpResponse> {
  const [more, by] = await proving(client_id)
  const sent = {
    form: encodeForm(Object.entries({ ...form, ...more })),
    headers: { ...by, ...headers },
  }
  return w.serve(ways[way]('POST', `${base}/access_token`, shown, sent))
}

const credentials = { grant_type: 'client_credentials', scope: 'write' }

async function codeGrant(client_id: string): Promise<Changes> {
  const url = authorizeUrl({ client_id, ...pushForm({ redirect_uri, scope: 'openid write' }) })
  const code = codeOf(await p.get(url))
  return { grant_type: 'authorization_code', redirect_uri, code_verifier: verifier, code }
}

const refreshing = (token: unknown): Changes => ({
  grant_type: 'refresh_token',
  refresh_token: String(token),
})

function tokensIn(response: HttpResponse): Record<string, unknown> {
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}

async function introspected(token: unknown): Promise<Record<string, unknown>> {
  const sent = { form: { token: String(token) }, headers: bySecret }
  return bodyOf(await w.serve(ways.direct('POST', `${base}/introspect`, undefined, sent)))
}

for (const way of ['direct', 'proxy'] as const) {
  for (const client_id of ['secret', 'certificate', 'jwt', 'public'])
    test(`MTLS-7, MTLS-8 ${way}: the code of client ${client_id} yields a token of its certificate, told by answer, token and introspection`, async () => {
      const tokens = tokensIn(
        await tokenRequest(client_id, await codeGrant(client_id), { way, shown: own }),
      )
      assert.equal(tokens.token_type, 'Bearer')
      const cnf = { 'x5t#S256': x5t(own) }
      assert.deepEqual(claimsOf(tokens.access_token).cnf, cnf)
      if (client_id !== 'secret') return
      const told = await introspected(tokens.access_token)
      assert.deepEqual([told.active, told.cnf, told.token_type], [true, cnf, 'Bearer'])
    })

  test(`MTLS-9 ${way}: a client that has only such tokens gets none without a certificate, by no grant`, async () => {
    for (const client_id of ['secret', 'jwt', 'public']) {
      const none = await tokenRequest(client_id, await codeGrant(client_id), { way })
      refusedWith(none, 'invalid_request', 'A client certificate is required')
      const refresh = await tokenRequest(client_id, refreshing('x'), { way })
      refusedWith(refresh, 'invalid_request', 'A client certificate is required')
    }
    refusedWith(
      await tokenRequest('secret', credentials, { way }),
      'invalid_request',
      'A client certificate is required',
    )
    // The certificate is what proves this one.
    refusedWith(await tokenRequest('certificate', credentials, { way }), 'invalid_client')
  })

  test(`MTLS-10 ${way}: a public client’s refresh token is of its certificate, and is not replaced`, async () => {
    const tokens = tokensIn(
      await tokenRequest('public', await codeGrant('public'), { way, shown: own }),
    )
    const form = refreshing(tokens.refresh_token)
    refusedWith(await tokenRequest('public', form, { way, shown: other }), 'invalid_grant')
    const again = tokensIn(await tokenRequest('public', form, { way, shown: own }))
    assert.equal(again.refresh_token, tokens.refresh_token)
    assert.deepEqual(claimsOf(again.access_token).cnf, { 'x5t#S256': x5t(own) })
  })
}

test('MTLS-9 a refused request spends neither code nor refresh token', async () => {
  const form = await codeGrant('secret')
  refusedWith(await tokenRequest('secret', form), 'invalid_request')
  const tokens = tokensIn(await tokenRequest('secret', form, { shown: own }))
  refusedWith(await tokenRequest('secret', refreshing(tokens.refresh_token)), 'invalid_request')
  tokensIn(await tokenRequest('secret', refreshing(tokens.refresh_token), { shown: own }))
})

test('RFC 8705 §7.1 a confidential client may refresh with another certificate, and keeps its refresh token', async () => {
  const tokens = tokensIn(await tokenRequest('secret', await codeGrant('secret'), { shown: own }))
  const next = tokensIn(
    await tokenRequest('secret', refreshing(tokens.refresh_token), { shown: other }),
  )
  assert.equal(next.refresh_token, tokens.refresh_token)
  assert.deepEqual(claimsOf(next.access_token).cnf, { 'x5t#S256': x5t(other) })
  assert.deepEqual((await introspected(tokens.access_token)).cnf, { 'x5t#S256': x5t(own) })
})

test('MTLS-10 a public client’s refresh token stays of its certificate when its access tokens no longer are', async () => {
  const tokens = tokensIn(await tokenRequest('public', await codeGrant('public'), { shown: own }))
  const form = refreshing(tokens.refresh_token)
  await amend(w, 'public', {
    signEncOAuth2ClientConfig: { mTLSCertificateBoundAccessTokens: false },
  })
  for (const shown of [undefined, other])
    refusedWith(await tokenRequest('public', form, { shown }), 'invalid_grant')
  const again = tokensIn(await tokenRequest('public', form, { shown: own }))
  assert.equal(claimsOf(again.access_token).cnf, undefined)
  await amend(w, 'public', {
    signEncOAuth2ClientConfig: { mTLSCertificateBoundAccessTokens: true },
  })
})

test('MTLS-9 a certificate of a client that has not asked for it ties nothing', async () => {
  const tokens = tokensIn(await tokenRequest('plain', await codeGrant('plain'), { shown: own }))
  assert.equal(claimsOf(tokens.access_token).cnf, undefined)
})

test('MTLS-2 a certificate that is not in force ties nothing, and is none', async () => {
  for (const years of [
    [2001, 2002],
    [2040, 2041],
  ] as const) {
    const shown = issue({ subject: cn('own'), years })
    refusedWith(await tokenRequest('secret', credentials, { shown }), 'invalid_request')
  }
})

test('K-8 the certificate header of a peer that is no trusted proxy is not looked at', async () => {
  const headers = { 'x-client-cert': encodeURIComponent(own.pem) }
  const forged = await tokenRequest('secret', credentials, { headers })
  refusedWith(forged, 'invalid_request', 'A client certificate is required')
  const beside = await tokenRequest('secret', credentials, { headers, shown: other })
  assert.deepEqual(claimsOf(tokensIn(beside).access_token).cnf, { 'x5t#S256': x5t(other) })
})

test('K-8 a proxy’s own certificate ties no token, and a header that came twice none either', async () => {
  const sent = { form: credentials, headers: bySecret }
  const http = ways.proxy('POST', `${base}/access_token`, undefined, sent)
  refusedWith(await w.serve({ ...http, certificates: [own.der] }), 'invalid_request')
  const good = ways.proxy('POST', `${base}/access_token`, own, sent)
  const rawHeaders = [...good.rawHeaders, 'X-Client-Cert', encodeURIComponent(other.pem)]
  refusedWith(await w.serve({ ...good, rawHeaders }), 'invalid_request')
  tokensIn(await w.serve(good))
})

test('C-26 a client of certificates has nothing from a DPoP proof, whether it shows one or not', async () => {
  for (const shown of [undefined, own]) {
    const headers = { dpop: postProof(w, key, '/access_token') }
    const answer = await tokenRequest('secret', credentials, { shown, headers })
    refusedWith(
      answer,
      'invalid_request',
      'Tokens are tied to the client certificate, not to a DPoP proof',
    )
  }
})

test('F2-6 profile fapi2 takes a certificate as it takes a proof, and one of them it wants', async () => {
  const none = await tokenRequest('fapi2', credentials)
  refusedWith(none, 'invalid_request', 'A DPoP proof or a client certificate is required')
  const shown = tokensIn(await tokenRequest('fapi2', credentials, { shown: own }))
  assert.deepEqual(claimsOf(shown.access_token).cnf, { 'x5t#S256': x5t(own) })
  const headers = { dpop: postProof(w, key, '/access_token') }
  const both = tokensIn(await tokenRequest('fapi2', credentials, { shown: own, headers }))
  assert.deepEqual([both.token_type, claimsOf(both.access_token).cnf], ['DPoP', { jkt: key.jkt }])
})

test('MTLS-9 senderConstraint of the realm holds for clients that say nothing, and AM’s switch takes certificates away', async () => {
  const asked = (asking?: Asking) => tokenRequest('plain', credentials, asking)
  const headers = () => ({ dpop: postProof(w, key, '/access_token') })
  const rows: readonly (readonly [string, bare: number, shown: number, proof: number])[] = [
    ['mtls', 400, 200, 400],
    ['dpop', 400, 400, 200],
    ['either', 400, 200, 200],
    ['none', 200, 200, 200],
  ]
  for (const [senderConstraint, ...wanted] of rows) {
    await amendRealm(w, { parapetConfig: { senderConstraint } })
    const answers = [
      await asked(),
      await asked({ shown: own }),
      await asked({ headers: headers() }),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      wanted,
      senderConstraint,
    )
  }
  await amendRealm(w, { advancedOAuth2Config: { tlsCertificateBoundAccessTokensEnabled: false } })
  refusedWith(await tokenRequest('secret', credentials, { shown: own }), 'invalid_request')
})
