/** What two processes of one store admit together, whichever store that is. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoresOptions } from '../../src/store/backend.ts'
import { openStores } from '../../src/store/index.ts'
import {
  type Administer,
  ask,
  closed,
  keyParty,
  oauth2,
  open,
  type Party,
  pushParameters,
  setProvider,
} from '../party.ts'
import { type Answer, jsonOf, type Wire } from '../wire.ts'
import { outcomeOf, type Pair, race, runners, tally } from './pair.ts'

/** 64 like calls with one `Idempotency-Key` and one assertion, at both at once. */
export async function oneOfLikeCalls(pair: Pair, keyed: Party): Promise<void> {
  const proof = keyed.proof()
  const headers = { ...proof.headers, 'idempotency-key': '"a retry of many"' }
  const again = (w: Wire) => ask(w, keyed, '/par', pushParameters, { ...proof, headers })
  const answers = await race(pair, again)
  const uris = answers.map((answer) => String(jsonOf(answer, 201).request_uri))
  assert.equal(new Set(uris).size, 1)
  const other = { ...pushParameters, state: 'x' }
  const { text } = await ask(pair.b, keyed, '/par', other, { ...keyed.proof(), headers })
  assert.match(text, /Idempotency-Key was used for another request/)
}

/** The second process has been told of what was set before: changes are told in their order. */
export async function seenByBoth(pair: Pair, administer: Administer): Promise<void> {
  const client = await keyParty(pair.a, administer)
  const pushes = (): Promise<Answer> => ask(pair.b, client, '/par', pushParameters)
  assert.equal((await pushes()).status, 201)
  const gone = await administer('DELETE', `/agents/OAuth2Client/${client.client_id}`)
  assert.equal(gone.status, 200, gone.text)
  while ((await pushes()).status === 201) await delay(20)
}

/** What is outstanding of one client, and what it may push in a second. Kills the second process. */
export async function quotasHold(pair: Pair, administer: Administer): Promise<void> {
  await setProvider(administer, 'parapetConfig', 'parOutstandingPushes', 40)
  await seenByBoth(pair, administer)
  const outcomes: string[] = []
  for (let i = 0; i < 2; i++) {
    const answers = await race(pair, (w) => ask(w, closed, '/par', pushParameters))
    outcomes.push(...answers.map(outcomeOf))
  }
  assert.deepEqual(tally(outcomes), { 201: 40, '429 too_many_requests': 2 * runners - 40 })
  await pair.servers[1]?.kill()
  const after = await ask(pair.a, closed, '/par', pushParameters)
  const still = 'what the killed one admitted is outstanding'
  assert.equal(outcomeOf(after), '429 too_many_requests', still)
  await setProvider(administer, 'parapetConfig', 'parOutstandingPushes', 1000)
  await setProvider(administer, 'parapetConfig', 'parPushesPerSecond', 1)
  await setProvider(administer, 'parapetConfig', 'parPushBurst', 8)
  // Seconds of a clock that runs: some of them may pass meanwhile.
  const pushes = Array.from({ length: runners }, () => ask(pair.a, open, '/par', pushParameters))
  const { 201: passed = 0 } = tally((await Promise.all(pushes)).map(outcomeOf))
  assert.ok(passed >= 8 && passed < runners / 2, `${passed}`)
}

/** What a pair shows that began on an empty store: asked of both at once, before anybody else asks. */
export async function firstKeys(pair: Pair): Promise<readonly string[]> {
  const paths = ['/am/oauth2/realms/root/connect/jwk_uri', `${oauth2}/connect/jwk_uri`]
  return Promise.all(
    paths.flatMap((path) => [pair.a, pair.b].map(async (w) => (await w.call('GET', path)).text)),
  )
}

/** Both show the same keys, and the store has one set of each, one account of each realm, and no second realm. */
export async function oneOfEach(shown: readonly string[], options: StoresOptions): Promise<void> {
  const [root, rootToo, alpha, alphaToo] = shown
  assert.deepEqual([rootToo, alphaToo], [root, alpha])
  const { settings, close } = await openStores(options)
  const count = async (folder: string): Promise<number> =>
    (await settings.list(folder, 100)).keys.length
  const counts = await Promise.all(
    ['realm', 'key/%2F', 'key/%2Falpha', 'key/%2Fbravo', 'user/%2F', 'user/%2Falpha'].map(count),
  )
  await close()
  assert.deepEqual(counts, [3, 6, 6, 0, 1, 1])
}
