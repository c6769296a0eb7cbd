import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import {
  type Administer,
  administrator,
  ask,
  coded,
  codeOf,
  codeParameters,
  cookieOf,
  granted,
  keyParty,
  logIn,
  open,
  type Party,
  pushed,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import { trials } from '../scale.ts'
import { needsPostgres, type PostgresServer, startPostgres } from '../stores/postgres.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { firstKeys, oneOfEach, oneOfLikeCalls, quotasHold } from './admission.ts'
import { openPair, outcomeOf, type Pair, race, tally } from './pair.ts'

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'
const needed = needsPostgres()
const rounds = trials(200)

let database: PostgresServer
let pair: Pair
let administer: Administer
let keyed: Party
let cookie: string
let shown: readonly string[]

before(async () => {
  if (needed.skip !== undefined) return
  database = await startPostgres()
  pair = await openPair({
    PARAPET_STORE: database.url,
    PARAPET_KEY: keyText,
    PARAPET_DURABILITY: 'disk',
  })
  shown = await firstKeys(pair)
  administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
  cookie = cookieOf(await logIn(pair.b))
})

after(async () => {
  await pair?.close()
  await database?.close()
})

test(
  'T-1 on PostgreSQL: two processes that began at once on an empty store have one set of keys, and one of each account',
  needed,
  () => oneOfEach(shown, { url: database.url, keyText, now, random }),
)

test(
  'T-1 on PostgreSQL: a push at one process is a code at the other and tokens at the first',
  needed,
  async () => {
    for (const party of [open, keyed]) {
      const request_uri = await pushed(pair.a, party)
      const code = codeOf(await visit(pair.b, party, request_uri, cookie)) ?? ''
      const tokens = jsonOf(await ask(pair.a, party, '/access_token', codeParameters(code)))
      assert.equal(typeof tokens.id_token, 'string')
      const refreshed = await ask(
        pair.b,
        party,
        '/access_token',
        refreshParameters(String(tokens.refresh_token)),
      )
      assert.equal(refreshed.status, 200)
    }
  },
)

test(
  `T-1 on PostgreSQL: of 64 at two processes one wins, for whatever is used once (${rounds} rounds)`,
  needed,
  async () => {
    for (let i = 0; i < rounds; i += 1) {
      const request_uri = await pushed(pair.a, open)
      const landed = await race(pair, (w) => visit(w, open, request_uri, cookie))
      assert.equal(landed.filter((answer) => codeOf(answer) !== undefined).length, 1, 'request_uri')
      const parameters = codeParameters(await coded(pair.a, keyed, cookie))
      const redeemed = await race(pair, (w) => ask(w, keyed, '/access_token', parameters))
      assert.deepEqual(tally(redeemed.map(outcomeOf)), { '200': 1, '400 invalid_grant': 63 })
      const proof = keyed.proof()
      const pushes = await race(pair, (w) => ask(w, keyed, '/par', pushParameters, proof))
      assert.equal(pushes.filter(({ status }) => status === 201).length, 1, 'assertion')
    }
  },
)

/** What the server says of itself to whoever sends requests on. */
async function readiness(w: Wire): Promise<number> {
  return (await w.call('GET', '/am/json/health/ready')).status
}

test(
  'while PostgreSQL is gone the answer is 503 with Retry-After, afterwards all goes on, and nothing is lost',
  needed,
  async () => {
    const before = await Promise.all(Array.from({ length: 20 }, () => pushed(pair.a, open)))
    const grant = await granted(pair.b, open, cookie)
    await database.kill()
    for (const w of [pair.a, pair.b]) {
      const refused = await ask(w, open, '/par', pushParameters)
      assert.equal(refused.status, 503)
      assert.match(String(refused.headers['retry-after']), /^\d+$/)
      assert.equal(await readiness(w), 503)
    }
    await database.restart()
    for (const w of [pair.a, pair.b]) {
      while ((await readiness(w)) !== 200) await new Promise((resolve) => setTimeout(resolve, 50))
      await pushed(w, open)
    }
    const codes = await Promise.all(
      before.map(async (request_uri) => codeOf(await visit(pair.b, open, request_uri, cookie))),
    )
    assert.equal(new Set(codes.filter((code) => code !== undefined)).size, 20)
    const refreshed = await ask(
      pair.a,
      open,
      '/access_token',
      refreshParameters(String(grant.refresh_token)),
    )
    assert.equal(refreshed.status, 200)
  },
)

test(
  'Idempotency-Key §2.6, T-1 on PostgreSQL: 64 like calls at once at two processes have one request_uri, and nobody is refused',
  needed,
  () => oneOfLikeCalls(pair, keyed),
)

test(
  'P-17 on PostgreSQL: two processes admit together what one client may, and no more once one is killed',
  needed,
  () => quotasHold(pair, administer),
)
