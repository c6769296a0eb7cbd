/** What journeys come to at two processes of one store, whichever store that is. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { JsonObject } from '../../../src/base/json.ts'
import type { Shelf, Store } from '../../../src/store/store.ts'
import { findByUsername } from '../../../src/user/end-user.ts'
import { noteOf } from '../../../src/user/notes.ts'
import { suspendedIdIn } from '../../letters.ts'
import { json } from '../../party.ts'
import type { Answer } from '../../wire.ts'
import { tally } from '../pair.ts'
import {
  begun,
  byLetter,
  type Calls,
  inTurn,
  next,
  type Put,
  patiently,
  saveJourney,
  step,
} from './steps.ts'

/** Two processes of one store, and who looks after them. */
export interface JourneySite {
  readonly a: Calls
  readonly b: Calls
  /** Calls at the same moment, half of them to each. */
  race<T>(run: (w: Calls, i: number) => Promise<T>): Promise<readonly T[]>
  readonly put: Put
  /** The link in the only letter there is. */
  link(): Promise<string>
  /** Reads the settings as they are stored. */
  settings<T>(read: (settings: Store) => Promise<T>): Promise<T>
}

/** One that stands before its choice, for which each step was taken by the other process. */
async function beforeChoice({ a, b }: JourneySite): Promise<JsonObject> {
  const name = await next(step(a, begun('InTurn')))
  const word = await next(step(b, {}, name, 'demo'))
  return next(step(a, {}, word, 'Ch4ng31t'))
}

function loginCount({ settings }: JourneySite): Promise<number> {
  return settings(async (store) => {
    const user = await findByUsername({ path: '/alpha', settings: store }, 'demo')
    return (user && noteOf(user, 'loginCount')) ?? 0
  })
}

const outcomeOf = ({ status, text }: Answer): string =>
  status === 200 ? `session ${String(JSON.parse(text).tokenId)}` : `${status}`

/** Of all who answer a step at once one is at work: the others are told what it came to, or that the step is over. */
async function oneTakesIt(site: JourneySite): Promise<void> {
  const before = await loginCount(site)
  const same = await beforeChoice(site)
  const alike = await site.race((w) => patiently(() => step(w, {}, same, 0)))
  const [told, ...more] = Object.keys(tally(alike.map(outcomeOf)))
  assert.match(`${told} ${more}`, /^session \S+ $/)
  const contested = await beforeChoice(site)
  // Two of three answers lead to a session, the third to none.
  const unlike = await site.race(async (w, i) => [
    i % 3,
    outcomeOf(await patiently(() => step(w, {}, contested, i % 3))),
  ])
  const taken = unlike.filter(([, outcome]) => outcome !== '401')
  assert.ok(new Set(taken.map(String)).size <= 1, taken.join('; '))
  const raised = taken.length === 0 ? 1 : 2
  assert.equal(await loginCount(site), before + raised)
}

/** What one process suspended the other resumes, once; and the first one goes on from there. */
async function resumedElsewhere(site: JourneySite): Promise<void> {
  const asked = await next(step(site.a, begun('ByLetter')))
  await next(step(site.a, {}, asked, 'demo'))
  const suspendedId = suspendedIdIn(await site.link())
  const all = await site.race((w) => step(w, { suspendedId }))
  const [resumed, ...others] = all.filter(({ status }) => status === 200)
  assert.ok(resumed !== undefined && others.length === 0, JSON.stringify(tally(all.map(outcomeOf))))
  const word = JSON.parse(resumed.text) as JsonObject
  const [first, second] = [
    await step(site.b, {}, word, 'Ch4ng31t'),
    await step(site.a, {}, word, 'Ch4ng31t'),
  ]
  assert.equal(outcomeOf(first), outcomeOf(second))
  assert.match(outcomeOf(first), /^session /)
}

/** Wrong tries of one name, and of no account, count in both together. */
async function wrongTries(site: JourneySite): Promise<void> {
  const headers = {
    ...{ 'accept-api-version': 'resource=2.0, protocol=1.0', 'x-openam-username': 'nobody' },
    'x-openam-password': 'a wrong one',
  }
  const begin = performance.now()
  const tries = await site.race((w) =>
    w.call('POST', `${json}/authenticate`, { headers, json: {} }),
  )
  const seconds = Math.ceil((performance.now() - begin) / 1000)
  const { 401: wrong = 0, 429: refused = 0 } = tally(tries.map(outcomeOf))
  assert.equal(wrong + refused, tries.length)
  // Four beyond the limit for each process, and four in each second that passes.
  assert.ok(wrong >= 20 && wrong <= 28 + 4 * (seconds + 1), `${wrong}`)
}

export async function journeysHold(site: JourneySite): Promise<void> {
  await saveJourney(site.put, 'InTurn', inTurn)
  await saveJourney(site.put, 'ByLetter', byLetter)
  // The other process has been told once it can begin what was saved last.
  while ((await step(site.b, begun('ByLetter'))).status !== 200) await delay(20)
  await oneTakesIt(site)
  await resumedElsewhere(site)
  await wrongTries(site)
}

/** Journeys that were begun leave records that end: all are found with an end, and are gone after it. */
export async function journeysAreSwept(records: Shelf, now: number, later: Shelf): Promise<void> {
  const kept = await ofJourneys(records)
  assert.ok(kept.length > 0)
  // A journey may take five minutes, and so may its letter.
  for (const { expiry } of kept) assert.ok(expiry <= now + 300 + 1, `${expiry - now}`)
  while ((await later.sweep()) !== 0);
  assert.deepEqual(await ofJourneys(later), [])
}

async function ofJourneys(shelf: Shelf): Promise<readonly { readonly expiry: number }[]> {
  const found = []
  let cursor: string | undefined
  do {
    const page = await shelf.walk(500, cursor)
    found.push(...page.records.filter(({ key }) => /^[\da-f]{32}j$/.test(key)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}
