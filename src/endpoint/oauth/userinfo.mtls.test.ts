import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { postProof, proofKey, withProof } from '../../../test/dpop.ts'
import { authorizeUrl, codeOf, person } from '../../../test/flow.ts'
import { boundWorld, ways } from '../../../test/mtls.ts'
import type { Issued } from '../../../test/pki.ts'
import { cn, issue } from '../../../test/pki.ts'
import { redirect_uri, register, secret } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import { base, basic, bodyOf, pushForm, requestOf, verifier } from '../../../test/world.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'

const w = await boundWorld()
const p = await person(w)
const key = await proofKey()
const own = issue({ subject: cn('own') })
/** Certificates that are nearly the one: another name, another key, another certificate of the same key and name. */
const foreign: readonly Issued[] = [
  issue({ subject: cn('other') }),
  issue({ subject: cn('own') }),
  issue({ subject: cn('own'), keys: own }),
]
await register(w, 'bound', {
  advanced: { isConsentImplied: true },
  keys: { mTLSCertificateBoundAccessTokens: true },
})
const authorization = basic('bound', secret)

async function tokenOf(shown: Issued, by = p): Promise<string> {
  const url = authorizeUrl({ client_id: 'bound', ...pushForm({ redirect_uri, scope: 'openid' }) })
  const form = {
    ...{ grant_type: 'authorization_code', redirect_uri, code_verifier: verifier },
    code: codeOf(await by.get(url)),
  }
  const sent = { form, headers: { authorization } }
  const answer = await w.serve(ways.direct('POST', `${base}/access_token`, shown, sent))
  assert.equal(answer.status, 200, String(answer.body))
  return String(bodyOf(answer).access_token)
}

const token = await tokenOf(own)
const bearer = { authorization: `Bearer ${token}` }
const refusal = 'Bearer realm="/alpha", error="invalid_token"'

type Way = keyof typeof ways
type Place = readonly [what: string, http: (way: Way, shown: Issued | undefined) => HttpRequest]

/** Everywhere a client of the realm presents a token. */
const places: readonly Place[] = [
  ['userinfo', (way, shown) => ways[way]('GET', `${base}/userinfo`, shown, { headers: bearer })],
  [
    'userinfo by form',
    (way, shown) => ways[way]('POST', `${base}/userinfo`, shown, { form: { access_token: token } }),
  ],
  ['tokeninfo', (way, shown) => ways[way]('GET', `${base}/tokeninfo`, shown, { headers: bearer })],
  [
    'tokeninfo by query',
    (way, shown) => ways[way]('GET', `${base}/tokeninfo?access_token=${token}`, shown, {}),
  ],
]

function refused(response: HttpResponse, says: string): void {
  const { error, error_description } = bodyOf(response)
  assert.deepEqual([response.status, error], [401, 'invalid_token'], String(response.body))
  assert.equal(error_description, says)
  assert.equal(response.headers['www-authenticate'], refusal)
}

for (const way of ['direct', 'proxy'] as const)
  for (const [what, http] of places)
    test(`MTLS-6, K-9 ${what}, ${way}: the token’s certificate opens, none and others are 401 invalid_token`, async () => {
      assert.equal((await w.serve(http(way, own))).status, 200)
      refused(await w.serve(http(way, undefined)), 'The access token is tied to a certificate.')
      for (const each of foreign)
        refused(await w.serve(http(way, each)), 'The access token is tied to another certificate.')
    })

test('MTLS-6 the way a certificate comes by makes no difference: a token of the one way is good by the other', async () => {
  for (const way of ['direct', 'proxy'] as const)
    assert.equal(
      (await w.serve(ways[way]('GET', `${base}/userinfo`, own, { headers: bearer }))).status,
      200,
    )
})

test('MTLS-6 of any certificates and any tokens, the one that a token was issued for opens it and no other', async () => {
  const all = [own, ...foreign]
  const tokens = await Promise.all(all.map((each) => tokenOf(each)))
  const index = fc.nat(all.length - 1)
  const way = fc.constantFrom<Way>('direct', 'proxy')
  await fc.assert(
    fc.asyncProperty(index, fc.option(index), way, async (of, by, way) => {
      const headers = { authorization: `Bearer ${String(tokens[of])}` }
      const shown = by === null ? undefined : all[by]
      const { status } = await w.serve(ways[way]('GET', `${base}/userinfo`, shown, { headers }))
      assert.equal(status, of === by ? 200 : 401)
    }),
    { numRuns: trials(5000, 60) },
  )
})

const x5t = encodeURIComponent(own.pem)
const forgeries: readonly (readonly [id: string, () => HttpRequest, error: string])[] = [
  [
    'K-8 the header of a peer that is no trusted proxy',
    () => requestOf('GET', `${base}/userinfo`, { headers: { ...bearer, 'x-client-cert': x5t } }),
    'invalid_token',
  ],
  [
    'K-8 a proxy’s own certificate',
    () => ({
      ...ways.proxy('GET', `${base}/userinfo`, undefined, { headers: bearer }),
      certificates: [own.der],
    }),
    'invalid_token',
  ],
  [
    'K-8 a second header beside the proxy’s',
    () => {
      const http = ways.proxy('GET', `${base}/userinfo`, own, { headers: bearer })
      return { ...http, rawHeaders: [...http.rawHeaders, 'X-Client-Cert', x5t] }
    },
    'invalid_token',
  ],
  [
    'K-8 a certificate only beside another one',
    () => ({
      ...ways.direct('GET', `${base}/userinfo`, foreign[0], { headers: bearer }),
      certificates: [...foreign, own].map(({ der }) => der),
    }),
    'invalid_token',
  ],
  [
    'C-26 a DPoP proof beside the certificate',
    () =>
      ways.direct('GET', `${base}/userinfo`, own, {
        headers: { ...bearer, dpop: postProof(w, key, '/userinfo') },
      }),
    'invalid_dpop_proof',
  ],
  [
    'DPOP-21 a token of a certificate by the scheme of DPoP',
    () => {
      const headers = withProof(w, key, { path: '/userinfo', token })
      return ways.direct('GET', `${base}/userinfo`, own, { headers })
    },
    'invalid_token',
  ],
]
for (const [id, http, error] of forgeries)
  test(`${id}: 401 ${error}`, async () => {
    const answer = await w.serve(http())
    assert.deepEqual([answer.status, bodyOf(answer).error], [401, error])
  })

test('MTLS-6 a certificate that has run out opens nothing', async () => {
  const short = issue({ subject: cn('short'), years: [2020, 2027] })
  const before = w.clock.now
  w.clock.now = Date.UTC(2027, 11, 31, 23, 59, 0) / 1000
  const headers = { authorization: `Bearer ${await tokenOf(short, await person(w))}` }
  const ask = () => w.serve(ways.direct('GET', `${base}/userinfo`, short, { headers }))
  assert.equal((await ask()).status, 200)
  w.clock.now += 90
  refused(await ask(), 'The access token is tied to a certificate.')
  w.clock.now = before
})

test('MTLS-6 a token that was revoked stays so with its certificate', async () => {
  const gone = await tokenOf(own)
  const sent = { form: { token: gone }, headers: { authorization } }
  await w.serve(ways.direct('POST', `${base}/token/revoke`, undefined, sent))
  const headers = { authorization: `Bearer ${gone}` }
  refused(
    await w.serve(ways.direct('GET', `${base}/userinfo`, own, { headers })),
    'The access token is invalid.',
  )
})
