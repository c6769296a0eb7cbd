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
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { callback } from '../world.ts'
import { baseUrl, directory, type Server, type StoreEnvironment, serve } from './servers.ts'

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

interface Nodes {
  readonly a: Server
  readonly b: Server
  readonly data: string
  readonly party: Party
}

/** The first is ahead. A store that others keep is named; of files both have one directory. */
async function pair(t: TestContext, store: StoreEnvironment = {}): Promise<Nodes> {
  const data = directory(t)
  const ofSecond = store.PARAPET_STORE === undefined ? data : directory(t)
  const [a, b] = await Promise.all([
    serve(t, data, off, 'demo', store),
    serve(t, ofSecond, 0, 'demo', store),
  ])
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

/** Each kind of store, and how a test starts one: the URL, and what ends it. */
const stores = [
  ['files', {}, async () => ({ url: undefined, close: async () => undefined })],
  ['PostgreSQL', needsPostgres(), () => startPostgres()],
  ['Redis', needsRedis(), () => startRedis()],
] as const

const PARAPET_KEY = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

for (const [name, needed, start] of stores)
  test(`P-17 two nodes whose clocks differ by 30 s, on ${name}: every step of a loop may be the other one’s, nothing is refused, and nothing counts twice`, {
    ...limit,
    ...needed,
  }, async (t) => {
    const { url, close } = await start()
    t.after(close)
    const store = url === undefined ? {} : { PARAPET_STORE: url, PARAPET_KEY }
    const { a, b, party } = await pair(t, store)
    for (const offset of [off, -off]) {
      a.set(offset)
      await a.told('time.set')
      await loopOver(a.w, b.w, party)
      await loopOver(b.w, a.w, party)
    }
    await Promise.all([a.stop(), b.stop()])
  })

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
