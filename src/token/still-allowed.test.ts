import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../test/amend.ts'
import { assertion, goodClaims, proof, signer } from '../../test/assertion.ts'
import { postProof, proofKey } from '../../test/dpop.ts'
import type { Changes } from '../../test/flow.ts'
import { answerOf, authorizeUrl, claimsOf, person } from '../../test/flow.ts'
import { post, redirect_uri } from '../../test/register.ts'
import { objectClaims, registerSigner, signed } from '../../test/request-object.ts'
import type { World } from '../../test/world.ts'
import { base, bodyOf, pushForm, verifier, world } from '../../test/world.ts'

const client_id = 'one'
const es256 = await signer('ES256')
const key = await proofKey()
const alpha = { advancedOAuth2Config: { codeVerifierEnforced: 'false' } }

/** A client that may do all that profile `ping` has, and that `fapi2` would know, too. */
async function made(): Promise<World> {
  const w = await world({ alpha })
  await registerSigner(w, client_id, [es256], {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt', isConsentImplied: true },
    keys: { tokenEndpointAuthSigningAlgorithm: 'ES256' },
    own: { plainChallenge: true },
  })
  return w
}

const proven = (w: World): Record<string, string> =>
  proof(assertion(es256, goodClaims(client_id, base, w.clock.now)))

const good: Changes = {
  ...pushForm({ redirect_uri, scope: 'openid profile' }),
  nonce: 'n',
}
const noPkce: Changes = { code_challenge: undefined, code_challenge_method: undefined }
const plain: Changes = { code_challenge: verifier, code_challenge_method: 'plain' }

/** How the request comes: through the browser, pushed, or signed through the browser. */
type Way = 'open' | 'pushed' | 'signed'

async function codeBy(w: World, way: Way, changes: Changes): Promise<string> {
  const pairs = Object.entries({ ...good, ...changes })
  const form = Object.fromEntries(pairs.filter((p): p is [string, string] => p[1] !== undefined))
  const parameters = { open: async () => form, pushed: pushedBy, signed: signedBy }
  const url = authorizeUrl({ client_id, ...(await parameters[way](w, form)) })
  const answer = await (await person(w)).get(url)
  return answerOf(answer).get('code') ?? assert.fail(`${answer.status} ${String(answer.body)}`)
}

async function pushedBy(w: World, form: Record<string, string>): Promise<Changes> {
  const { request_uri } = bodyOf(await post(w, '/par', { ...form, ...proven(w) }))
  return { request_uri: String(request_uri) }
}

async function signedBy(w: World, form: Record<string, string>): Promise<Changes> {
  return { request: signed(es256, objectClaims(w, client_id, { ...form, aud: base })) }
}

interface Row {
  readonly issued: string
  readonly way?: Way
  readonly changes?: Changes
  readonly later: string
  readonly change: (w: World) => Promise<void>
  /** The error, or the scope of what is issued. */
  readonly gives: string
}

const client =
  (section: string, values: Parameters<typeof amend>[2][string]) =>
  (w: World): Promise<void> =>
    amend(w, client_id, { [section]: values })
const realm =
  (section: string, values: Parameters<typeof amendRealm>[1][string]) =>
  (w: World): Promise<void> =>
    amendRealm(w, { [section]: values })

const core = (values: Parameters<typeof client>[1]) => client('coreOAuth2ClientConfig', values)
const advanced = (values: Parameters<typeof client>[1]) =>
  client('advancedOAuth2ClientConfig', values)
const own = (profile: string) => client('parapetClientConfig', { profile, plainChallenge: true })
const whole = 'openid profile'

