import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Administer,
  administrator,
  cookieOf,
  keyParty,
  logIn,
  oauth2,
  open,
  type Party,
  setProvider,
} from '../party.ts'
import { trials } from '../scale.ts'
import type { Wire } from '../wire.ts'
import { type Flow, type Ledger, newLedger } from './ledger.ts'
import { load } from './load.ts'
import { type Recount, recount, spentFlow } from './recount.ts'
import { type Started, start, startAndKill } from './restart.ts'

const kills = trials(50, 3)

let data: string
let running: Started
let keyed: Party
let cookie: string
let published: string

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'parapet-kill-'))
  running = await start(data)
  const { w } = running
  const administer = await administrator(w)
  keyed = await keyParty(w, administer)
  cookie = cookieOf(await logIn(w))
  published = await jwks(w)
  await configure(administer)
})

after(async () => {
  running?.w.close()
  await running?.server.stop()
  await rm(data, { recursive: true, force: true })
})

/** Nothing runs out while it is looked for. */
async function configure(administer: Administer): Promise<void> {
  await setProvider(administer, 'advancedOAuth2Config', 'parRequestUriLifetime', 599)
  await setProvider(administer, 'coreOAuth2Config', 'codeLifetime', 600)
  await setProvider(administer, 'parapetConfig', 'refreshRetryWindow', 60)
}

async function jwks(w: Wire): Promise<string> {
  return (await w.call('GET', `${oauth2}/connect/jwk_uri`)).text
}

/** When so many flows have begun, more than are under way at once, and a little later. */
async function moment({ flows }: Ledger): Promise<void> {
  const most = 50 + Math.random() * 250
  while (flows.length < most) await delay(5)
  await delay(Math.random() * 20)
}

/** Puts the server under load, kills it at a moment of its own, and starts it again. */
async function killUnderLoad(): Promise<{ readonly ledger: Ledger; readonly ready: number }> {
  const ledger = newLedger()
  const { over } = load(running.w, [open, keyed], cookie, ledger)
  await moment(ledger)
  await running.server.kill()
  await over
  running.w.close()
  // Now and then the next one is killed too, while it starts.
  if (Math.random() < 0.3) await startAndKill(data, Math.random() * 700)
  running = await start(data)
  return { ledger, ready: running.ready }
}

/** Flows that outlive more than one restart, and when they are to be looked at. */
interface Kept {
  readonly pushed: Flow[]
  readonly spent: Flow[]
}

/** Keeps a few of a round for later; the others are recounted now. */
function keepSome({ flows, proofs, wrong }: Ledger, kept: Kept): Ledger {
  const later = flows.filter(({ step }) => step === 'pushed').slice(0, 3)
  kept.pushed.push(...later)
  const now = flows.filter((flow) => !later.includes(flow))
  kept.spent.push(...now.slice(0, 5))
  return { flows: now, proofs, wrong }
}

async function recountKept({ pushed, spent }: Kept): Promise<Recount> {
  for (const flow of spent.splice(0)) await spentFlow(running.w, cookie, flow)
  return recount(running.w, cookie, { ...newLedger(), flows: pushed.splice(0) })
}

/** So many kills long, or so many milliseconds, some pushes wait; well within their lifetime. */
const patience = { kills: 20, time: 300_000 }

test(`T-2, K-4 kill -9 under load, ${kills} times: nothing acknowledged is lost, nothing spent comes back`, async (t) => {
  const kept: Kept = { pushed: [], spent: [] }
  const total = { pushes: 0, opened: 0, done: 0, undone: 0, refused: 0 }
  const starts: number[] = []
  let since = performance.now()
  const add = (found: Recount): void => {
    for (const name of ['opened', 'done', 'undone', 'refused'] as const) total[name] += found[name]
  }
  for (let kill = 1; kill <= kills; kill++) {
    const { ledger, ready } = await killUnderLoad()
    starts.push(ready)
    total.pushes += ledger.flows.length
    assert.deepEqual(ledger.wrong, [])
    add(await recount(running.w, cookie, keepSome(ledger, kept)))
    const waited = performance.now() - since
    if (kill % patience.kills === 0 || kill === kills || waited > patience.time) {
      add(await recountKept(kept))
      since = performance.now()
    }
    assert.equal(await jwks(running.w), published)
  }
  starts.sort((a, b) => a - b)
  const [least, median, most] = [starts[0], starts[kills >> 1], starts.at(-1)].map((ms) =>
    Math.round(ms ?? 0),
  )
  t.diagnostic(
    `${kills} kills, ${total.pushes} pushes acknowledged, ${total.opened} of them opened afterwards; ` +
      `of what was not answered ${total.done} had been done, ${total.undone} had not; ` +
      `${total.refused} second uses refused; ready after ${least} ms of processor time (least), ` +
      `${median} ms (median), ${most} ms (most)`,
  )
  assert.ok(Number(least) < 2000, `ready after ${least} ms of processor time at best`)
})
