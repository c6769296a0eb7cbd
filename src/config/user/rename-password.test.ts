import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered } from '../../../test/administered.ts'
import { oneMore, people } from '../../../test/people.ts'
import type { Realm } from '../../realm/realm.ts'
import { findEndUser } from '../../user/end-user.ts'

const world = await people()
const { alpha } = world
const containing: Realm = {
  ...alpha,
  provider: { ...alpha.provider, passwordRefuseName: true },
}

async function withPassword(userpassword: string): Promise<string> {
  const { sub } = await oneMore(world)
  assert.equal(await administered(alpha, sub, { userpassword }), 'updated')
  return sub
}

test('CANNOT_CONTAIN_OTHERS nobody gets the name that is their password, where the password is given with it', async () => {
  const userpassword = 'Battery staple'
  const sub = await withPassword(userpassword)
  for (const username of [userpassword, 'battery STAPLE'])
    assert.equal(await administered(alpha, sub, { username, userpassword }), 'invalid', username)
  assert.equal(await administered(containing, sub, { username: 'staple', userpassword }), 'invalid')
  assert.notEqual((await findEndUser(alpha, sub))?.username, userpassword)
  assert.equal(await administered(alpha, sub, { username: 'staple', userpassword }), 'updated')
})

test('a password that is left as it is does not have to fit other rules that have come since', async () => {
  const userpassword = 'no capitals here'
  const sub = await withPassword(userpassword)
  const stricter = { ...alpha, provider: { ...alpha.provider, passwordMinCapitals: 2 } }
  const username = 'with a name of their own'
  assert.equal(await administered(stricter, sub, { username, userpassword }), 'updated')
  assert.equal((await findEndUser(alpha, sub))?.username, username)
})
