import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Party } from '../party.ts'
import {
  administrator,
  ask,
  closed,
  coded,
  codeOf,
  codeParameters,
  cookieOf,
  granted,
  keyParty,
  logIn,
  macParty,
  oauth2,
  open,
  pushed,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import { trials } from '../scale.ts'
import type { Answer } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { openPair, outcomeOf, type Pair, race, runners, tally } from './pair.ts'

const rounds = trials(300)

let pair: Pair
let keyed: Party
let mac: Party
/** Session tokens of as many browsers. */
let tokens: readonly string[]

before(async () => {
  pair = await openPair()
  const administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
  mac = await macParty(pair.a, administer)
  tokens = await Promise.all(
    Array.from({ length: runners }, (_, i) => logIn(i % 2 === 0 ? pair.a : pair.b)),
  )
})

after(() => pair?.close())

/** What a browser was answered at `/authorize`. */
function landing(answer: Answer): string {
  return codeOf(answer) === undefined ? outcomeOf(answer) : 'code'
}

function eachRound(name: string, run: () => Promise<void>): void {
  test(`${name} (${rounds} rounds)`, async () => {
    for (let i = 0; i < rounds; i++) await run()
  })
}

const page = { 'accept-language': 'en', accept: 'application/json' }

eachRound('T-1 64 browsers finish one request_uri at once: one code', async () => {
  const request_uri = await pushed(pair.a, open)
  const query = new URLSearchParams({ client_id: open.client_id, request_uri })
  const landed = await race(pair, (w, i) =>
    w.call('GET', `${oauth2}/authorize?${query}`, {
      cookie: cookieOf(tokens[i] as string),
      headers: page,
    }),
  )
  assert.deepEqual(tally(landed.map(landing)), { code: 1, '400 invalid_request_uri': 63 })
})

eachRound('T-1 64 browsers log in to one request_uri, then finish at once: one code', async () => {
  const request_uri = await pushed(pair.b, open)
  const jars = await race(pair, async (w, i) => {
    const first = await visit(w, open, request_uri, undefined)
    assert.match(String(first.headers.location), /\/am\/XUI\/\?/)
    const [own = ''] = (first.headers['set-cookie'] ?? []).map((line) => line.split(';')[0])
    return `${own}; ${cookieOf(tokens[i] as string)}`
  })
  // The detour was begun by each browser at one process and comes back to the other.
  const landed = await race(pair, (w, i) => visit(w, open, request_uri, jars[(i + 1) % runners]))
  assert.deepEqual(tally(landed.map(landing)), { code: 1, '400': 63 })
})

eachRound('T-1 64 users allow one request_uri at once: one code', async () => {
  const request_uri = await pushed(pair.a, closed)
  const landed = await race(pair, (w, i) => {
    const csrf = tokens[i] as string
    return w.call('POST', `${oauth2}/authorize`, {
      cookie: cookieOf(csrf),
      form: { client_id: closed.client_id, request_uri, csrf, decision: 'allow' },
    })
  })
  assert.deepEqual(tally(landed.map(landing)), { code: 1, '400': 63 })
})

/** Races one token request; `proof` tells whether all send the same proof of the client. */
async function redeemAtOnce(
  party: Party,
  parameters: Readonly<Record<string, string>>,
  same = false,
): Promise<readonly Answer[]> {
  const proof = party.proof()
  return race(pair, (w) => ask(w, party, '/access_token', parameters, same ? proof : party.proof()))
}

for (const [name, party] of [
  ['a public client', () => open],
  ['a client with a key', () => keyed],
] as const) {
  eachRound(`T-1 one code of ${name} 64 times at once: one success`, async () => {
    const parameters = codeParameters(await coded(pair.a, party(), cookieOf(tokens[0] as string)))
    const answers = await redeemAtOnce(party(), parameters)
    assert.deepEqual(tally(answers.map(outcomeOf)), { '200': 1, '400 invalid_grant': 63 })
    // C-14: the replay by the right client has ended what the winner got.
    const won = jsonOf(answers.find(({ status }) => status === 200) as Answer)
    const retried = await ask(
      pair.b,
      party(),
      '/access_token',
      refreshParameters(String(won.refresh_token)),
    )
    assert.equal(outcomeOf(retried), '400 invalid_grant')
  })

  eachRound(`C-3 one refresh token of ${name} 64 times at once: one successor`, async () => {
    const first = await granted(pair.a, party(), cookieOf(tokens[0] as string))
    const answers = await redeemAtOnce(party(), refreshParameters(String(first.refresh_token)))
    const won = answers.filter(({ status }) => status === 200)
    const successors = new Set(won.map((answer) => jsonOf(answer).refresh_token))
    assert.equal(successors.size, 1)
    assert.ok(!successors.has(first.refresh_token))
    // Whoever lost too often is told to come back, and nobody that the token is spent.
    const lost = answers.filter(({ status }) => status !== 200).map(outcomeOf)
    assert.deepEqual(
      lost.filter((outcome) => outcome !== '503 temporarily_unavailable'),
      [],
    )
    const [successor] = successors
    const next = await ask(pair.b, party(), '/access_token', refreshParameters(String(successor)))
    assert.equal(next.status, 200, next.text)
  })
}

const ownGrant = { grant_type: 'client_credentials', scope: 'write' }

const once = (good: string): Readonly<Record<string, number>> => ({
  [good]: 1,
  '400 invalid_client': 63,
})

eachRound('K-4 one assertion 64 times at once at the token endpoint: one success', async () => {
  const answers = await redeemAtOnce(keyed, ownGrant, true)
  assert.deepEqual(tally(answers.map(outcomeOf)), once('200'))
})

for (const [name, party] of [
  ['of private_key_jwt', () => keyed],
  ['of client_secret_jwt', () => mac],
] as const) {
  eachRound(`K-4 one assertion ${name} 64 times at once at /par: one success`, async () => {
    const proof = party().proof()
    const answers = await race(pair, (w) => ask(w, party(), '/par', pushParameters, proof))
    assert.deepEqual(tally(answers.map(outcomeOf)), once('201'))
  })
}

eachRound('K-4 one assertion at /par and the token endpoint at once: one success', async () => {
  const proof = keyed.proof()
  const answers = await race(pair, (w, i) =>
    i % 4 < 2
      ? ask(w, keyed, '/par', pushParameters, proof)
      : ask(w, keyed, '/access_token', ownGrant, proof),
  )
  const { '200': granted = 0, '201': pushes = 0, ...lost } = tally(answers.map(outcomeOf))
  assert.equal(granted + pushes, 1)
  assert.deepEqual(lost, { '400 invalid_client': 63 })
})

eachRound('K-4, T-1 one code with one assertion 64 times at once: one success', async () => {
  const parameters = codeParameters(await coded(pair.b, keyed, cookieOf(tokens[0] as string)))
  const answers = await redeemAtOnce(keyed, parameters, true)
  const { '200': won, ...lost } = tally(answers.map(outcomeOf))
  assert.equal(won, 1)
  const refusals = ['400 invalid_client', '400 invalid_grant']
  assert.deepEqual(
    Object.keys(lost).filter((outcome) => !refusals.includes(outcome)),
    [],
  )
})
