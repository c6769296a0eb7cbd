import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered } from '../../../test/administered.ts'
import { journeys } from '../../../test/journeys.ts'
import { letterBox, suspendedIdIn } from '../../../test/letters.ts'
import { oneMore, people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import type { Json } from '../../base/json.ts'
import { insertEndUser, first as noCounters } from '../../user/account/account.ts'
import { changeEndUser, findByUsername } from '../../user/end-user.ts'
import { authenticateEndUser } from '../../user/password.ts'
import { findJourney } from '../find.ts'
import { nodeProblems } from '../node-setting.ts'
import { nodeTypes } from '../node-types.ts'
import type { AskedStep, Step } from '../step.ts'
import { provenUser } from '../step.ts'
import { failureId, successId } from '../tree.ts'
import { builtInJourneys } from './index.ts'

const enabled = { journeys: ['Login', 'Password', ...Object.keys(builtInJourneys)] }

async function realmOfOwn() {
  const world = await people(enabled)
  const box = letterBox()
  const realm = { ...world.alpha, mail: box.mail }
  return { ...world, box, realm, at: journeys(realm) }
}

/** Answers a step by the kinds of its callbacks in their order. */
function answers(step: AskedStep, ...values: readonly Json[]): Record<string, Json> {
  const inputs = step.callbacks.filter(({ input = [] }) => input.length > 0)
  return Object.fromEntries(
    inputs.flatMap(({ input }, i) => {
      const name = input?.[0]?.name
      return name === undefined || values[i] === undefined ? [] : [[name, values[i]]]
    }),
  )
}

const shared = await realmOfOwn()

test('PingAM: by default a realm has only the journeys to log in', async () => {
  const { alpha } = await people()
  for (const name of Object.keys(builtInJourneys))
    assert.equal(
      findJourney(alpha, name)?.name,
      ['Login', 'Password'].includes(name) ? name : undefined,
    )
})

test('each node of a built-in journey is of a kind there is, with settings it takes, and its outcomes lead somewhere', async () => {
  const { at, realm } = shared
  assert.ok(at && realm)
  for (const [name, { tree, nodes }] of Object.entries(builtInJourneys)) {
    const placed = tree.nodes as Record<string, { nodeType: string; connections: object }>
    for (const [id, { type, document }] of Object.entries(nodes)) {
      const kind = nodeTypes[type]
      assert.ok(kind, `${name}: ${type}`)
      assert.deepEqual(nodeProblems(kind.settings, document), [], `${name}: ${type} ${id}`)
    }
    for (const { connections } of Object.values(placed))
      for (const to of Object.values(connections))
        assert.ok(
          [successId, failureId].includes(to) || Object.hasOwn(placed, to),
          `${name}: ${to}`,
        )
  }
})

/** What a step tells whoever sees it, without what is drawn anew each time. */
function told(step: Step): object {
  return step.kind === 'ask' ? { ...step, authId: '' } : { kind: step.kind }
}

test('Registration confirms the address, then takes name and password, and makes the account', async () => {
  const { at, realm, box } = shared
  const first = await at.start('Registration')
  const sent = at.asked(
    await at.run(first.authId, answers(first, 'Ann', 'Example', 'ann@example.com')),
  )
  assert.equal(sent.suspended, true)
  assert.equal(await findByUsername(realm, 'ann'), undefined)
  const choose = at.asked(await at.resume(suspendedIdIn(await box.link())))
  const done = await at.run(choose.authId, answers(choose, 'ann', 'Correct horse 7'))
  assert.equal(done.kind, 'success')
  const user = await findByUsername(realm, 'ann')
  assert.deepEqual(
    [user?.attributes.given_name, user?.attributes.family_name, user?.attributes.email],
    ['Ann', 'Example', 'ann@example.com'],
  )
  assert.equal(user?.attributes.email_verified, true)
  assert.equal(at.userOf(done)?.sub, user?.sub)
  assert.ok(await authenticateEndUser(realm, 'ann', 'Correct horse 7', '127.0.0.1'))
})

test('Registration answers whoever gives the address of an account the same, and its owner is told the name', async () => {
  const { at, box } = shared
  const register = async (mail: string): Promise<Step> => {
    const first = await at.start('Registration')
    return at.run(first.authId, answers(first, 'Ann', 'Example', mail))
  }
  const fresh = await register('nobody@example.com')
  await box.fresh()
  const known = await register('demo@example.com')
  assert.deepEqual(told(known), told(fresh))
  const [letter] = await box.fresh()
  assert.match(letter?.text ?? '', /Your user name is demo/)
})

test('ResetPassword takes another password of whoever has the link, and ends what the old one had begun, whoever else says the address is theirs', async () => {
  const { at, realm, box, demo, ...world } = await realmOfOwn()
  const stranger = await oneMore({ ...world, demo })
  await changeEndUser(realm, stranger.sub, { attributes: {} })
  const claim = { mail: ['demo@example.com', 'stranger@example.com'] }
  assert.equal(await administered(realm, stranger.sub, claim, true), 'updated')
  const first = await at.start('ResetPassword')
  const sent = at.asked(await at.run(first.authId, answers(first, 'demo@example.com')))
  assert.equal(sent.suspended, true)
  const choose = at.asked(await at.resume(suspendedIdIn(await box.link())))
  const weak = at.asked(await at.run(choose.authId, answers(choose, 'x')))
  const done = await at.run(weak.authId, answers(weak, 'Correct horse 7'))
  assert.ok(done.kind === 'success')
  assert.equal((await provenUser(realm, done))?.sub, demo.sub)
  assert.ok(((await findByUsername(realm, 'demo'))?.epoch ?? 0) > demo.epoch)
  assert.ok(await authenticateEndUser(realm, 'demo', 'Correct horse 7', '127.0.0.1'))
})

test('of two links of ResetPassword the second is none once the first has changed the password', async () => {
  const { at, realm, box } = await realmOfOwn()
  const links: string[] = []
  for (let i = 0; i < 2; i += 1) {
    const first = await at.start('ResetPassword')
    await at.run(first.authId, answers(first, 'demo@example.com'))
    links.push(suspendedIdIn(await box.link()))
  }
  const [one = '', other = ''] = links
  const choose = at.asked(await at.resume(one))
  assert.equal((await at.run(choose.authId, answers(choose, 'Correct horse 0'))).kind, 'success')
  assert.equal((await at.resume(other)).kind, 'failure')
  assert.ok(await authenticateEndUser(realm, 'demo', 'Correct horse 0', '127.0.0.1'))
})

test('of two people who have opened links of ResetPassword the second changes nothing once the first has', async () => {
  const { at, realm, box } = await realmOfOwn()
  const opened: AskedStep[] = []
  for (let i = 0; i < 2; i += 1) {
    const first = await at.start('ResetPassword')
    await at.run(first.authId, answers(first, 'demo@example.com'))
    opened.push(at.asked(await at.resume(suspendedIdIn(await box.link()))))
  }
  const kinds: string[] = []
  for (const [i, choose] of opened.entries())
    kinds.push((await at.run(choose.authId, answers(choose, `Correct horse ${i}`))).kind)
  assert.deepEqual(kinds, ['success', 'failure'])
  assert.ok(await authenticateEndUser(realm, 'demo', 'Correct horse 0', '127.0.0.1'))
})

test('ResetPassword and ForgottenUsername answer the same whether or not there is an account', async () => {
  const { at, box } = shared
  for (const journey of ['ResetPassword', 'ForgottenUsername']) {
    const ask = async (mail: string): Promise<Step> => {
      const first = await at.start(journey)
      return at.run(first.authId, answers(first, mail))
    }
    const known = await ask('demo@example.com')
    assert.equal((await box.fresh()).length, 1)
    const unknown = await ask('nobody@example.com')
    assert.equal((await box.fresh()).length, 0)
    assert.deepEqual(told(unknown), told(known))
  }
})

test('ForgottenUsername mails the name, and its link leads to Login', async () => {
  const { at, realm, box, demo } = shared
  const first = await at.start('ForgottenUsername')
  await at.run(first.authId, answers(first, 'demo@example.com'))
  const [letter] = await box.fresh()
  assert.match(letter?.text ?? '', /Your user name is demo/)
  const link = /https?:\S+/.exec(letter?.text ?? '')?.[0] ?? ''
  const login = at.asked(await at.resume(suspendedIdIn(link)))
  assert.deepEqual(login.callbacks[0]?.input, [{ name: 'IDToken1', value: 'demo' }])
  const wrong = at.asked(await at.run(login.authId, answers(login, 'demo', 'wrong')))
  const again = at.asked(await at.run(wrong.authId, { IDToken2: 0 }))
  const done = await at.run(again.authId, answers(again, 'demo', 'Ch4ng31t'))
  assert.ok(done.kind === 'success')
  assert.equal((await provenUser(realm, done))?.sub, demo.sub)
})

test('whoever fails to log in at the end of a link is told so and may try again, or leave', async () => {
  const { at, box } = shared
  const first = await at.start('Registration')
  await at.run(first.authId, answers(first, 'Ann', 'Other', 'demo@example.com'))
  const login = at.asked(await at.resume(suspendedIdIn(await box.link())))
  const wrong = at.asked(await at.run(login.authId, answers(login, 'demo', 'wrong')))
  assert.deepEqual(
    wrong.callbacks.map(({ type }) => type),
    ['TextOutputCallback', 'ConfirmationCallback'],
  )
  assert.match(String(wrong.callbacks[0]?.output?.[0]?.value), /did not work/)
  assert.equal((await at.run(wrong.authId, { IDToken2: 1 })).kind, 'failure')
})

test('UpdatePassword asks the old password of whoever is logged in, and nobody else', async () => {
  const { realm, demo, at } = await realmOfOwn()
  const mine = journeys(realm, { session: { username: 'demo', sub: demo.sub } })
  const old = await mine.start('UpdatePassword')
  assert.equal((await mine.run(old.authId, answers(old, 'wrong'))).kind, 'failure')
  const again = await mine.start('UpdatePassword')
  const choose = mine.asked(await mine.run(again.authId, answers(again, 'Ch4ng31t')))
  const done = await mine.run(choose.authId, answers(choose, 'Correct horse 7'))
  assert.ok(done.kind === 'success')
  assert.equal((await provenUser(realm, done))?.sub, demo.sub)
  assert.ok(await authenticateEndUser(realm, 'demo', 'Correct horse 7', '127.0.0.1'))
  await assert.rejects(at.start('UpdatePassword'))
})

const notTheirs = 'That was not your password. Nothing was changed yet: try again.'

test('UpdateEmail changes the address once it is confirmed there, by the password', async () => {
  const { realm, demo, box, at } = await realmOfOwn()
  const mine = journeys(realm, { session: { username: 'demo', sub: demo.sub } })
  const first = await mine.start('UpdateEmail')
  const sent = mine.asked(await mine.run(first.authId, answers(first, 'new@example.com')))
  assert.equal(sent.suspended, true)
  const [letter] = await box.fresh()
  assert.equal(letter?.to.address, 'new@example.com')
  const mail = async () => (await findByUsername(realm, 'demo'))?.attributes.email
  assert.equal(await mail(), 'demo@example.com')
  const link = /https?:\S+/.exec(letter?.text ?? '')?.[0] ?? ''
  // On another device, where nobody is logged in.
  const ask = at.asked(await at.resume(suspendedIdIn(link)))
  const wrong = at.asked(await at.run(ask.authId, answers(ask, 'wrong')))
  assert.deepEqual([ask.description, wrong.description], [undefined, notTheirs])
  assert.equal(await mail(), 'demo@example.com')
  const done = await at.run(wrong.authId, answers(wrong, 'Ch4ng31t'))
  assert.deepEqual([done.kind, await mail()], ['success', 'new@example.com'])
  await assert.rejects(at.start('UpdateEmail'))
})

test('UpdatePassword mails a link to whoever has no password yet', async () => {
  const { realm, box, at } = shared
  const sub = '0b9c1d2e-3f40-4a51-8b62-7c83d94ea5f6'
  const attributes = { email: 'new@example.com' }
  const user = { ...noCounters, sub, username: 'new', password: '', attributes, roles: [] }
  assert.equal(await insertEndUser(realm, { ...user, status: 'Active' }), 'won')
  const mine = journeys(realm, { session: { username: 'new', sub } })
  assert.equal((await mine.start('UpdatePassword')).suspended, true)
  const choose = at.asked(await at.resume(suspendedIdIn(await box.link())))
  const done = await at.run(choose.authId, answers(choose, 'Correct horse 7'))
  assert.deepEqual([done.kind, at.userOf(done)?.sub], ['success', sub])
  assert.ok(await authenticateEndUser(realm, 'new', 'Correct horse 7', '127.0.0.1'))
})

test('ProgressiveProfile asks at the third login, and once it is answered no more', async () => {
  const { realm } = shared
  const inner = { type: 'InnerTreeEvaluatorNode', settings: { tree: 'ProgressiveProfile' } }
  const at = journeys(
    await withTrees(realm, {
      Third: tree({
        name: { type: 'UsernameCollectorNode', to: { outcome: 'count' } },
        count: { type: 'IncrementLoginCountNode', to: { outcome: 'more' } },
        more: { ...inner, to: { true: successId, false: failureId } },
      }),
    }),
  )
  const login = () => at.answer('Third', { IDToken1: 'demo' })
  for (const _ of [1, 2]) assert.equal((await login()).kind, 'success')
  const asked = at.asked(await login())
  const done = await at.run(asked.authId, answers(asked, true, false))
  assert.equal(done.kind, 'success')
  const user = await findByUsername(realm, 'demo')
  assert.deepEqual(user?.notes?.preferences, { updates: true, marketing: false })
  assert.equal((await login()).kind, 'success')
})
