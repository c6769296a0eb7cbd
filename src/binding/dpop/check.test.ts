import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import type { ProofKey } from '../../../test/dpop.ts'
import { proofKey, proofOf } from '../../../test/dpop.ts'
import { encode, forge, makeSecret, seal } from '../../../test/token.ts'
import { pairAlgorithms } from '../../client/method/assertion.ts'
import { generateSigningKey } from '../../jose/generate.ts'
import type { ProofRules } from './check.ts'
import { checkProof, proofLife } from './check.ts'

const [es256, other, rsa, ed] = await Promise.all([
  proofKey('ES256'),
  proofKey('ES256'),
  proofKey('PS256'),
  proofKey('EdDSA'),
])
const now = 1_800_000_000
const address = 'https://as.example/am/oauth2/alpha/access_token'
const [htm, htu] = ['POST', address]
const claims = { htm, htu, iat: now }
const rules: ProofRules = {
  method: htm,
  address,
  algorithms: pairAlgorithms,
  now,
  skew: 30,
  madeAfter: 0,
}
const token = 'an.access-token'
const ath = hash('sha256', token, 'base64url')

async function verdict(proof: string, changed: Partial<ProofRules> = {}): Promise<string> {
  const checked = await checkProof(proof, { ...rules, ...changed })
  return checked.ok ? 'accepted' : checked.why
}

const good = (changes = {}, header = {}): string =>
  proofOf(es256, { ...claims, ...changes }, header)

test('DPOP-18 a good proof tells the RFC 7638 thumbprint of its key, its id, and until when it may be used', async () => {
  const proof = good({ jti: 'a', nonce: 'n' })
  const until = now + proofLife + 30
  const { jkt } = es256
  assert.deepEqual(await checkProof(proof, rules), {
    ...{ ok: true, jkt, jti: 'a', until, nonce: 'n', alg: 'ES256' },
  })
})

const keys: readonly (readonly [string, ProofKey])[] = [
  ['ES256', es256],
  ['PS256', rsa],
  ['EdDSA', ed],
]
for (const [alg, key] of keys) {
  test(`DPOP-6 ${alg}: signed by the key it shows, and by no other`, async () => {
    assert.equal(await verdict(proofOf(key, claims)), 'accepted')
    const foreign = proofOf(key, claims, { jwk: alg === 'ES256' ? other.jwk : es256.jwk })
    assert.ok(['dpop-signature', 'dpop-key'].includes(await verdict(foreign)))
  })
}

const { privateJwk } = await generateSigningKey('ES256')
const bare = { ...es256.jwk, kid: undefined, use: undefined, alg: undefined }
const at = (uri: string): string => good({ htu: uri })
const hs = { typ: 'dpop+jwt', alg: 'HS256', jwk: bare }
const secret = makeSecret('a secret of thirty-two characters')

