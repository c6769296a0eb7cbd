/** What two processes do together on a store that others keep, whichever it is: a test file of each names it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import type { StoresOptions } from '../../src/store/backend.ts'
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
import type { needs } from '../program.ts'
import { until } from '../stores/redis.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { firstKeys, oneOfEach, oneOfLikeCalls, quotasHold, seenByBoth } from './admission.ts'
import { journeysOf, sweptLater } from './journey/of-pair.ts'
import { openPair, outcomeOf, type Pair, race, runners, tally } from './pair.ts'

/** A store of the table. */
export interface NetworkStore {
  readonly name: string
  readonly needed: ReturnType<typeof needs>
  readonly start: () => Promise<StoreServer>
  /** Of each race. */
  readonly rounds: number
}

/** A server of a store, which may be killed and started again. */
interface StoreServer {
  readonly url: string
  kill(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

/** What the tests of one store share: set before the first of them. */
interface Site {
  readonly server: StoreServer
  readonly pair: Pair
  readonly administer: Administer
  readonly keyed: Party
  readonly cookie: string
  /** What both showed as they began on an empty store. */
  readonly shown: readonly string[]
}

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

/** Two processes on an empty store of this kind. */
async function siteOn({ start }: NetworkStore): Promise<Site> {
  const server = await start()
  const pair = await openPair({
    PARAPET_STORE: server.url,
    PARAPET_KEY: keyText,
    PARAPET_DURABILITY: 'disk',
  }).catch(async (error: unknown) => {
    await server.close()
    throw error
  })
  const shown = await firstKeys(pair)
  const administer = await administrator(pair.a)
  const keyed = await keyParty(pair.a, administer)
  return { server, pair, administer, keyed, cookie: cookieOf(await logIn(pair.b)), shown }
}

/** The tests of one store, in their order: the last one kills a process. */
export function networkStoreSuite(store: NetworkStore): void {
  const { name, needed, rounds } = store
  let site: Site
  before(async () => {
    if (needed.skip === undefined) site = await siteOn(store)
  })
  after(async () => {
    await site?.pair.close()
    await site?.server.close()
  })
  const holds = (title: string, run: (site: Site) => Promise<void>): void =>
    void test(title, needed, () => run(site))
  holds(
    `T-1 on ${name}: two processes that began at once on an empty store have one set of keys, and one of each account`,
    (there) => oneOfEach(there.shown, optionsOf(there)),
  )
  holds(
    `T-1 on ${name}: a push at one process is a code at the other and tokens at the first`,
    bothServe,
  )
  holds(
    `T-1 on ${name}: of ${runners} at two processes one wins, for whatever is used once (${rounds} rounds)`,
    async (there) => {
      for (let i = 0; i < rounds; i += 1) await oneWins(there)
    },
  )
  holds(
    `house: while ${name} is gone the answer is 503 with Retry-After, afterwards all goes on, and nothing is lost`,
    storeIsGone,
  )
  holds(`house: a change of settings at one process is seen at the other, on ${name}`, (there) =>
    seenByBoth(there.pair, there.administer),
  )
  holds(
    `Idempotency-Key §2.6, T-1 on ${name}: ${runners} like calls at once at two processes have one request_uri, and nobody is refused`,
    ({ pair, keyed }) => oneOfLikeCalls(pair, keyed),
  )
  holds(
    `H-8, T-1 on ${name}: steps of a journey are taken by two processes in turn, and each by one of ${runners}`,
    (there) => journeysOf(there.pair, there.administer, optionsOf(there)),
  )
  holds(
    `P-17 on ${name}: two processes admit together what one client may, and no more once one is killed`,
    ({ pair, administer }) => quotasHold(pair, administer),
  )
  holds(`H-8 on ${name}: what journeys left is gone after their time`, (there) =>
    sweptLater(optionsOf(there)),
  )
}

const optionsOf = ({ server: { url } }: Site): StoresOptions => ({ url, keyText, now, random })

async function bothServe({ pair: { a, b }, keyed, cookie }: Site): Promise<void> {
  for (const party of [open, keyed]) {
    const code = codeOf(await visit(b, party, await pushed(a, party), cookie)) ?? ''
    const tokens = jsonOf(await ask(a, party, '/access_token', codeParameters(code)))
    assert.equal(typeof tokens.id_token, 'string')
    const parameters = refreshParameters(String(tokens.refresh_token))
    const refreshed = await ask(b, party, '/access_token', parameters)
    assert.equal(refreshed.status, 200, refreshed.text)
  }
}

async function oneWins({ pair, keyed, cookie }: Site): Promise<void> {
  const request_uri = await pushed(pair.a, open)
  const visits = await race(pair, (w) => visit(w, open, request_uri, cookie))
  assert.equal(visits.filter((answer) => codeOf(answer) !== undefined).length, 1, 'request_uri')
  const parameters = codeParameters(await coded(pair.a, keyed, cookie))
  const redeemed = await race(pair, (w) => ask(w, keyed, '/access_token', parameters))
  assert.deepEqual(tally(redeemed.map(outcomeOf)), { 200: 1, '400 invalid_grant': runners - 1 })
  const proof = keyed.proof()
  const pushes = await race(pair, (w) => ask(w, keyed, '/par', pushParameters, proof))
  assert.deepEqual(tally(pushes.map(outcomeOf)), { 201: 1, '400 invalid_client': runners - 1 })
}

/** What a server says of itself to whoever sends requests on. */
async function readiness(w: Wire): Promise<number> {
  return (await w.call('GET', '/am/json/health/ready')).status
}

async function storeIsGone({ server, pair, cookie }: Site): Promise<void> {
  const both = [pair.a, pair.b]
  const references = await Promise.all(Array.from({ length: 20 }, () => pushed(pair.a, open)))
  const grant = await granted(pair.b, open, cookie)
  await server.kill()
  for (const w of both) {
    const refused = await ask(w, open, '/par', pushParameters)
    assert.equal(outcomeOf(refused), '503 temporarily_unavailable')
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.equal(await readiness(w), 503)
  }
  await server.restart()
  await until(async () => (await Promise.all(both.map(readiness))).every((each) => each === 200))
  for (const w of both) await pushed(w, open)
  const codesAt = (w: Wire): Promise<readonly (string | undefined)[]> =>
    Promise.all(references.map(async (each) => codeOf(await visit(w, open, each, cookie))))
  const codes = await codesAt(pair.b)
  assert.equal(new Set(codes.filter((code) => code !== undefined)).size, references.length)
  assert.ok((await codesAt(pair.a)).every((code) => code === undefined))
  const parameters = refreshParameters(String(grant.refresh_token))
  const refreshed = await ask(pair.a, open, '/access_token', parameters)
  assert.equal(refreshed.status, 200, refreshed.text)
  const alarms = pair.servers.flatMap((each) => each.alarms)
  assert.deepEqual(
    alarms.filter((line) => !line.includes('code replayed')),
    [],
  )
}
