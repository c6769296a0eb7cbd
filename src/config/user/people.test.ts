import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people as world } from '../../../test/people.ts'
import { findEndUser } from '../../user/end-user.ts'
import { endSessionsOf } from '../../user/epoch.ts'
import { people } from './people.ts'

test('a journey’s change of an account is refused where the account was ended since, however many come at once', async () => {
  const { alpha, demo } = await world()
  const change = (givenName: string, epoch: number) =>
    people.patch(alpha, demo.sub, { givenName }, 'test', false, epoch)
  await endSessionsOf(alpha, demo.sub)
  assert.equal((await change('Old', 0)).kind, 'refused')
  assert.equal((await change('New', 1)).kind, 'done')
  assert.equal((await findEndUser(alpha, demo.sub))?.attributes.given_name, 'New')
  const passwords = ['Correct horse 1', 'Correct horse 2', 'Correct horse 3']
  const all = passwords.map((password) =>
    people.patch(alpha, demo.sub, { password }, 'test', true, 1),
  )
  const kinds = (await Promise.all(all)).map(({ kind }) => kind)
  assert.deepEqual(kinds.toSorted(), ['done', 'refused', 'refused'])
})
