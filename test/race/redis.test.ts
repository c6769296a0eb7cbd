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
  oauth2,
  open,
  type Party,
  pushed,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import { trials } from '../scale.ts'
import { needsRedis, type RedisServer, startRedis, until } from '../stores/redis.ts'
import { jsonOf } from '../wire.ts'
import { firstKeys, oneOfEach, oneOfLikeCalls, quotasHold } from './admission.ts'
import { openPair, outcomeOf, type Pair, race, runners, tally } from './pair.ts'

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'
const needed = needsRedis()
const rounds = trials(100)
let redis: RedisServer
let pair: Pair
let administer: Administer
let keyed: Party
let cookie: string
let shown: readonly string[]

before(async () => {
  if (needed.skip !== undefined) return
  redis = await startRedis()
  pair = await openPair({
    PARAPET_STORE: redis.url,
    PARAPET_DURABILITY: 'disk',
    PARAPET_KEY: keyText,
  })
  shown = await firstKeys(pair)
  administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
  cookie = cookieOf(await logIn(pair.b))
})

after(async () => {
  await pair?.close()
  await redis?.close()
})

test(
  'T-1 on Redis: two processes that began at once on an empty store have one set of keys, and one of each account',
  needed,
  () => oneOfEach(shown, { url: redis.url, keyText, now, random }),
)

test(
  'house: on Redis a push of one server is authorized at another one and redeemed at the first',
  needed,
  async () => {
    const { a, b } = pair
    const code = codeOf(await visit(b, open, await pushed(a, open), cookie))
    assert.ok(code)
    const tokens = jsonOf(await ask(a, open, '/access_token', codeParameters(code)))
    const next = await ask(
      b,
      open,
      '/access_token',
      refreshParameters(String(tokens.refresh_token)),
    )
    assert.equal(next.status, 200, next.text)
  },
)

test(
  `T-1 on Redis a request_uri, a code and an assertion have one winner of 64 (${rounds} rounds)`,
  needed,
  async () => {
    for (let i = 0; i < rounds; i += 1) {
      const request_uri = await pushed(pair.a, open)
      const query = new URLSearchParams({ client_id: open.client_id, request_uri })
      const visits = await race(pair, (w) =>
        w.call('GET', `${oauth2}/authorize?${query}`, { cookie }),
      )
      assert.equal(visits.filter((answer) => codeOf(answer) !== undefined).length, 1)
      const parameters = codeParameters(await coded(pair.b, keyed, cookie))
      const answers = await race(pair, (w) => ask(w, keyed, '/access_token', parameters))
      assert.equal(tally(answers.map(outcomeOf))['200'], 1)
      const proof = keyed.proof()
      const pushes = await race(pair, (w) => ask(w, keyed, '/par', pushParameters, proof))
      assert.deepEqual(tally(pushes.map(outcomeOf)), {
        '201': 1,
        '400 invalid_client': runners - 1,
      })
    }
  },
)

test(
  'house: Redis killed and started again while two servers serve: 503 meanwhile, ready again by themselves, nothing answered is lost',
  needed,
  async () => {
    const { a, b } = pair
    const ready = async (): Promise<readonly number[]> =>
      Promise.all([a, b].map(async (w) => (await w.call('GET', '/am/json/health/ready')).status))
    const references = await Promise.all(Array.from({ length: 20 }, () => pushed(a, open)))
    const spent = await granted(b, open, cookie)
    await redis.kill()
    const refused = await ask(a, open, '/par', pushParameters)
    assert.equal(outcomeOf(refused), '503 temporarily_unavailable')
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.deepEqual(await ready(), [503, 503])
    await redis.restart()
    await until(async () => (await ready()).every((status) => status === 200))
    const codes = await Promise.all(references.map((each) => visit(b, open, each, cookie)))
    assert.ok(codes.every((answer) => codeOf(answer) !== undefined))
    const again = await Promise.all(references.map((each) => visit(a, open, each, cookie)))
    assert.ok(again.every((answer) => codeOf(answer) === undefined))
    const next = await ask(a, open, '/access_token', refreshParameters(String(spent.refresh_token)))
    assert.equal(next.status, 200, next.text)
    const alarms = pair.servers.flatMap((each) => each.alarms)
    assert.deepEqual(
      alarms.filter((line) => !line.includes('code replayed')),
      [],
    )
  },
)

test('house: a change of settings at one server is seen at the other one', needed, async () => {
  const administer = await administrator(pair.a)
  const client = await keyParty(pair.a, administer)
  assert.equal((await ask(pair.b, client, '/par', pushParameters)).status, 201)
  const gone = await administer('DELETE', `/agents/OAuth2Client/${client.client_id}`)
  assert.equal(gone.status, 200, gone.text)
  await until(async () => (await ask(pair.b, client, '/par', pushParameters)).status !== 201)
})

test(
  'Idempotency-Key §2.6, T-1 on Redis: 64 like calls at once at two processes have one request_uri, and nobody is refused',
  needed,
  () => oneOfLikeCalls(pair, keyed),
)

test(
  'P-17 on Redis: two processes admit together what one client may, and no more once one is killed',
  needed,
  () => quotasHold(pair, administer),
)
