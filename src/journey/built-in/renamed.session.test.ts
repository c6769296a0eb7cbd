import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered } from '../../../test/administered.ts'
import { journeys } from '../../../test/journeys.ts'
import { letterBox, suspendedIdIn } from '../../../test/letters.ts'
import { oneMore, people } from '../../../test/people.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { authenticateEndUser } from '../../user/password.ts'
import { builtInJourneys } from './index.ts'

const world = await people({ journeys: Object.keys(builtInJourneys) })
const box = letterBox()
const realm: Realm = { ...world.alpha, mail: box.mail }
const anybody = journeys(realm)
const word = 'Ch4ng31t'

/** Somebody who is logged in, by the name of that moment, and what an administrator calls them afterwards. */
async function loggedIn() {
  const user = await oneMore(world)
  assert.equal(await administered(realm, user.sub, { userpassword: word }), 'updated')
  const { sub, username, epoch } = (await findEndUser(realm, user.sub)) as EndUser
  const mine = journeys(realm, { session: { username, sub, epoch } })
  const renamed = `renamed ${sub.slice(0, 8)}`
  const rename = async () =>
    assert.equal(await administered(realm, sub, { username: renamed }), 'updated')
  return { user, sub, username, mine, renamed, rename }
}

const isRight = (name: string, password: string) =>
  authenticateEndUser(realm, name, password, '127.0.0.1')

test('UpdateEmail takes the right password of an account that was given another name while its link was out', async () => {
  const { sub, username, mine, rename } = await loggedIn()
  const first = await mine.start('UpdateEmail')
  mine.asked(await mine.run(first.authId, { IDToken1: `${sub}@example.com` }))
  const link = suspendedIdIn(await box.link())
  await rename()
  const heir = await oneMore(world)
  assert.equal(await administered(realm, heir.sub, { username }), 'updated')
  const ask = anybody.asked(await anybody.resume(link))
  assert.equal((await anybody.run(ask.authId, { IDToken1: word })).kind, 'success')
  const mailOf = async (id: string) => (await findEndUser(realm, id))?.attributes.email
  assert.equal(await mailOf(sub), `${sub}@example.com`)
  assert.notEqual(await mailOf(heir.sub), `${sub}@example.com`)
})

test('UpdateEmail takes the password that an account has by then, and the address that was confirmed is its', async () => {
  const { sub, mine } = await loggedIn()
  const first = await mine.start('UpdateEmail')
  mine.asked(await mine.run(first.authId, { IDToken1: `${sub}@example.com` }))
  const link = suspendedIdIn(await box.link())
  assert.equal(await administered(realm, sub, { userpassword: 'Correct horse 6' }), 'updated')
  const ask = anybody.asked(await anybody.resume(link))
  assert.equal((await anybody.run(ask.authId, { IDToken1: 'Correct horse 6' })).kind, 'success')
  assert.equal((await findEndUser(realm, sub))?.attributes.email, `${sub}@example.com`)
})

test('UpdatePassword goes on with an account that is given another name before either of its passwords', async () => {
  for (const when of ['before the old one', 'before the new one']) {
    const { mine, rename, renamed } = await loggedIn()
    const old = await mine.start('UpdatePassword')
    if (when === 'before the old one') await rename()
    const choose = mine.asked(await mine.run(old.authId, { IDToken1: word }))
    if (when !== 'before the old one') await rename()
    const done = await mine.run(choose.authId, { IDToken1: 'Correct horse 7' })
    assert.equal(done.kind, 'success', when)
    assert.ok(await isRight(renamed, 'Correct horse 7'), when)
  }
})

test('Platform Password looks a new password over by the name that its account has today', async () => {
  const { mine, rename, renamed } = await loggedIn()
  const old = await mine.start('UpdatePassword')
  const choose = mine.asked(await mine.run(old.authId, { IDToken1: word }))
  await rename()
  const again = mine.asked(await mine.run(choose.authId, { IDToken1: renamed }))
  assert.match(JSON.stringify(again.callbacks), /CANNOT_CONTAIN_OTHERS/)
})

test('a journey takes the password of whoever is logged in, where the account is given another name meanwhile', async () => {
  for (const journey of ['Password', 'PasskeyRegistration']) {
    const { mine, rename, sub } = await loggedIn()
    const [right, wrong] = [await mine.start(journey), await mine.start(journey)]
    await rename()
    assert.equal((await mine.run(wrong.authId, { IDToken1: 'wrong' })).kind, 'failure', journey)
    const step = await mine.run(right.authId, { IDToken1: word })
    if (journey === 'Password') assert.equal(mine.userOf(step)?.sub, sub)
    else assert.match(JSON.stringify(mine.asked(step).callbacks), /webauthn_registration/)
  }
})

test('a password that has to be another one is changed, though its account is given another name meanwhile', async () => {
  const { sub, username, rename, renamed } = await loggedIn()
  assert.equal(await administered(realm, sub, { pwdReset: true }), 'updated')
  const { authId } = await anybody.start('Login')
  const asked = anybody.asked(await anybody.run(authId, { IDToken1: username, IDToken2: word }))
  await rename()
  const [IDToken2, IDToken3, IDToken4, IDToken5] = [word, 'Correct horse 8', 'Correct horse 8', 0]
  const step = await anybody.run(asked.authId, { IDToken2, IDToken3, IDToken4, IDToken5 })
  assert.equal(step.kind, 'success')
  assert.equal((await isRight(renamed, 'Correct horse 8'))?.sub, sub)
})
