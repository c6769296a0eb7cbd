import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { oneMore, people as world } from '../../../test/people.ts'
import { storeDevice } from '../../journey/node/second-factor/registered.ts'
import type { Store } from '../../store/store.ts'
import { insertEndUser } from '../../user/account/account.ts'
import type { EndUser } from '../../user/end-user.ts'
import { changeEndUser, findEndUser } from '../../user/end-user.ts'
import { endSessionsOf } from '../../user/epoch.ts'
import { addPasskey } from '../../user/factor/passkey.ts'
import { noteOf } from '../../user/notes.ts'
import { anyState } from '../kind.ts'
import { userKind } from '../user.ts'
import { people } from './people.ts'

test('a journey’s change of an account is refused where the account was ended since, however many come at once', async () => {
  const { alpha, demo } = await world()
  const change = (givenName: string, epoch: number) =>
    people.patch(alpha, demo.sub, { givenName }, { by: 'test', own: false, epoch })
  await endSessionsOf(alpha, demo.sub)
  assert.equal((await change('Old', 0)).kind, 'refused')
  assert.equal((await change('New', 1)).kind, 'done')
  assert.equal((await findEndUser(alpha, demo.sub))?.attributes.given_name, 'New')
  const passwords = ['Correct horse 1', 'Correct horse 2', 'Correct horse 3']
  const all = passwords.map((password) =>
    people.patch(alpha, demo.sub, { password }, { by: 'test', own: true, epoch: 1 }),
  )
  const kinds = (await Promise.all(all)).map(({ kind }) => kind)
  assert.deepEqual(kinds.toSorted(), ['done', 'refused', 'refused'])
})

test('an address is its owner’s who has shown it, then of whom somebody else says so, and nobody’s by their own word beside those', async () => {
  const all = await world()
  const { alpha, demo } = all
  const found = async (mail: string) => (await people.find(alpha, 'mail', mail))?.sub
  const saysSo = async (mail: readonly string[]): Promise<EndUser> => {
    const stranger = await oneMore(all)
    const authority = { administers: undefined, roles: [] }
    const change = { by: 'test', sub: stranger.sub, condition: anyState, authority }
    assert.equal((await userKind.save(alpha, stranger.sub, { mail }, change)).outcome, 'updated')
    return stranger
  }
  const { email_verified: _, ...rest } = demo.attributes
  const unsaid = { ...rest, email: 'own@example.com' }
  const verified = { attributes: { ...unsaid, email_verified: true } }
  await saysSo(['own@example.com'])
  await saysSo(['own@example.com'])
  assert.equal(await found('own@example.com'), undefined)
  const kept = await oneMore(all)
  await changeEndUser(alpha, kept.sub, { attributes: unsaid })
  assert.equal(await found('own@example.com'), kept.sub)
  await changeEndUser(alpha, demo.sub, verified)
  assert.equal(await found('Own@example.com'), demo.sub)
  await saysSo(['stranger@example.com', 'own@example.com'])
  await saysSo(['own@example.com', 'stranger@example.com'])
  assert.equal(await found('own@example.com'), demo.sub)
  // The last of all in the order in which they are read.
  const last = { sub: 'ffffffff-ffff-4fff-bfff-ffffffffffff', username: 'last' }
  const attributes = { email: 'crowd@example.com', email_verified: true }
  await insertEndUser(alpha, { ...demo, ...last, attributes })
  await Promise.all(Array.from({ length: 20 }, () => saysSo(['crowd@example.com'])))
  assert.equal(await found('crowd@example.com'), last.sub)
  await changeEndUser(alpha, kept.sub, verified)
  const { value, events } = await withEvents(() => found('own@example.com'))
  assert.equal(value, undefined)
  const named = events.filter(({ name }) => name === 'user.ambiguous')
  assert.deepEqual(
    named.map(({ fields }) => fields.accounts),
    [2],
  )
})

test('an account that a journey makes has an address that is confirmed where its link was opened, and no other', async () => {
  const { alpha } = await world()
  const make = async (mail: string, confirmed?: string) => {
    const made = { userName: mail, givenName: 'A', sn: 'B', mail }
    const put = await people.create(alpha, made, { by: 'test', confirmed })
    assert.ok(put.kind === 'done')
    return put.user
  }
  const proven = await make('a@example.com', 'a@example.com')
  assert.equal(proven.attributes.email_verified, true)
  assert.equal((await make('b@example.com', 'a@example.com')).attributes.email_verified, false)
  assert.equal((await make('c@example.com')).attributes.email_verified, false)
  const terms = { by: 'test', own: true }
  await people.patch(alpha, proven.sub, { mail: 'a@example.com', sn: 'C' }, terms)
  assert.equal((await findEndUser(alpha, proven.sub))?.attributes.email_verified, true)
  await people.patch(alpha, proven.sub, { mail: 'd@example.com' }, terms)
  assert.equal((await findEndUser(alpha, proven.sub))?.attributes.email_verified, false)
})

test('what a journey notes, and a device it stores, is refused where the account was ended since, and all of a change is one write', async () => {
  const all = await world()
  const { alpha } = all
  const user = await oneMore(all)
  const terms = { by: 'test', own: true, epoch: user.epoch }
  const preferences = { updates: true }
  const device = { uuid: 'a', deviceName: 'b' }
  const passkey = { ...device, credentialId: 'c', key: 'd', signCount: 0 }
  const kinds = async () => [
    (await people.patch(alpha, user.sub, { preferences }, terms)).kind,
    await storeDevice(alpha, user, 'oath', device),
    await addPasskey(alpha, user, passkey, 5),
  ]
  assert.deepEqual(await kinds(), ['done', true, 'added'])
  const both = { password: 'Correct horse 9', preferences: { marketing: true } }
  const put = await people.patch(alpha, user.sub, both, terms)
  assert.ok(put.kind === 'done')
  const noted = { updates: true, marketing: true }
  assert.deepEqual([put.user.epoch, noteOf(put.user, 'preferences')], [user.epoch + 1, noted])
  assert.deepEqual(await kinds(), ['refused', false, 'nobody'])
  assert.equal((await people.patch(alpha, user.sub, both, terms)).kind, 'refused')
})

test('an end of the account between a look at it and the write of a note wins', async () => {
  const all = await world()
  const user = await oneMore(all)
  const { settings } = all.alpha
  let between: (() => Promise<unknown>) | undefined = () => endSessionsOf(all.alpha, user.sub)
  const slow: Store = {
    ...settings,
    async replace(...args) {
      const [end] = [between]
      between = undefined
      await end?.()
      return settings.replace(...args)
    },
  }
  const terms = { by: 'test', own: true, epoch: user.epoch }
  const change = { preferences: { updates: true } }
  const put = await people.patch({ ...all.alpha, settings: slow }, user.sub, change, terms)
  assert.equal(put.kind, 'refused')
})
