import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { cookieOf, logIn, open } from '../party.ts'
import { openPair } from '../race/pair.ts'
import { type Ledger, newLedger } from './ledger.ts'
import { load } from './load.ts'
import { recount } from './recount.ts'

test('T-2 of two processes one is killed: the other serves on and answers for both', async (t) => {
  const pair = await openPair()
  try {
    const cookie = cookieOf(await logIn(pair.a))
    const [dying, living] = [newLedger(), newLedger()]
    const loads = [load(pair.b, [open], cookie, dying), load(pair.a, [open], cookie, living)]
    const grown = async ({ flows }: Ledger, most: number): Promise<void> => {
      while (flows.length < most) await delay(5)
    }
    await Promise.all([dying, living].map((ledger) => grown(ledger, 50 + Math.random() * 250)))
    await pair.servers[1]?.kill()
    await grown(living, living.flows.length + 50)
    for (const each of loads) each.stop()
    await Promise.all(loads.map((each) => each.over))
    assert.deepEqual([...dying.wrong, ...living.wrong], [])
    // Every request to the survivor was answered.
    assert.deepEqual(
      living.flows.filter(({ step }) => step.endsWith('ing')),
      [],
    )
    for (const ledger of [dying, living]) await recount(pair.a, cookie, ledger)
    t.diagnostic(`${dying.flows.length} flows of the dead, ${living.flows.length} of the living`)
  } finally {
    await pair.close()
  }
})
