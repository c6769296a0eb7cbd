import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import type { Store } from '../../store/store.ts'
import { type EndUser, updateEndUser } from '../end-user.ts'
import { subsByGroup, subsByMail } from './account-index.ts'

type Change = (user: EndUser) => EndUser

const withMail =
  (email: string): Change =>
  (user) => ({ ...user, attributes: { ...user.attributes, email } })
const inGroups =
  (groups: Readonly<Record<string, string>>): Change =>
  (user) => ({ ...user, groups })

/** An account that has something, gives it up, and has it again by another change, wholly within the writes of the first. */
async function givenUpAndHadAgain(has: Change, gives: Change) {
  const { alpha, demo } = await people()
  const change = (realm: typeof alpha, next: Change) => updateEndUser(realm, demo.sub, next)
  await change(alpha, has)
  let again = 0
  const settings: Store = {
    ...alpha.settings,
    async replace(...write) {
      const outcome = await alpha.settings.replace(...write)
      if (outcome === 'won' && again++ === 0) assert.equal(await change(alpha, has), true)
      return outcome
    },
  }
  assert.equal(await change({ ...alpha, settings }, gives), true)
  assert.equal(again, 1)
  return { alpha, sub: demo.sub }
}

test('an address that an account gives up and has again at once leads to it', async () => {
  const had = 'had@example.com'
  const { alpha, sub } = await givenUpAndHadAgain(withMail(had), withMail('other@example.com'))
  assert.deepEqual(await subsByMail(alpha, had, 10), [sub])
})

test('a group that an account leaves and is in again at once has it', async () => {
  const { alpha, sub } = await givenUpAndHadAgain(inGroups({ staff: 'id' }), inGroups({}))
  assert.deepEqual(await subsByGroup(alpha, 'id', 10), [sub])
})

test('what an account gives up leads nowhere', async () => {
  const { alpha, demo } = await people()
  const { sub } = demo
  await updateEndUser(alpha, sub, withMail('had@example.com'))
  await updateEndUser(alpha, sub, withMail('other@example.com'))
  assert.deepEqual(await subsByMail(alpha, 'had@example.com', 10), [])
  assert.deepEqual(await subsByMail(alpha, 'other@example.com', 10), [sub])
})
