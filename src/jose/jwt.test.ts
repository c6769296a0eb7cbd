import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import type { AudienceForm, ClaimRules } from './jwt.ts'
import { checkClaims } from './jwt.ts'

const now = 1_700_000_000
const issuer = 'https://as.example/am/oauth2/alpha'
const token = `${issuer}/access_token`
const rules: ClaimRules = {
  now,
  skew: 30,
  required: ['iss', 'sub', 'aud', 'exp', 'jti'],
  issuers: ['c'],
  subject: 'c',
  audience: { values: [issuer, token], form: 'only' },
  maxLifetime: 3600,
}
const good: JsonObject = { iss: 'c', sub: 'c', aud: issuer, exp: now + 60, iat: now, jti: 'j' }

function reasonOf(claims: JsonObject, changed: Partial<ClaimRules> = {}): string {
  const checked = checkClaims(claims, { ...rules, ...changed })
  return checked.ok ? 'accepted' : checked.reason
}

test('RFC 7519 §4.1 the checked claims come back typed', () => {
  assert.deepEqual(checkClaims(good, rules), { ...good, ok: true, aud: [issuer], nbf: undefined })
  const bare = checkClaims({}, { now, skew: 0, required: [] })
  assert.ok(bare.ok)
  assert.deepEqual(bare.aud, [])
})

const times: [name: string, claims: JsonObject, reason: string][] = [
  ['JCA-5 expired now, within the skew', { exp: now }, 'accepted'],
  ['JCA-5 expired 29 s ago', { exp: now - 29 }, 'accepted'],
  ['JCA-5 expired 30 s ago', { exp: now - 30 }, 'exp has passed'],
  ['JCA-5 exp zero', { exp: 0 }, 'exp has passed'],
  ['C-1 exp an hour ahead', { exp: now + 3600 }, 'accepted'],
  ['C-1 exp an hour ahead by a clock 30 s ahead', { exp: now + 3630 }, 'accepted'],
  ['C-1 exp more than an hour ahead', { exp: now + 3631 }, 'exp is too far ahead'],
  ['C-1 exp in milliseconds', { exp: 1000 * now }, 'exp is too far ahead'],
  ['C-1 iat 10 s ahead', { iat: now + 10 }, 'accepted'],
  ['C-1 iat 62 s ahead', { iat: now + 62 }, 'iat lies ahead'],
  ['C-1 nbf 10 s ahead', { nbf: now + 10 }, 'accepted'],
  ['JCA-6 nbf 62 s ahead', { nbf: now + 62 }, 'nbf lies ahead'],
  ['RFC 7519 §2 fractions of a second', { exp: now + 0.5, nbf: now - 0.5 }, 'accepted'],
]
for (const [name, claims, reason] of times) {
  test(`${name}: ${reason}`, () => assert.equal(reasonOf({ ...good, ...claims }), reason))
}

const accepted = now - 100
const { iat: _, ...undated } = good
const origins: [name: string, claims: JsonObject, reason: string][] = [
  ['made before', { iat: accepted - 1 }, 'made too long ago'],
  ['made then, by a clock 30 s ahead', { iat: accepted + 30 }, 'made too long ago'],
  ['made after', { iat: accepted + 31 }, 'accepted'],
  ['good from before on', { nbf: accepted - 1 }, 'made too long ago'],
  ['good from later on', { nbf: accepted + 31 }, 'accepted'],
  ['of an unknown time', {}, 'made too long ago'],
  ['of an unknown time, of a long life', { exp: now + 3600 }, 'accepted'],
]
for (const [name, claims, reason] of origins) {
  test(`house: after a loss was accepted, what was ${name}: ${reason}`, () => {
    const made = { ...undated, ...claims }
    assert.equal(reasonOf(made, { madeAfter: accepted }), reason)
    assert.equal(reasonOf(made, { madeAfter: 0 }), 'accepted')
  })
}

test('house: after a loss was accepted, what does not say when it was made is refused for as long as one from before could be good, and no longer', () => {
  for (const maxLifetime of [300, 3600])
    for (const life of [60, 300]) {
      const reasonAt = (then: number): string =>
        reasonOf({ ...undated, exp: then + life }, { maxLifetime, now: then, madeAfter: accepted })
      const last = accepted + 30 + maxLifetime - life
      assert.equal(reasonAt(last), 'made too long ago')
      assert.equal(reasonAt(last + 1), 'accepted')
    }
})

