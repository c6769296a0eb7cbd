import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type Administer,
  administrator,
  ask,
  closed,
  keyParty,
  open,
  type Party,
  pushParameters,
  setProvider,
} from '../party.ts'
import type { Wire } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { openPair, outcomeOf, type Pair, race, runners, tally } from './pair.ts'

let pair: Pair
let administer: Administer
let keyed: Party

before(async () => {
  pair = await openPair()
  administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
})

after(() => pair?.close())

/** Both processes at once, and what came of it. */
async function both(party: Party, times = 1): Promise<Readonly<Record<string, number>>> {
  const outcomes: string[] = []
  for (let i = 0; i < times; i++) {
    const answers = await race(pair, (w) => ask(w, party, '/par', pushParameters))
    outcomes.push(...answers.map(outcomeOf))
  }
  return tally(outcomes)
}

test('Idempotency-Key §2.6, T-1 64 like calls at once at two processes: one request_uri, one assertion, nobody refused', async () => {
  const proof = keyed.proof()
  const headers = { ...proof.headers, 'idempotency-key': '"a retry of many"' }
  const again = (w: Wire) => ask(w, keyed, '/par', pushParameters, { ...proof, headers })
  const answers = await race(pair, again)
  const uris = answers.map((answer) => String(jsonOf(answer, 201).request_uri))
  assert.equal(new Set(uris).size, 1)
  const { text } = await ask(
    pair.b,
    keyed,
    '/par',
    { ...pushParameters, state: 'x' },
    { ...keyed.proof(), headers },
  )
  assert.match(text, /Idempotency-Key was used for another request/)
})

test('P-17 two processes on one store: together they admit what one client may, and no more once one is killed', async () => {
  await setProvider(administer, 'parapetConfig', 'parOutstandingPushes', 40)
  const counts = await both(closed, 2)
  assert.deepEqual(counts, { 201: 40, '429 too_many_requests': 2 * runners - 40 })
  await pair.servers[1]?.kill()
  const after = await ask(pair.a, closed, '/par', pushParameters)
  assert.equal(
    outcomeOf(after),
    '429 too_many_requests',
    'what the killed one admitted is outstanding',
  )
  await setProvider(administer, 'parapetConfig', 'parOutstandingPushes', 1000)
  await setProvider(administer, 'parapetConfig', 'parPushesPerSecond', 1)
  await setProvider(administer, 'parapetConfig', 'parPushBurst', 8)
  // Seconds of a clock that runs: some of them may pass meanwhile.
  const { 201: passed = 0 } = tally(
    (
      await Promise.all(
        Array.from({ length: runners }, () => ask(pair.a, open, '/par', pushParameters)),
      )
    ).map(outcomeOf),
  )
  assert.ok(passed >= 8 && passed < runners / 2, `${passed}`)
})
