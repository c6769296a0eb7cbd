import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Process } from '../../test/nodes.ts'
import { anotherProcess } from '../../test/nodes.ts'
import { redirect_uri, register } from '../../test/register.ts'
import { undelayed } from '../../test/undelayed.ts'
import type { World } from '../../test/world.ts'
import { base, basic, challenge, origin, requestOf, world } from '../../test/world.ts'

const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** A secret a person chose: the only kind that somebody could guess. */
const chosen = 'mySecret'

type Try = (process: Process, text: string, peer: string) => Promise<number>

const trySecret: Try = async ({ serve }, text, peer) => {
  const headers = { authorization: basic('chosen', text) }
  const http = requestOf('POST', `${base}/par`, { form, headers })
  return (await serve({ ...http, peer })).status
}

const tryPassword: Try = async ({ serve }, text, peer) => {
  const headers = {
    'X-OpenAM-Username': 'demo',
    'X-OpenAM-Password': text,
    'Accept-API-Version': 'resource=2.1',
  }
  const target = `${origin}/am/json/realms/root/realms/alpha/authenticate`
  const lower = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]))
  return (await serve({ ...requestOf('POST', target, { headers: lower }), peer })).status
}

async function two(): Promise<{ w: World; both: readonly [Process, Process] }> {
  const w = await world()
  await register(w, 'chosen', { text: chosen })
  return { w, both: [await anotherProcess(w), await anotherProcess(w)] }
}

async function guesses(
  all: readonly Process[],
  attempt: Try,
  n: number,
  from = 0,
): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  // Each from an address of its own, so that nothing but the count over all of them holds it up.
  const peer = (i: number) => `10.${(from + i) >> 8}.${(from + i) & 255}.1`
  const tries = Array.from({ length: n }, (_, i) =>
    attempt(all[i % all.length] as Process, `guess ${from + i}`, peer(i)),
  )
  for (const status of await undelayed(() => Promise.all(tries)))
    counts[status] = (counts[status] ?? 0) + 1
  return counts
}

for (const [what, attempt, right] of [
  ['a client’s secret', trySecret, [chosen, 201]],
  ['a password', tryPassword, ['Ch4ng31t', 200]],
] as const) {
  test(`C-34 guesses at ${what} are counted over all processes: a hundred and four for each at most`, async () => {
    const { w, both } = await two()
    const { 401: checked = 0, 429: refused = 0 } = await guesses(both, attempt, 240)
    assert.ok(checked >= 98 && checked <= 108, `${checked}`)
    assert.ok(refused >= 130, `${refused}`)
    const third = await anotherProcess(w)
    const more = await guesses([third], attempt, 30, 300)
    assert.ok((more[401] ?? 0) <= 4, 'a process that starts brings no more than its own four')
    assert.equal(await attempt(third, right[0], '192.0.2.1'), 429, 'nor is the right one told')
    w.clock.now += 60
    const later = await guesses([...both, third], attempt, 60, 400)
    const sum = checked + (more[401] ?? 0) + (later[401] ?? 0)
    assert.ok(sum <= 100 + 3 * 4 + 10 + 2, `ten in a minute, not ${later[401]}`)
    w.clock.now += 600
    assert.equal(await attempt(third, right[0], '192.0.2.1'), right[1])
  })

  test(`C-34 the right one of ${what} writes nothing of guesses, and takes nothing from the next`, async () => {
    const { w, both } = await two()
    for (let i = 0; i < 30; i++)
      assert.equal(await attempt(both[i % 2] as Process, right[0], `192.0.2.${i}`), right[1])
    assert.deepEqual((await w.records.list('quota', 10)).keys, [])
  })
}
