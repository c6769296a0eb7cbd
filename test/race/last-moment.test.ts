import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  administrator,
  ask,
  coded,
  codeOf,
  codeParameters,
  cookieOf,
  keyParty,
  logIn,
  open,
  type Party,
  pushed,
  pushParameters,
  setProvider,
  visit,
} from '../party.ts'
import { type Answer, jsonOf } from '../wire.ts'
import { openPair, outcomeOf, type Pair, race, tally } from './pair.ts'

let pair: Pair
let keyed: Party
let cookie: string

before(async () => {
  pair = await openPair()
  const administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
  await setProvider(administer, 'advancedOAuth2Config', 'parRequestUriLifetime', 5)
  await setProvider(administer, 'coreOAuth2Config', 'codeLifetime', 2)
  cookie = cookieOf(await logIn(pair.a))
})

after(() => pair?.close())

/** Waits until so many milliseconds before or after (negative) the end of a second. */
async function waitUntil(second: number, before: number): Promise<void> {
  await delay(Math.max(0, second * 1000 - before - Date.now()))
}

/**
 * Makes things that live for so many seconds, early in a second; gives them, and the seconds in which the
 * first and the last of them have ended, which is one as long as the machine has time.
 */
async function living<T>(
  lifetime: number,
  make: () => Promise<T>,
): Promise<{ readonly made: T; readonly end: number; readonly last: number }> {
  await waitUntil(Math.floor(Date.now() / 1000) + 1, -20)
  const end = Math.floor(Date.now() / 1000) + lifetime
  const made = await make()
  return { made, end, last: Math.floor(Date.now() / 1000) + lifetime }
}

/** At most one of a race was answered as wished, and all others were refused. */
function atMostOne(answers: readonly Answer[], good: (answer: Answer) => boolean): number {
  const won = answers.filter(good).length
  const lost = answers.filter((answer) => !good(answer)).map(({ status }) => status)
  assert.ok(won <= 1, `${won} winners`)
  assert.deepEqual(
    lost.filter((status) => status !== 400),
    [],
  )
  return won
}

const isCode = (answer: Answer): boolean => codeOf(answer) !== undefined
const isGrant = (answer: Answer): boolean => answer.status === 200

test('T-1 a request_uri in its last 50 ms, 64 times at once: at most one code', async (t) => {
  const { made, end, last } = await living(5, () =>
    Promise.all([50, 30, 10, 0].map(() => pushed(pair.a, open))),
  )
  await waitUntil(end, 80)
  let won = 0
  for (const uri of made)
    won += atMostOne(await race(pair, (w) => visit(w, open, uri, cookie)), isCode)
  await waitUntil(last, 0)
  for (const uri of made) {
    assert.equal(atMostOne(await race(pair, (w) => visit(w, open, uri, cookie)), isCode), 0)
  }
  t.diagnostic(`${won} of ${made.length} were opened in time`)
})

test('T-1 a code in its last 50 ms, 64 times at once: at most one success', async (t) => {
  const { made, end, last } = await living(2, () =>
    Promise.all([50, 30, 10, 0].map(() => coded(pair.a, open, cookie))),
  )
  await waitUntil(end, 80)
  let won = 0
  for (const code of made) {
    const answers = await race(pair, (w) => ask(w, open, '/access_token', codeParameters(code)))
    won += atMostOne(answers, isGrant)
  }
  await waitUntil(last, 0)
  const late = await race(pair, (w) =>
    ask(w, open, '/access_token', codeParameters(made[0] as string)),
  )
  assert.equal(atMostOne(late, isGrant), 0)
  t.diagnostic(`${won} of ${made.length} were redeemed in time`)
})

for (const life of [1, 0, -20, -24]) {
  test(`T-1, K-4 an assertion that has ${life} s to live, 64 times at once: one success`, async () => {
    const proof = keyed.proof(life)
    const answers = await race(pair, (w) => ask(w, keyed, '/par', pushParameters, proof))
    assert.deepEqual(tally(answers.map(outcomeOf)), { '201': 1, '400 invalid_client': 63 })
    // Nor when its time is over everywhere: the mark outlives the assertion.
    await delay(life === -24 ? 6500 : 0)
    const again = await ask(pair.b, keyed, '/par', pushParameters, proof)
    assert.throws(() => jsonOf(again, 201))
  })
}
