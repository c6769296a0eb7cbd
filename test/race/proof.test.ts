import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { now } from '../../src/base/time.ts'
import type { ProofKey } from '../dpop.ts'
import { proofKey, proofOf } from '../dpop.ts'
import type { Party } from '../party.ts'
import { administrator, ask, closed, keyParty, macParty, oauth2 } from '../party.ts'
import { trials } from '../scale.ts'
import { baseUrl, openPair, outcomeOf, type Pair, race, tally } from './pair.ts'

const rounds = trials(300)

let pair: Pair
let key: ProofKey
const parties: Party[] = []

before(async () => {
  pair = await openPair()
  key = await proofKey()
  const administer = await administrator(pair.a)
  parties.push(closed, await keyParty(pair.a, administer), await macParty(pair.a, administer))
})
after(() => pair?.close())

const grant = { grant_type: 'client_credentials', scope: 'write' }

/** Each client proves itself anew: what is the same is the proof of its key alone. */
test(`DPOP-28, K-6, T-1 one DPoP proof 64 times at once at two processes, behind one base URL: one token (${rounds} rounds each)`, async () => {
  for (const party of parties) {
    for (let i = 0; i < rounds; i++) {
      const htu = `${baseUrl}${oauth2}/access_token`
      const dpop = proofOf(key, { htm: 'POST', htu, iat: now() })
      const answers = await race(pair, (w) => {
        const proof = party.proof()
        const proving = { ...proof, headers: { ...proof.headers, dpop } }
        return ask(w, party, '/access_token', grant, proving)
      })
      const outcomes = tally(answers.map(outcomeOf))
      assert.deepEqual(outcomes, { '200': 1, '400 invalid_dpop_proof': 63 })
    }
  }
})
