import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneAfterAnother, type Waiting } from './one-after-another.ts'

test('house: works of one name begin when the one before has ended, well or not; those of another name do not wait', async () => {
  const waiting: Waiting = new Map()
  const said: string[] = []
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  const works = gates.map(({ promise }, i) =>
    oneAfterAnother(waiting, 'one', async () => {
      said.push(`begins ${i}`)
      await promise
      said.push(`ends ${i}`)
      return i
    }),
  )
  const third = oneAfterAnother(waiting, 'one', async () => 'third')
  assert.equal(await oneAfterAnother(waiting, 'other', async () => 'other'), 'other')
  assert.deepEqual(said, ['begins 0'])
  gates[0].reject(new Error('failed'))
  await assert.rejects(works[0] as Promise<number>, /failed/)
  gates[1].resolve()
  assert.equal(await works[1], 1)
  assert.equal(await third, 'third')
  assert.deepEqual(said, ['begins 0', 'begins 1', 'ends 1'])
  assert.equal(waiting.size, 0)
})
