import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsRedis } from '../stores/redis.ts'
import type { BuildName } from './builds.ts'
import type { Breach } from './checker.ts'
import { contest, kinds } from './contests.ts'
import { run as race } from './contract.ts'
import type { FaultName } from './faults.ts'
import type { Kind } from './history.ts'
import { openProgress } from './progress.ts'
import { openDeployment, round } from './round.ts'

/** The test's own: what the long runs have 1,500 contests of 64 of. */
const of = 16

const amount = { clients: 8, pushes: 30 }

test('T-2, T-1, K-4 clients at two servers of one store, of which one is killed: nothing is lost, used twice, or taken late', async () => {
  const deployment = await openDeployment({ place: 'sqlite', servers: 2 })
  try {
    for (const kind of Object.keys(kinds) as Kind[])
      assert.deepEqual((await contest(deployment, kind, of)).wrong, [])
    const { good, said, uses } = await round(deployment, 'kill', { ...amount, late: 4 })
    assert.ok(good, said)
    for (const kind of Object.keys(kinds))
      assert.ok((uses[`${kind} ok`] ?? 0) > 0, `no ${kind} was used`)
    assert.deepEqual(
      deployment.nodes.flatMap(({ alarms }) => alarms),
      [],
    )
  } finally {
    await deployment.close()
  }
})

type Found = Breach['rule'] | `${Breach['rule']} ${Kind}`

/** The other builds that are broken on purpose, what happens to them, and what the checker has to find. */
const broken: readonly (readonly [BuildName, FaultName, readonly Found[]])[] = [
  ['early-answer', 'kill', ['lost', 'twice proof']],
  ['flat-keys', 'none', ['lost object']],
  [
    'past-end',
    'clock-forward-60',
    (Object.keys(kinds) as Kind[]).map((kind) => `late ${kind}` as const),
  ],
]

for (const [build, fault, all] of broken) {
  test(`house: the checker finds what a build breaks: ${build}`, async () => {
    const deployment = await openDeployment({ place: 'sqlite', servers: 1, build })
    try {
      const { breaches, wrong } = await round(deployment, fault, amount)
      assert.deepEqual(wrong, [])
      const found = new Set(
        breaches.flatMap(({ rule, thing }) => [rule, `${rule} ${thing.split(' ')[0]}`]),
      )
      for (const each of all) assert.ok(found.has(each), `${each} was not found`)
    } finally {
      await deployment.close()
    }
  })
}

test(
  'T-2 Redis is killed under load and comes back: nothing that was acknowledged is lost or used twice',
  needsRedis(),
  async () => {
    const deployment = await openDeployment({ place: 'redis', servers: 1 })
    try {
      const { good, said, stage } = await round(deployment, 'store-kill', amount)
      assert.ok(good, said)
      assert.ok((stage.statuses.get(503) ?? 0) > 0, 'nobody noticed')
    } finally {
      await deployment.close()
    }
  },
)

test('house: the checker finds two winners of each kind, where what is used once is read and then written', async () => {
  const deployment = await openDeployment({ place: 'sqlite', servers: 1, build: 'read-then-write' })
  try {
    for (const kind of [
      'request_uri',
      'code',
      'assertion',
      'object',
      'proof',
      'journey',
    ] as const) {
      // Two that are answered one after the other have one winner in such a build, too.
      let found: readonly string[] = []
      for (let tries = 0; found.length === 0 && tries < 10; tries += 1)
        found = (await contest(deployment, kind, of)).wrong
      assert.match(found.join('; '), /^twice: /, kind)
    }
  } finally {
    await deployment.close()
  }
})

test('house: the verbs of a store, raced by two processes: one winner for each key', async () => {
  const progress = openProgress(undefined)
  const given = { store: 'sqlite', attempts: '1', processes: '2' }
  assert.deepEqual(await race(given, progress, () => undefined), [])
  assert.deepEqual(progress.of('contract of sqlite, 2 processes'), { attempts: 3200, won: 400 })
})
