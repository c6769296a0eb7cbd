import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { signer } from '../../../test/assertion.ts'
import { browser } from '../../../test/browser.ts'
import { withEvents } from '../../../test/events.ts'
import { authorizeUrl } from '../../../test/flow.ts'
import { redirect_uri } from '../../../test/register.ts'
import {
  objectClaims,
  pushObject,
  registerSigner,
  sealed,
  signed,
  storedOf,
} from '../../../test/request-object.ts'
import { trials } from '../../../test/scale.ts'
import { forge } from '../../../test/token.ts'
import { bodyOf, world } from '../../../test/world.ts'
import { hostileTexts } from '../../../test/xss.ts'
import type { HttpResponse } from '../../base/http.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { errors } from '../../protocol/error.ts'

const w = await world({ alpha: { parapetConfig: { parOutstandingPushes: 2 ** 30 } } })
const es256 = await signer('ES256')
await registerSigner(w, 'signs', [es256])

const object = signed(es256, objectClaims(w, 'signs', { state: 'meant', nonce: 'n', max_age: 600 }))
const seeds = [
  object,
  await sealed(w, object, 'ECDH-ES', 'A256GCM'),
  await sealed(w, object, 'ECDH-ES+A128KW', 'A128CBC-HS256'),
]
const meant = await storedOf(w, await pushObject(w, 'signs', object))

/** P-6: a 201 with one commit, or an error of the client's with none; never an alarm. */
async function pushed(token: string): Promise<HttpResponse> {
  const before = await w.records.changeCount()
  const { value, events } = await withEvents(() => pushObject(w, 'signs', token))
  assert.deepEqual(
    events.filter(({ level }) => level === 'alarm'),
    [],
  )
  const { status } = value
  assert.ok(status === 201 || (status >= 400 && status < 500), String(status))
  // The record, and the single use of its jti if it has one.
  const writes = (await w.records.changeCount()) - before
  assert.ok(status === 201 ? writes === 1 || writes === 2 : writes === 0, String(writes))
  if (status !== 201) assert.ok(Object.hasOwn(errors, String(bodyOf(value).error)))
  return value
}

const letters = [...'ABYZabyz019-_.=+/ \n', 'é', '\u0000']
const piece = fc.oneof(
  fc.constantFrom(...letters),
  fc.base64String({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
)

/** One change of a text: something replaced, put in, cut out, doubled, or two parts changed about. */
const mutation = fc.record({
  how: fc.constantFrom('replace', 'insert', 'cut', 'double', 'swap', 'bit'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 30 }),
  piece,
})
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

function mutated(token: string, { how, at, length, piece: text }: Mutation): string {
  const i = at % token.length
  const [front, back] = [token.slice(0, i), token.slice(i)]
  if (how === 'insert') return front + text + back
  if (how === 'cut') return front + back.slice(length)
  if (how === 'double') return front + back.slice(0, length) + back
  if (how === 'replace') return front + text + back.slice(1)
  if (how === 'bit') {
    return (
      front + String.fromCharCode((back.charCodeAt(0) ^ (1 << (length % 7))) & 0x7f) + back.slice(1)
    )
  }
  const parts = token.split('.')
  const [a, b] = [at % parts.length, length % parts.length]
  ;[parts[a], parts[b]] = [parts[b] as string, parts[a] as string]
  return parts.join('.')
}

test(`J-11, JAR-13 of ${trials(100_000)} mutations of good objects none is accepted that means anything else`, async () => {
  let accepted = 0
  const property = fc.asyncProperty(
    fc.constantFrom(...seeds),
    fc.array(mutation, { minLength: 1, maxLength: 3 }),
    async (seed, mutations) => {
      const token = mutations.reduce(mutated, seed).toWellFormed()
      const response = await pushed(token)
      if (response.status !== 201) return
      accepted += 1
      assert.deepEqual(await storedOf(w, response), meant)
      assert.equal(token, seed, 'nothing but the same text')
    },
  )
  await fc.assert(property, { numRuns: trials(100_000) })
  assert.ok(accepted < trials(100_000))
})

const names = fc.oneof(
  fc.constantFrom(
    ...Object.keys(authorizationRequest),
    ...['client_id', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', '__proto__', 'constructor'],
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const value = fc.oneof(
  fc.constantFrom(...hostileTexts, 'code', 'openid', 'signs', redirect_uri, 'none', 'S256', 0, 60),
  fc.jsonValue(),
  fc.double(),
  fc.bigInt().map(Number),
)

test(`P-6, T-8 ${trials(50_000)} rightly signed objects of any claims: no 5xx, no half-made record`, async () => {
  const seen = new Set<number>()
  const property = fc.asyncProperty(
    fc.array(fc.tuple(names, value), { maxLength: 6 }),
    async (changes) => {
      const claims = { ...objectClaims(w, 'signs'), ...Object.fromEntries(changes) }
      seen.add((await pushed(signed(es256, claims))).status)
    },
  )
  await fc.assert(property, { numRuns: trials(50_000) })
  assert.ok(seen.has(201) && seen.has(400))
})

test(`P-6, J-3 ${trials(50_000)} rightly signed objects under any header`, async () => {
  const header = fc.dictionary(
    fc.constantFrom('alg', 'kid', 'typ', 'cty', 'crit', 'b64', 'jwk', 'jku', 'x5c', 'zip', 'enc'),
    fc.oneof(fc.constantFrom('ES256', 'none', 'HS256', 'JWT', es256.key.kid), fc.jsonValue()),
  )
  const property = fc.asyncProperty(header, async (members) => {
    const token = forge(es256.key, { alg: 'ES256', ...members }, objectClaims(w, 'signs'))
    const response = await pushed(token)
    if (response.status !== 201) return
    assert.ok(members.alg === undefined || members.alg === 'ES256')
    assert.ok(members.kid === undefined || members.kid === es256.key.kid)
    assert.ok(!('crit' in members) && !('b64' in members))
  })
  await fc.assert(property, { numRuns: trials(50_000) })
})

test(`P-6, R-7 ${trials(20_000)} objects by value: an answer, never a redirect to anywhere else`, async () => {
  const property = fc.asyncProperty(
    fc.array(fc.tuple(names, value), { maxLength: 4 }),
    fc.option(mutation, { nil: undefined }),
    async (changes, change) => {
      const claims = { ...objectClaims(w, 'signs'), ...Object.fromEntries(changes) }
      const token = signed(es256, claims)
      const request = (change === undefined ? token : mutated(token, change)).toWellFormed()
      const { status, headers } = await browser(w).get(
        authorizeUrl({ client_id: 'signs', request }),
      )
      assert.ok(status === 302 || status === 400 || status === 200, String(status))
      const { location } = headers
      if (location === undefined) return
      const to = String(location)
      assert.ok(to.startsWith(redirect_uri) || to.startsWith('http://localhost:8080/am/XUI/'), to)
    },
  )
  await fc.assert(property, { numRuns: trials(20_000) })
})
