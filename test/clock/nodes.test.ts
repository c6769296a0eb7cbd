import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { rotateKeys } from '../../src/maintain.ts'
import { publishedBefore } from '../../src/realm/key/key-state.ts'
import { familiesMeant } from '../../src/realm/key/rotation.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../assertion.ts'
import {
  administrator,
  ask,
  codeOf,
  codeParameters,
  cookieOf,
  logIn,
  oauth2,
  type Party,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { callback } from '../world.ts'
import { baseUrl, directory, type Server, serve } from './servers.ts'

const off = 30
const es256 = await signer('ES256')

/** Far more than the tests take, so that none waits for ever. */
const limit = { timeout: 120_000 }

/** A loop of which each step is another node's, and each thing that counts once is tried again where it was not used. */
async function loopOver(a: Wire, b: Wire, party: Party): Promise<void> {
  const cookie = cookieOf(await logIn(a))
  const once = party.proof()
  const push = (w: Wire) => ask(w, party, '/par', pushParameters, once)
  const { request_uri } = jsonOf(await push(a), 201)
  assert.notEqual((await push(b)).status, 201, 'an assertion counts once')
  const reference = String(request_uri)
  const code = codeOf(await visit(b, party, reference, cookie)) ?? assert.fail('no code')
  assert.equal(codeOf(await visit(a, party, reference, cookie)), undefined, 'so does a reference')
  const tokens = jsonOf(await ask(a, party, '/access_token', codeParameters(code)))
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  for (const w of [a, b]) jsonOf(await w.call('GET', `${oauth2}/userinfo`, { headers }))
  jsonOf(await ask(b, party, '/access_token', refreshParameters(String(tokens.refresh_token))))
  assert.equal(
    (await ask(b, party, '/access_token', codeParameters(code))).status,
    400,
    'and a code',
  )
}

/** The keys that a node shows, by their ids, and the one that signed a new ID token of its. */
async function signing({ w }: Server, party: Party): Promise<{ shown: Set<string>; by: string }> {
  const cookie = cookieOf(await logIn(w))
  const { request_uri } = jsonOf(await ask(w, party, '/par', pushParameters), 201)
  const code = codeOf(await visit(w, party, String(request_uri), cookie)) ?? assert.fail('no code')
  const { id_token } = jsonOf(await ask(w, party, '/access_token', codeParameters(code)))
  const [head = ''] = String(id_token).split('.')
  const { keys } = jsonOf(await w.call('GET', `${oauth2}/connect/jwk_uri`))
  return {
    shown: new Set((keys as readonly { readonly kid: string }[]).map(({ kid }) => kid)),
    by: JSON.parse(Buffer.from(head, 'base64url').toString()).kid,
  }
}

async function pair(t: TestContext): Promise<{ a: Server; b: Server; data: string; party: Party }> {
  const data = directory(t)
  const [a, b] = await Promise.all([serve(t, data, off, 'demo'), serve(t, data, 0, 'demo')])
  const administer = await administrator(b.w)
  const answer = await administer('PUT', '/agents/OAuth2Client/asserts', {
    coreOAuth2ClientConfig: { redirectionUris: [callback], scopes: ['openid', 'profile', 'write'] },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: 'private_key_jwt',
      isConsentImplied: true,
    },
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
  })
  assert.ok(answer.status < 300, answer.text)
  return { a, b, data, party: asserting(0) }
}

/** A client whose own clock is right, or ahead by so many seconds. */
function asserting(ahead: number): Party {
  const now = (): number => Math.floor(Date.now() / 1000) + ahead
  const claims = () => goodClaims('asserts', baseUrl + oauth2, now())
  return {
    client_id: 'asserts',
    proof: () => ({ form: proof(assertion(es256, claims())) }),
  }
}

test(
  'P-17 two nodes whose clocks differ by 30 s: every step of a loop may be the other one’s, nothing is refused, and nothing counts twice',
  limit,
  async (t) => {
    const { a, b, party } = await pair(t)
    for (const offset of [off, -off]) {
      a.set(offset)
      await a.told('time.set')
      await loopOver(a.w, b.w, party)
      await loopOver(b.w, a.w, party)
    }
    await Promise.all([a.stop(), b.stop()])
  },
)

test(
  'P-17 while a key begins to be used at one node and not yet at the other, each shows both, and takes what both have signed',
  limit,
  async (t) => {
    const { a, b, data, party } = await pair(t)
    const before = await signing(b, party)
    const { settings } = readServerSettings({ PARAPET_DATA: data })
    const wanted = familiesMeant('sig') ?? assert.fail('no such keys')
    await rotateKeys(settings ?? assert.fail(), '/alpha', { wanted, spoilt: false, by: 'a test' })
    // Each step is within what is followed as a correction; two that are seen as one would be more than that.
    for (const part of [1 / 4, 1 / 2, 3 / 4, 1]) {
      const ahead = publishedBefore * part - off / 2
      a.set(ahead + off)
      b.set(ahead)
      await Promise.all([a, b].map(({ told }) => told('time.set')))
    }
    const later = asserting(publishedBefore - off / 2)
    const one = await signing(a, later)
    const other = await signing(b, later)
    assert.equal(other.by, before.by)
    assert.notEqual(one.by, before.by)
    for (const { shown } of [one, other])
      assert.ok(shown.has(one.by) && shown.has(other.by), 'a key is shown before and after')
    await loopOver(a.w, b.w, later)
    await Promise.all([a.stop(), b.stop()])
  },
)
