import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { oneMore, people as somebody } from '../../../test/people.ts'
import { NodeError } from '../../journey/journey.ts'
import type { Store } from '../../store/store.ts'
import { people } from './people.ts'

const world = await somebody()
let reads = 0
const settings: Store = {
  ...world.alpha.settings,
  get: (key) => {
    reads += 1
    return world.alpha.settings.get(key)
  },
}
const realm = { ...world.alpha, settings }

test('PingIDM: an account is found by its name, id, mail address and, among few, by any attribute; never one of several', async () => {
  const { sub } = world.demo
  for (const [attribute, value] of [
    ['userName', 'DEMO'],
    ['_id', sub],
    ['mail', 'Demo@example.com'],
    ['mail', 'demo@example.com'],
  ] as const)
    assert.equal((await people.find(realm, attribute, value))?.sub, sub, attribute)
  for (const value of ['nobody@example.com', '', 7, null])
    assert.equal(await people.find(realm, 'mail', value), undefined)
  await oneMore(world)
  assert.equal(await people.find(realm, 'mail', 'demo@example.com'), undefined)
})

test('no stranger’s request looks through more than 500 accounts for an attribute that no index has', async () => {
  for (let i = 0; i < 500; i += 1) await oneMore(world)
  reads = 0
  const { events } = await withEvents(() =>
    assert.rejects(people.find(realm, 'telephoneNumber', '1'), NodeError),
  )
  assert.equal(reads, 0)
  const [told] = events.filter(({ name }) => name === 'account.not_looked_up')
  assert.deepEqual([told?.fields.attribute, told?.fields.most], ['telephoneNumber', 500])
})