/** Proofs that are refused, and why. */
const refused: readonly (readonly [id: string, proof: () => string, why: string])[] = [
  ['DPOP-3 nothing', () => '', 'dpop-unreadable'],
  ['DPOP-3 a word', () => 'junk', 'dpop-unreadable'],
  ['DPOP-2 two proofs in one field', () => `${good()}, ${good()}`, 'dpop-unreadable'],
  ['DPOP-3 a fourth part', () => `${good()}.x`, 'dpop-unreadable'],
  ['DPOP-3 padding', () => `${good()}=`, 'dpop-unreadable'],
  ['DPOP-3 more than 8 KiB', () => good({ more: 'x'.repeat(8192) }), 'dpop-unreadable'],
  ['DPOP-3 crit', () => good({}, { crit: ['jwk'] }), 'dpop-unreadable'],
  ['DPOP-3 a payload that is no object', () => proofText([1]), 'dpop-unreadable'],
  ['DPOP-4 no typ', () => good({}, { typ: undefined }), 'dpop-typ'],
  ['DPOP-4 typ JWT', () => good({}, { typ: 'JWT' }), 'dpop-typ'],
  ['DPOP-4 typ in capitals', () => good({}, { typ: 'DPOP+JWT' }), 'dpop-typ'],
  ['DPOP-4 typ as a media type', () => good({}, { typ: 'application/dpop+jwt' }), 'dpop-typ'],
  ['DPOP-5 no alg', () => good({}, { alg: undefined }), 'dpop-unreadable'],
  ['DPOP-5 alg none', () => unsigned('none'), 'dpop-alg'],
  ['DPOP-5 alg None', () => unsigned('None'), 'dpop-alg'],
  ['DPOP-5 an algorithm nobody has', () => good({}, { alg: 'ES256K' }), 'dpop-alg'],
  ['DPOP-5 a shared secret', () => forge(secret, hs, { ...claims, jti: 'a' }), 'dpop-alg'],
  ['DPOP-6 the alg of another key', () => good({}, { alg: 'PS256' }), 'dpop-key'],
  ['DPOP-6 another key in the header', () => good({}, { jwk: other.jwk }), 'dpop-signature'],
  ['DPOP-6 a signature that was changed', () => changed(good()), 'dpop-signature'],
  ['DPOP-6 another payload', () => withPayload(good(), { htm: 'GET' }), 'dpop-signature'],
  ['DPOP-7 no jwk', () => good({}, { jwk: undefined }), 'dpop-key'],
  ['DPOP-7 a jwk that is a text', () => good({}, { jwk: 'x' }), 'dpop-key'],
  ['DPOP-7 a jwk that is a list', () => good({}, { jwk: [bare] }), 'dpop-key'],
  ['DPOP-7, K-7 a private jwk', () => good({}, { jwk: privateJwk }), 'dpop-key'],
  ['DPOP-7, K-7 an empty private member', () => good({}, { jwk: { ...bare, d: '' } }), 'dpop-key'],
  ['DPOP-7, K-7 a symmetric jwk', () => good({}, { jwk: { kty: 'oct', k: 'AAAA' } }), 'dpop-key'],
  ['DPOP-7 a key to encrypt to', () => good({}, { jwk: { ...bare, use: 'enc' } }), 'dpop-key'],
  [
    'DPOP-7 a point off its curve',
    () => good({}, { jwk: { ...bare, y: es256.jwk.x } }),
    'dpop-key',
  ],
  ['DPOP-7 a weak RSA key', () => good({}, { alg: 'RS256', jwk: weak(127) }), 'dpop-key'],
  ['DPOP-7 an RSA key without end', () => good({}, { alg: 'RS256', jwk: weak(1100) }), 'dpop-key'],
  ['DPOP-3 no jti', () => good({ jti: undefined }), 'dpop-claim-missing'],
  ['DPOP-3 no htm', () => good({ htm: undefined }), 'dpop-claim-missing'],
  ['DPOP-3 no htu', () => good({ htu: undefined }), 'dpop-claim-missing'],
  ['DPOP-3 no iat', () => good({ iat: undefined }), 'dpop-claim-missing'],
  ['DPOP-3 jti a number', () => good({ jti: 7 }), 'dpop-claim-malformed'],
  ['DPOP-3 jti empty', () => good({ jti: '' }), 'dpop-claim-malformed'],
  ['DPOP-3 htm a list', () => good({ htm: [htm] }), 'dpop-claim-malformed'],
  ['DPOP-3 htu a list', () => good({ htu: [htu] }), 'dpop-claim-malformed'],
  ['DPOP-3 iat a text', () => good({ iat: String(now) }), 'dpop-claim-malformed'],
  ['DPOP-3 iat below zero', () => good({ iat: -now }), 'dpop-claim-malformed'],
  ['DPOP-10 nonce a number', () => good({ nonce: 7 }), 'dpop-claim-malformed'],
  ['DPOP-28 a jti without end', () => good({ jti: 'x'.repeat(513) }), 'dpop-jti-long'],
  ['DPOP-8 another method', () => good({ htm: 'GET' }), 'dpop-htm'],
  ['DPOP-8, K-7 the method in small letters', () => good({ htm: 'post' }), 'dpop-htm'],
  [
    'DPOP-9, K-7 another host',
    () => at('https://as.example.org/am/oauth2/alpha/access_token'),
    'dpop-htu',
  ],
  ['DPOP-9, K-7 another scheme', () => at(address.replace('https', 'http')), 'dpop-htu'],
  ['DPOP-9, K-7 another port', () => at(address.replace('example', 'example:444')), 'dpop-htu'],
  ['DPOP-9 another endpoint', () => at(address.replace('access_token', 'par')), 'dpop-htu'],
  ['DPOP-9 another realm', () => at(address.replace('alpha', 'bravo')), 'dpop-htu'],
  ['DPOP-9 the issuer alone', () => at('https://as.example/am/oauth2/alpha'), 'dpop-htu'],
  ['DPOP-9 no address', () => at('access_token'), 'dpop-htu'],
  ['DPOP-11 made 91 seconds ago', () => good({ iat: now - 91 }), 'dpop-expired'],
  ['DPOP-11 made 90 seconds ago', () => good({ iat: now - 90 }), 'dpop-expired'],
  ['DPOP-11, K-7 made 61 seconds ahead', () => good({ iat: now + 61 }), 'dpop-time'],
  ['DPOP-11 made 31 seconds ahead', () => good({ iat: now + 31 }), 'dpop-time'],
  ['DPOP-11 expired by its own word', () => good({ exp: now - 60 }), 'dpop-expired'],
  ['DPOP-11 not in force by its own word', () => good({ nbf: now + 60 }), 'dpop-time'],
]
for (const [id, proof, why] of refused)
  test(`${id}: ${why}`, async () => assert.equal(await verdict(proof()), why))

