import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BuildName } from './builds.ts'
import type { Breach } from './checker.ts'
import type { FaultName } from './faults.ts'
import { openGround, round } from './round.ts'

const amount = { clients: 8, pushes: 30 }

test('T-2, T-1, K-4 clients at two servers of one store, of which one is killed: nothing is lost, used twice, or taken late', async () => {
  const ground = await openGround({ place: 'sqlite', servers: 2 })
  try {
    const { good, said, uses } = await round(ground, 'kill', { ...amount, late: 4 })
    assert.ok(good, said)
    for (const kind of ['request_uri', 'code', 'refresh_token', 'assertion', 'object'])
      assert.ok((uses[`${kind} ok`] ?? 0) > 0, `no ${kind} was used`)
    assert.deepEqual(
      ground.nodes.flatMap(({ alarms }) => alarms),
      [],
    )
  } finally {
    await ground.close()
  }
})

/** Builds that are broken on purpose, what happens to them, and what the checker has to find. */
const broken: readonly (readonly [BuildName, FaultName, Breach['rule'], readonly string[]])[] = [
  ['read-then-write', 'none', 'twice', ['request_uri', 'code', 'assertion', 'object']],
  ['early-answer', 'kill', 'lost', ['request_uri']],
  ['flat-keys', 'none', 'lost', ['assertion', 'object']],
]

for (const [build, fault, rule, kinds] of broken) {
  test(`house: the checker finds what a build breaks: ${build}`, async () => {
    const ground = await openGround({ place: 'sqlite', servers: 1, build })
    try {
      const { breaches, wrong } = await round(ground, fault, amount)
      assert.deepEqual(wrong, [])
      const found = new Set(
        breaches.filter((each) => each.rule === rule).map(({ thing }) => thing.split(' ')[0]),
      )
      for (const kind of kinds) assert.ok(found.has(kind), `${rule} ${kind} was not found`)
    } finally {
      await ground.close()
    }
  })
}
