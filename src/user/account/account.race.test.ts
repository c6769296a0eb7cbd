import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import type { Store } from '../../store/store.ts'
import { type EndUser, findByUsername, updateEndUser } from '../end-user.ts'
import { usernameKeys } from '../username.ts'
import { isTaken } from './account.ts'
import { subsByGroup, subsByMail } from './account-index.ts'
import { holderOf } from './name.ts'

type Change = (user: EndUser) => EndUser

const withMail =
  (email: string): Change =>
  (user) => ({ ...user, attributes: { ...user.attributes, email } })
const named =
  (username: string): Change =>
  (user) => ({ ...user, username })
const inGroups =
  (groups: Readonly<Record<string, string>>): Change =>
  (user) => ({ ...user, groups })

/** An account that has something, gives it up, and has it again, or something else, by another change that comes wholly within the writes of the first. */
async function givenUpAndHadAgain(has: Change, gives: Change, then = has) {
  const { alpha, demo } = await people()
  const change = (realm: typeof alpha, next: Change) => updateEndUser(realm, demo.sub, next)
  await change(alpha, has)
  let again = false
  const settings: Store = {
    ...alpha.settings,
    async replace(...write) {
      const outcome = await alpha.settings.replace(...write)
      if (outcome === 'won' && !again) {
        again = true
        assert.equal(await change(alpha, then), true)
      }
      return outcome
    },
  }
  assert.equal(await change({ ...alpha, settings }, gives), true)
  assert.ok(again)
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

test('a name that an account gives up and has again at once leads to it, and the other name is free', async () => {
  const { alpha, sub } = await givenUpAndHadAgain(named('had'), named('other'))
  assert.equal((await findByUsername(alpha, 'had'))?.sub, sub)
  assert.equal(await findByUsername(alpha, 'other'), undefined)
  assert.equal(await isTaken(alpha, 'other'), false)
})

test('an account that is called otherwise twice at once has the later name, and no other', async () => {
  const { alpha, sub } = await givenUpAndHadAgain(named('had'), named('other'), named('third'))
  assert.equal((await findByUsername(alpha, 'third'))?.sub, sub)
  for (const gone of ['had', 'other']) {
    assert.equal(await findByUsername(alpha, gone), undefined, gone)
    assert.equal(await isTaken(alpha, gone), false, gone)
    assert.equal(await holderOf(alpha, usernameKeys(alpha, gone).at(-1) ?? ''), undefined, gone)
  }
})
