import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { proofKey, proofOf } from '../../../test/dpop.ts'
import { pairAlgorithms } from '../../client/method/assertion.ts'
import { checkProof } from './check.ts'

const es256 = await proofKey()
const now = 1_800_000_000
const address = 'https://as.example/am/oauth2/alpha/access_token'
const claims = { htm: 'POST', htu: address, iat: now }
const token = 'an.access-token'
const ath = hash('sha256', token, 'base64url')
const bare = { ...es256.jwk, kid: undefined, use: undefined, alg: undefined }

async function isAccepted(proof: string): Promise<boolean> {
  const times = { now, skew: 30, madeAfter: 0 }
  const rules = { method: 'POST', address, algorithms: pairAlgorithms, ...times, token }
  return (await checkProof(proof, rules)).ok
}

const good = (changes = {}, header = {}): string =>
  proofOf(es256, { ...claims, ath, ...changes }, header)

test('DPOP-3 to DPOP-12 no proof that says something else is accepted, whatever is changed in it', async () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(undefined), fc.jsonValue())
  const change = fc.oneof(
    fc.record({
      in: fc.constant('claims'),
      name: fc.constantFrom('htm', 'htu', 'iat', 'ath'),
      value,
    }),
    fc.record({ in: fc.constant('header'), name: fc.constantFrom('typ', 'alg', 'jwk'), value }),
  )
  const said: Record<string, unknown> = { ...claims, ath }
  const header: Record<string, unknown> = { typ: 'dpop+jwt', alg: 'ES256', jwk: bare }
  await fc.assert(
    fc.asyncProperty(change, async ({ in: place, name, value: to }) => {
      const proof = place === 'claims' ? good({ [name]: to }) : good({}, { [name]: to })
      const accepted = await isAccepted(proof)
      const was = (place === 'claims' ? said : header)[name]
      const near = name === 'iat' && typeof to === 'number' && Math.abs(to - now) < 91
      assert.ok(!accepted || near || JSON.stringify(to) === JSON.stringify(was), JSON.stringify(to))
    }),
  )
})

test('DPOP-6 no character of a proof can be changed', async () => {
  const proof = good()
  const place = fc.nat(proof.length - 1)
  const letter = fc.constantFrom(...'AZaz09-_.=~ +/')
  await fc.assert(
    fc.asyncProperty(place, letter, async (at_, to) => {
      fc.pre(proof[at_] !== to)
      const text = proof.slice(0, at_) + to + proof.slice(at_ + 1)
      assert.equal(await isAccepted(text), false, text)
    }),
  )
})
