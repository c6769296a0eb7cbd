import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { journeys } from '../../../test/journeys.ts'
import { letterBox } from '../../../test/letters.ts'
import { people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { OAuthError } from '../../protocol/error.ts'
import { success } from '../built-in/journey.ts'

/** How many of so many succeed, and which Retry-After the others are told. */
async function outcomes(count: number, act: () => Promise<unknown>) {
  const told = { done: 0, refused: [] as string[] }
  for (let i = 0; i < count; i += 1) {
    try {
      await act()
      told.done += 1
    } catch (error) {
      assert.ok(error instanceof OAuthError && error.code === 'too_many_requests')
      told.refused.push(String(error.detail.headers?.['retry-after']))
    }
  }
  return told
}

const empty = { IDToken1: '', IDToken2: '' }

test('journeys that are kept are counted by where they come from and in their realm, and those beyond are told when to come again', async () => {
  const { alpha, clock } = await people({ journeySourcePerSecond: 1, journeySourceBurst: 3 })
  const from = (peer: string, realm = alpha) => {
    const at = journeys(realm, { peer })
    return () => at.answer('Login', empty)
  }
  const { value, events } = await withEvents(() => outcomes(5, from('2001:db8::1')))
  assert.deepEqual(value, { done: 3, refused: ['1', '1'] })
  const held = events.filter(({ name }) => name === 'journey.held_off')
  assert.deepEqual(
    held.map(({ fields }) => fields.reason),
    Array.from({ length: 2 }, () => 'too many journeys from one source'),
  )
  assert.equal((await outcomes(1, from('2001:db8::2'))).done, 0)
  assert.equal((await outcomes(1, from('192.0.2.1'))).done, 1)
  clock.now += 2
  assert.equal((await outcomes(4, from('2001:db8::1'))).done, 2)
  const provider = { ...alpha.provider, journeysPerSecond: 1, journeysBurst: 2 }
  const narrow = { ...alpha, provider }
  const each = [1, 2, 3, 4].map((i) => outcomes(1, from(`198.51.100.${i}`, narrow)))
  assert.equal(
    (await Promise.all(each)).reduce((sum, { done }) => sum + done, 0),
    2,
  )
})

test('an answer that comes again, a step further on and a first step that nobody answers count for nothing', async () => {
  const { alpha } = await people({ journeySourcePerSecond: 1, journeySourceBurst: 1 })
  const at = journeys(alpha)
  const all = await Promise.all(Array.from({ length: 4 }, () => at.start('Login')))
  const first = all[0]?.authId ?? ''
  const next = at.asked(await at.run(first, empty))
  await Promise.all(Array.from({ length: 3 }, () => at.run(first, empty)))
  at.asked(await at.run(next.authId, empty))
  await assert.rejects(at.run(all[1]?.authId ?? '', empty), OAuthError)
})

test('journeys that wait for a letter are so many from one place, and no letter is written for those beyond', async () => {
  const { alpha, clock } = await people({ journeySourcePerSecond: 0 })
  const box = letterBox()
  const settings = { emailTemplateName: 'resetPassword', objectLookup: true }
  const realm = await withTrees(
    { ...alpha, mail: box.mail },
    {
      Link: tree({
        name: { type: 'UsernameCollectorNode', to: { outcome: 'link' } },
        link: { type: 'EmailSuspendNode', settings, to: { outcome: success } },
      }),
    },
  )
  const at = journeys(realm)
  const { done, refused } = await outcomes(103, () => at.answer('Link', { IDToken1: 'nobody' }))
  assert.deepEqual([done, refused], [100, ['10', '10', '10']])
  assert.equal(
    (
      await outcomes(1, () =>
        journeys(realm, { peer: '192.0.2.7' }).answer('Link', { IDToken1: 'demo' }),
      )
    ).done,
    1,
  )
  assert.equal((await box.fresh()).length, 1)
  const again = await at.start('Link')
  await assert.rejects(at.run(again.authId, { IDToken1: 'demo' }), OAuthError)
  clock.now += 10
  assert.ok(at.asked(await at.run(again.authId, { IDToken1: 'demo' })).suspended)
})
