import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedOf, authenticator } from '../../../test/authenticator.ts'
import { journeys } from '../../../test/journeys.ts'
import { oneMore, people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { findEndUser } from '../../user/end-user.ts'
import { failureId, successId } from '../tree.ts'

const world = await people({ journeys: ['Login', 'Passkey', 'PasskeyRegistration'] })
const { alpha, demo } = world
const id = (n: number) => `5f1c6b74-0e30-4d99-8b28-8c4d7a9e2f0${n}`

/** What of somebody's session a browser brings. */
async function sessionOfAnother() {
  const { username, sub, epoch } = await oneMore(world)
  return { username, sub, epoch }
}

/** Takes the name from the session, asks for one, and goes on to a node. */
async function namedAnew(last: string, to: Readonly<Record<string, string>>) {
  return withTrees(alpha, {
    Anew: tree({
      [id(1)]: {
        type: 'SessionDataNode',
        settings: { sessionDataKey: 'UserToken', sharedStateKey: 'username' },
        to: { outcome: id(2) },
      },
      [id(2)]: { type: 'UsernameCollectorNode', to: { outcome: id(3) } },
      [id(3)]: { type: last, to },
    }),
  })
}

test('whoever is known by a session alone may be somebody else who shows a passkey', async () => {
  const device = authenticator('http://localhost:8080')
  const at = journeys(alpha)
  const both = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
  const make = at.asked(await at.answer('PasskeyRegistration', both))
  await at.run(make.authId, { IDToken2: device.register(askedOf(make.callbacks)) })
  const theirs = journeys(alpha, { session: await sessionOfAnother() })
  const asked = await theirs.start('Passkey')
  const answer = device.authenticate(askedOf(asked.callbacks))
  const done = await theirs.run(asked.authId, { IDToken2: answer })
  assert.equal(theirs.userOf(done)?.sub, demo.sub)
})

test('a name that is given after the session’s is whom a journey is about, at its nodes and at its end', async () => {
  const session = await sessionOfAnother()
  const realm = await namedAnew('AccountActiveDecisionNode', { true: successId, false: failureId })
  const theirs = journeys(realm, { session })
  const { authId } = await theirs.start('Anew')
  const done = await theirs.run(authId, { IDToken1: 'demo' })
  assert.equal(theirs.userOf(done)?.sub, demo.sub)
  const again = await theirs.start('Anew')
  const same = await theirs.run(again.authId, { IDToken1: session.username })
  assert.equal(theirs.userOf(same)?.sub, session.sub)
})

test('whom a session names is not changed from a browser that has somebody else’s by then', async () => {
  const session = await sessionOfAnother()
  const realm = await withTrees(alpha, {
    Profile: tree({
      [id(1)]: {
        type: 'SessionDataNode',
        settings: { sessionDataKey: 'UserToken', sharedStateKey: 'userName' },
        to: { outcome: id(2) },
      },
      [id(2)]: {
        type: 'AttributeCollectorNode',
        settings: { attributesToCollect: ['givenName'], identityAttribute: 'userName' },
        to: { outcome: id(3) },
      },
      [id(3)]: {
        type: 'PatchObjectNode',
        settings: {
          ...{ patchAsObject: true, ignoredFields: ['userName'] },
          ...{ identityResource: 'managed/user', identityAttribute: 'userName' },
        },
        to: { PATCHED: successId, FAILURE: failureId },
      },
    }),
  })
  const nameOf = async () => (await findEndUser(realm, session.sub))?.attributes.given_name
  const first = journeys(realm, { session })
  const { username, sub, epoch } = demo
  const later = journeys(realm, { session: { username, sub, epoch } })
  const { authId } = await first.start('Profile')
  assert.equal((await later.run(authId, { IDToken1: 'Somebody' })).kind, 'failure')
  assert.notEqual(await nameOf(), 'Somebody')
  const again = await first.start('Profile')
  assert.equal((await first.run(again.authId, { IDToken1: 'Anybody' })).kind, 'success')
  assert.equal(await nameOf(), 'Anybody')
})