test('J-9 times of any other kind are malformed, required or not', () => {
  const values = [
    '"1700000060"',
    '[1700000060]',
    '{}',
    'null',
    'true',
    '""',
    '1e400',
    '-1e400',
    '-0',
    '-1',
  ]
  values.push('9007199254740993', '1e300', '"NaN"')
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    for (const value of values) {
      const claims = parseJsonObject(`{"${name}":${value}}`) as JsonObject
      const reason = reasonOf({ ...good, ...claims })
      assert.equal(reason, `${name} is malformed`, value)
      const loose = checkClaims(claims, { now, skew: 30, required: [] })
      assert.deepEqual(loose, { ok: false, reason: `${name} is malformed`, ended: undefined })
    }
  }
  assert.equal(reasonOf({ ...good, exp: Number.NaN }), 'exp is malformed')
})

test('J-9 iss, sub and jti that are no text, and aud that is no list of texts, are malformed', () => {
  for (const name of ['iss', 'sub', 'jti'] as const) {
    for (const value of [['c'], { c: 1 }, 7, true, null, '', [] as Json]) {
      assert.equal(reasonOf({ ...good, [name]: value }), `${name} is malformed`)
    }
  }
  const auds: Json[] = [
    { a: issuer },
    7,
    null,
    '',
    [],
    [[issuer]],
    [issuer, 7],
    [issuer, null],
    [issuer, ''],
  ]
  for (const aud of auds) {
    assert.equal(reasonOf({ ...good, aud }), 'aud is malformed')
    const loose = checkClaims({ aud }, { now, skew: 30, required: [] })
    assert.equal(loose.ok, false)
  }
})

test('RFC 7523 §3 a claim that is required, or that a rule names, must be there', () => {
  for (const name of ['iss', 'sub', 'aud', 'exp', 'jti'] as const) {
    const { [name]: _, ...rest } = good
    assert.equal(reasonOf(rest), `${name} is missing`)
    if (name !== 'jti') assert.equal(reasonOf(rest, { required: [] }), `${name} is missing`)
    const heir = Object.setPrototypeOf({ ...rest }, { [name]: good[name] }) as JsonObject
    assert.equal(reasonOf(heir), `${name} is missing`)
  }
  const { jti: _, ...rest } = good
  assert.equal(reasonOf(rest, { required: [] }), 'accepted')
})

test('JCA-2 iss and sub of somebody else are refused', () => {
  for (const other of ['d', 'C', 'c ', 'cc']) {
    assert.equal(reasonOf({ ...good, iss: other }), 'iss is somebody else')
    assert.equal(reasonOf({ ...good, sub: other }), 'sub is somebody else')
  }
  assert.equal(reasonOf({ ...good, iss: 'd' }, { issuers: ['d', 'e'] }), 'accepted')
  assert.equal(reasonOf(good, { issuers: [] }), 'iss is somebody else')
})

const foreign = 'https://other.example'
const audiences: [aud: Json, fits: AudienceForm[]][] = [
  [issuer, ['string', 'single', 'only', 'contains']],
  [token, ['string', 'single', 'only', 'contains']],
  [[issuer], ['single', 'only', 'contains']],
  [
    [issuer, token],
    ['only', 'contains'],
  ],
  [[issuer, foreign], ['contains']],
  [[foreign, issuer], ['contains']],
  [foreign, []],
  [[foreign], []],
  [`${issuer}/`, []],
  [issuer.toUpperCase(), []],
  [issuer.replace('alpha', 'bravo'), []],
  [`${issuer} ${token}`, []],
]
for (const [aud, fits] of audiences) {
  test(`K-5 C-1 audience ${JSON.stringify(aud)} fits ${fits.join(', ') || 'no form'}`, () => {
    for (const form of ['string', 'single', 'only', 'contains'] as const) {
      const audience = { values: [issuer, token], form }
      const expected = fits.includes(form) ? 'accepted' : 'aud is somebody else'
      assert.equal(reasonOf({ ...good, aud }, { audience }), expected, form)
    }
  })
}

test('C-1b an audience that may be absent is checked all the same when it is there', () => {
  const audience = { values: [issuer], form: 'only', mayBeAbsent: true } as const
  const { aud: _, ...rest } = good
  assert.equal(reasonOf(rest, { audience, required: [] }), 'accepted')
  assert.equal(reasonOf(good, { audience, required: [] }), 'accepted')
  assert.equal(reasonOf({ ...rest, aud: foreign }, { audience }), 'aud is somebody else')
})

test('T-8 claims of any shape are answered, never thrown at', () => {
  const names = fc.constantFrom(
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    '__proto__',
    'toString',
  )
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (claims) => {
      const checked = checkClaims(claims as JsonObject, rules)
      if (checked.ok) assert.equal(claims.iss, 'c')
      else assert.match(checked.reason, /^[a-z]{3} /)
    }),
    { numRuns: 1000 },
  )
})