const rows: readonly Row[] = [
  { issued: 'anyhow', later: 'nothing changes', change: async () => {}, gives: whole },
  {
    issued: 'anyhow',
    later: 'only a name changes',
    change: core({ clientName: ['Two'] }),
    gives: whole,
  },
  ...[own('fapi2'), realm('parapetConfig', { profile: 'fapi2' })].flatMap((change, i): Row[] => {
    const later = `its ${i === 0 ? 'client' : 'realm'} becomes fapi2`
    const row = { way: 'pushed', later, change, gives: 'invalid_grant' } as const
    return [
      { ...row, issued: 'as fapi2 has it', gives: whole },
      { ...row, issued: 'without PKCE', changes: noPkce },
      { ...row, issued: 'by PKCE plain', changes: plain },
      { ...row, issued: 'by code id_token', changes: { response_type: 'code id_token' } },
      {
        ...row,
        issued: 'by code token id_token',
        changes: { response_type: 'code token id_token' },
      },
      { ...row, issued: 'without redirect_uri', changes: { redirect_uri: undefined } },
      { ...row, issued: 'without a push', way: 'open' },
    ]
  }),
  {
    issued: 'by PKCE plain',
    changes: plain,
    later: 'its client becomes strict',
    change: own('strict'),
    gives: 'invalid_grant',
  },
  {
    issued: 'without PKCE',
    changes: noPkce,
    later: 'its client becomes strict, where PKCE is as set',
    change: own('strict'),
    gives: whole,
  },
  {
    issued: 'without PKCE',
    changes: noPkce,
    later: 'its realm becomes strict and has PKCE for all',
    change: async (w) => {
      await realm('parapetConfig', { profile: 'strict' })(w)
      await realm('advancedOAuth2Config', { codeVerifierEnforced: 'true' })(w)
    },
    gives: 'invalid_grant',
  },
  {
    issued: 'by code id_token',
    changes: { response_type: 'code id_token' },
    later: 'its client loses that type',
    change: advanced({ responseTypes: ['code'] }),
    gives: 'invalid_grant',
  },
  {
    issued: 'by code id_token',
    changes: { response_type: 'code id_token' },
    later: 'its client loses the grant implicit',
    change: advanced({ grantTypes: ['authorization_code'] }),
    gives: 'invalid_grant',
  },
  {
    issued: 'anyhow',
    later: 'its client loses the grant',
    change: advanced({ grantTypes: ['refresh_token'] }),
    gives: 'unauthorized_client',
  },
  {
    issued: 'anyhow',
    later: 'its realm loses the grant',
    change: realm('advancedOAuth2Config', { grantTypes: ['refresh_token'] }),
    gives: 'unsupported_grant_type',
  },
  {
    issued: 'anyhow',
    later: 'its redirect URI is taken away',
    change: core({ redirectionUris: ['https://rp.example/other'] }),
    gives: 'invalid_grant',
  },
  {
    issued: 'anyhow',
    later: 'another redirect URI is added',
    change: core({ redirectionUris: [redirect_uri, 'https://rp.example/other'] }),
    gives: whole,
  },
  {
    issued: 'anyhow',
    later: 'a scope is taken away',
    change: core({ scopes: ['openid'] }),
    gives: 'openid',
  },
  {
    issued: 'anyhow',
    later: 'all its scopes are taken away',
    change: core({ scopes: ['write'] }),
    gives: 'invalid_scope',
  },
  ...(['open', 'pushed', 'signed'] as const).map(
    (way): Row => ({
      issued: way,
      way,
      later: 'requests must be pushed',
      change: realm('advancedOAuth2Config', { requirePushedAuthorizationRequests: true }),
      gives: way === 'pushed' ? whole : 'invalid_grant',
    }),
  ),
  ...(['open', 'pushed', 'signed'] as const).map(
    (way): Row => ({
      issued: way,
      way,
      later: 'requests must be signed',
      change: client('parapetClientConfig', { require_signed_request_object: true }),
      gives: way === 'signed' ? whole : 'invalid_grant',
    }),
  ),
]

for (const { issued, way = 'open', changes = {}, later, change, gives } of rows) {
  test(`what the terms of now forbid is not redeemed (RFC 9700 §2.1.1): a code issued ${issued}, ${later}`, async () => {
    const w = await made()
    const code = await codeBy(w, way, changes)
    await change(w)
    const form = { grant_type: 'authorization_code', code, redirect_uri, ...proven(w) }
    const pkce = changes === noPkce ? {} : { code_verifier: verifier }
    // Without this profile fapi2 would refuse them all.
    const dpop = postProof(w, key, '/access_token')
    const response = await post(w, '/access_token', { ...form, ...pkce }, { dpop })
    const body = bodyOf(response)
    assert.equal(body.error ?? body.scope, gives, String(response.body))
    assert.equal(response.status, body.error === undefined ? 200 : 400)
  })
}

test('what is forbidden for a while is redeemed when it is allowed again: nothing was spent', async () => {
  const w = await made()
  const code = await codeBy(w, 'open', noPkce)
  const redeemed = () =>
    post(w, '/access_token', { grant_type: 'authorization_code', code, redirect_uri, ...proven(w) })
  await realm('advancedOAuth2Config', { codeVerifierEnforced: 'true' })(w)
  assert.equal(bodyOf(await redeemed()).error, 'invalid_grant')
  await realm('advancedOAuth2Config', { codeVerifierEnforced: 'false' })(w)
  assert.equal((await redeemed()).status, 200)
})

test('OIDC Core §5.4 an ID token says nothing of a scope that was taken away', async () => {
  const w = await made()
  await realm('advancedOIDCConfig', { alwaysAddClaimsToToken: true })(w)
  const code = await codeBy(w, 'open', {})
  await core({ scopes: ['openid'] })(w)
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  const { id_token } = bodyOf(await post(w, '/access_token', { ...form, ...proven(w) }))
  assert.equal(claimsOf(id_token).given_name, undefined)
  assert.equal(claimsOf(id_token).sub, w.demo.sub)
})
