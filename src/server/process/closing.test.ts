import assert from 'node:assert/strict'
import type { Worker } from 'node:cluster'
import { test } from 'node:test'
import { closing } from './closing.ts'
import type { Order } from './message.ts'
import type { Slot } from './slot.ts'

/** A worker in a slot, by what it was ordered. */
function serving() {
  const ordered: Order['order'][] = []
  const worker = {
    isConnected: () => true,
    send: ({ order }: Order) => void ordered.push(order),
  } as unknown as Worker
  const made = { worker, ordered, gone: false }
  const slot = { serving: () => (made.gone ? undefined : worker) } as Slot
  return Object.assign(made, { slot })
}

test('house: workers that stop together are told that the port is closed when the last of them accepts no more', () => {
  const all = [serving(), serving(), serving()] as const
  const port = closing(all.map(({ slot }) => slot))
  const [first, second, third] = all
  port.begin()
  port.hear(first.worker, { told: 'closed' })
  port.hear(second.worker, { told: 'closed' })
  assert.deepEqual([...first.ordered, ...second.ordered], [])
  port.hear(third.worker, { told: 'closed' })
  for (const { ordered } of all) assert.deepEqual(ordered, ['all closed'])
})

test('house: one that died is not waited for, nor one that never served', () => {
  const [first, second, third] = [serving(), serving(), serving()]
  third.gone = true
  const port = closing([first.slot, second.slot, third.slot])
  port.begin()
  port.hear(first.worker, { told: 'closed' })
  assert.deepEqual(first.ordered, [])
  second.gone = true
  port.left()
  assert.deepEqual(first.ordered, ['all closed'])
})

test('house: one that stops alone waits for nobody, since the others go on', () => {
  const [first, second] = [serving(), serving()]
  const port = closing([first.slot, second.slot])
  port.hear(first.worker, { told: 'seen wanted' })
  port.hear(first.worker, { told: 'closed' })
  assert.deepEqual(first.ordered, ['seen', 'all closed'])
  assert.deepEqual(second.ordered, [])
})