const taken: readonly (readonly [id: string, proof: () => string])[] = [
  ['DPOP-9 a query and a fragment in htu', () => at(`${address}?a=b#c`)],
  ['DPOP-9 scheme and host in capitals', () => at(address.replace('as.example', 'AS.example'))],
  ['DPOP-9 the scheme’s own port', () => at(address.replace('example', 'example:443'))],
  ['DPOP-11 made 89 seconds ago', () => good({ iat: now - 89 })],
  ['DPOP-11 made 30 seconds ahead', () => good({ iat: now + 30 })],
  ['DPOP-11 with its own times', () => good({ exp: now + 9, nbf: now - 9 })],
  ['DPOP-3 claims nobody knows', () => good({ more: { x: [1] } })],
  ['DPOP-7 a jwk with a name', () => good({}, { jwk: { ...bare, kid: 'a' }, kid: 'b' })],
  ['DPOP-28 a jti as long as may be', () => good({ jti: 'x'.repeat(512) })],
]
for (const [id, proof] of taken)
  test(`${id}: accepted`, async () => assert.equal(await verdict(proof()), 'accepted'))

test('DPOP-12 beside a token ath is its hash, and without one it means nothing', async () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [ath, 'accepted'],
    [undefined, 'dpop-claim-missing'],
    [7, 'dpop-claim-malformed'],
    ['', 'dpop-ath'],
    [hash('sha256', `${token}x`, 'base64url'), 'dpop-ath'],
    [hash('sha256', token, 'base64'), 'dpop-ath'],
  ]
  for (const [said, why] of cases) {
    assert.equal(await verdict(good({ ath: said }), { token }), why, String(said))
    assert.equal(await verdict(good({ ath: said })), 'accepted', String(said))
  }
})

test('DPOP-5 what the profile does not take is refused, by either name of one algorithm', async () => {
  const algorithms = ['ES256', 'EdDSA', 'Ed25519'] as const
  assert.equal(await verdict(proofOf(rsa, claims), { algorithms }), 'dpop-alg')
  assert.equal(await verdict(proofOf(ed, claims, { alg: 'Ed25519' }), { algorithms }), 'accepted')
  assert.equal(await verdict(proofOf(ed, claims, { alg: 'EdDSA' }), { algorithms }), 'accepted')
})

test('K-6 what was made before a store was accepted proves nothing', async () => {
  const madeAfter = now - 20
  assert.equal(await verdict(good(), { madeAfter }), 'dpop-time')
  assert.equal(await verdict(good({ iat: now + 11 }), { madeAfter }), 'accepted')
})

function unsigned(alg: string): string {
  return `${encode({ typ: 'dpop+jwt', alg, jwk: bare })}.${encode({ ...claims, jti: 'a' })}.`
}

function proofText(payload: unknown): string {
  return seal(
    es256.key,
    `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: bare })}.${encode(payload)}`,
  )
}

function withPayload(proof: string, payload: unknown): string {
  const [header, , signature] = proof.split('.')
  return `${header}.${encode({ ...claims, jti: 'a', ...Object(payload) })}.${signature}`
}

/** One letter of the signature is another one. */
function changed(proof: string): string {
  const place = proof.lastIndexOf('.') + 9
  return proof.slice(0, place) + (proof[place] === 'A' ? 'B' : 'A') + proof.slice(place + 1)
}

/** An RSA key of so many bytes. */
function weak(bytes: number): Readonly<Record<string, string>> {
  const n = Buffer.alloc(bytes, 0xff).toString('base64url')
  return { kty: 'RSA', e: 'AQAB', n }
}
