import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { proofKey, proofOf } from '../../../test/dpop.ts'
import { authorizeUrl, claimsOf, codeOf, person } from '../../../test/flow.ts'
import { parsed, ways } from '../../../test/mtls.ts'
import { cn, issue } from '../../../test/pki.ts'
import { redirect_uri, register } from '../../../test/register.ts'
import type { Sent } from '../../../test/world.ts'
import { base, bodyOf, origin, pushForm, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const at = 'https://mtls.as.example'
const alias = { at, of: origin }
const w = await world({ certificates: { asked: true, proxied: false, authorities: [], alias } })
const p = await person(w)
const own = issue({ subject: cn('own') })
const [es256, key] = [await signer('ES256'), await proofKey()]
for (const [client_id, profile] of [
  ['legacy', ''],
  ['strict', 'strict'],
  ['fapi2', 'fapi2'],
  ['by proof', ''],
] as const)
  await register(w, client_id, {
    advanced: { isConsentImplied: true, tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      ...{ publicKeyLocation: 'jwks', jwkSet: keySet(es256) },
      tokenEndpointAuthSigningAlgorithm: 'ES256',
      mTLSCertificateBoundAccessTokens: client_id !== 'by proof',
    },
    own: { profile },
  })

const path = base.slice(origin.length)

/** Asks by the address at which certificates are shown. */
const askThere = (method: string, endpoint: string, sent: Sent): Promise<HttpResponse> => {
  return w.serve({ ...ways.direct(method, base + endpoint, own, sent), origin: at })
}

const proving = (client_id: string, aud: string) =>
  proof(assertion(es256, { ...goodClaims(client_id, base, w.clock.now), aud }))

async function metadata(from = origin): Promise<Record<string, unknown>> {
  const http = requestOf('GET', `${base}/.well-known/openid-configuration`)
  return bodyOf(await w.serve({ ...http, origin: from }))
}

test('MTLS-11 the metadata state where all that takes a certificate is found, the same by either address', async () => {
  const body = await metadata()
  assert.deepEqual(body.mtls_endpoint_aliases, {
    token_endpoint: `${at}${path}/access_token`,
    revocation_endpoint: `${at}${path}/token/revoke`,
    introspection_endpoint: `${at}${path}/introspect`,
    pushed_authorization_request_endpoint: `${at}${path}/par`,
    userinfo_endpoint: `${at}${path}/userinfo`,
  })
  assert.equal(body.token_endpoint, `${base}/access_token`)
  assert.deepEqual(await metadata(at), body)
  // It stands for the first base URL alone: by another one issuer and audiences are others.
  assert.equal((await metadata('https://other.as.example')).mtls_endpoint_aliases, undefined)
})

test('MTLS-11 a push, a token and userinfo by the aliases are of the realm’s one issuer', async () => {
  const push = { ...pushForm({ redirect_uri, scope: 'openid' }), ...proving('legacy', base) }
  const pushed = await askThere('POST', '/par', { form: push })
  assert.equal(pushed.status, 201, String(pushed.body))
  const { request_uri } = bodyOf(pushed) as { request_uri: string }
  const code = codeOf(await p.get(authorizeUrl({ client_id: 'legacy', request_uri })))
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  const answer = await askThere('POST', '/access_token', {
    form: { ...form, ...proving('legacy', base) },
  })
  const { access_token, id_token } = bodyOf(answer)
  assert.equal(claimsOf(id_token).iss, base)
  assert.deepEqual(claimsOf(access_token).cnf, { 'x5t#S256': parsed(own).thumbprint })
  const headers = { authorization: `Bearer ${String(access_token)}` }
  assert.equal((await askThere('GET', '/userinfo', { headers })).status, 200)
})

test('MTLS-11, C-1 an assertion for an alias counts where one for the endpoint it stands for does', async () => {
  const ask = async (client_id: string, aud: string, there: boolean): Promise<number> => {
    const form = { ...pushForm({ redirect_uri }), ...proving(client_id, aud) }
    if (there) return (await askThere('POST', '/par', { form })).status
    return (await w.serve(requestOf('POST', `${base}/par`, { form }))).status
  }
  for (const there of [true, false]) {
    for (const endpoint of ['/access_token', '/par']) {
      assert.equal(await ask('legacy', at + path + endpoint, there), 201, endpoint)
      assert.notEqual(await ask('strict', at + path + endpoint, there), 201, endpoint)
      assert.notEqual(await ask('fapi2', at + path + endpoint, there), 201, endpoint)
    }
    assert.notEqual(await ask('legacy', at + path, there), 201)
    for (const client_id of ['legacy', 'strict', 'fapi2'])
      assert.equal(await ask(client_id, base, there), 201)
  }
})

test('MTLS-11, DPOP-9 a DPoP proof is for the address that was asked', async () => {
  const ask = async (htu: string): Promise<number> => {
    const dpop = proofOf(key, { htm: 'POST', htu, iat: w.clock.now })
    const form = { ...pushForm({ redirect_uri }), ...proving('by proof', base) }
    return (await askThere('POST', '/par', { form, headers: { dpop } })).status
  }
  assert.equal(await ask(`${at}${path}/par`), 201)
  assert.equal(await ask(`${base}/par`), 400)
})
