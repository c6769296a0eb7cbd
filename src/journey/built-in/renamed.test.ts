import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered } from '../../../test/administered.ts'
import { journeys } from '../../../test/journeys.ts'
import { letterBox, suspendedIdIn } from '../../../test/letters.ts'
import { oneMore, people } from '../../../test/people.ts'
import { authenticateEndUser } from '../../user/password.ts'
import { builtInJourneys } from './index.ts'

const world = await people({ journeys: Object.keys(builtInJourneys) })
const box = letterBox()
const realm = { ...world.alpha, mail: box.mail }
const at = journeys(realm)

/** A link of ResetPassword that was opened: what it asks. */
async function opened(mail: string) {
  const first = await at.start('ResetPassword')
  await at.run(first.authId, { IDToken1: mail })
  return suspendedIdIn(await box.link())
}

test('ResetPassword changes the password of an account that was given another name while its link was out', async () => {
  for (const when of ['before the link is opened', 'after it']) {
    const user = await oneMore(world)
    const mail = `${user.sub}@example.com`
    assert.equal(await administered(realm, user.sub, { mail }), 'updated')
    const link = await opened(mail)
    const renamed = `renamed ${when}`
    const rename = () => administered(realm, user.sub, { username: renamed })
    if (when !== 'after it') assert.equal(await rename(), 'updated')
    const choose = at.asked(await at.resume(link))
    if (when === 'after it') assert.equal(await rename(), 'updated')
    assert.equal((await at.run(choose.authId, { IDToken1: 'Correct horse 7' })).kind, 'success')
    assert.ok(await authenticateEndUser(realm, renamed, 'Correct horse 7', '127.0.0.1'), when)
  }
})

test('whoever has the old name by now is untouched by the link of whoever had it before', async () => {
  const [user, heir] = [await oneMore(world), await oneMore(world)]
  const mail = `${user.sub}@example.com`
  assert.equal(await administered(realm, user.sub, { mail }), 'updated')
  const link = await opened(mail)
  assert.equal(await administered(realm, user.sub, { username: 'moved on' }), 'updated')
  assert.equal(await administered(realm, heir.sub, { username: user.username }), 'updated')
  const choose = at.asked(await at.resume(link))
  assert.equal((await at.run(choose.authId, { IDToken1: 'Correct horse 8' })).kind, 'success')
  const tries = (name: string) => authenticateEndUser(realm, name, 'Correct horse 8', '127.0.0.1')
  assert.equal((await tries('moved on'))?.sub, user.sub)
  assert.equal(await tries(user.username), undefined)
})
