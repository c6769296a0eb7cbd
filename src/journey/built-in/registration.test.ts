import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../test/journeys.ts'
import { letterBox, suspendedIdIn } from '../../../test/letters.ts'
import { people } from '../../../test/people.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername, removeEndUser } from '../../user/end-user.ts'
import type { AskedStep, Step } from '../step.ts'

const box = letterBox()
const { alpha } = await people({ journeys: ['Login', 'Registration'] })
const realm = { ...alpha, mail: box.mail }
const at = journeys(realm)

/** What the letter to somebody new with that address carries. */
async function linkTo(mail: string): Promise<string> {
  const { authId } = await at.start('Registration')
  await at.run(authId, { IDToken1: 'Ann', IDToken2: 'Example', IDToken3: mail })
  return suspendedIdIn(await box.link())
}

const opened = async (link: string): Promise<AskedStep> => at.asked(await at.resume(link))

const password = 'Correct horse 7'

const chosen = ({ authId }: AskedStep, name: string): Promise<Step> =>
  at.run(authId, { IDToken1: name, IDToken2: password })

/** Who is there, of those names. */
async function there(...names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => findByUsername(realm, name)))
  return found.flatMap((user) => (user === undefined ? [] : [user.username]))
}

test('of two letters to an address only one makes an account: the second tells the name of that, when it is opened or answered', async () => {
  const links = [await linkTo('two@example.com'), await linkTo('two@example.com')]
  const third = await linkTo('two@example.com')
  const [one, other] = await Promise.all(links.map(opened))
  assert.ok(one && other)
  assert.equal((await chosen(one, 'one')).kind, 'success')
  for (const late of [() => chosen(other, 'other'), () => at.resume(third)]) {
    assert.equal(at.asked(await late()).suspended, true)
    const [letter] = await box.fresh()
    assert.match(letter?.text ?? '', /Your user name is one/)
  }
  assert.deepEqual(await there('one', 'other'), ['one'])
})

test('of all who choose one name at once one has it, and the others choose another on a page that says why', async () => {
  const links: string[] = []
  for (let i = 0; i < 4; i += 1) links.push(await linkTo(`racer${i}@example.com`))
  const all = await Promise.all(links.map(opened))
  const steps = await Promise.all(all.map((each) => chosen(each, 'racer')))
  const asked = steps.filter((step) => step.kind === 'ask')
  assert.equal(steps.filter(({ kind }) => kind === 'success').length, 1)
  assert.equal(asked.length, 3)
  assert.ok(asked.some(({ description }) => description?.includes('just now')))
  const later = await Promise.all(asked.map((step, i) => chosen(step, `racer${i}`)))
  for (const step of later) assert.equal(step.kind, 'success')
  assert.deepEqual(await there('racer', 'racer0', 'racer1', 'racer2'), [
    ...['racer', 'racer0', 'racer1', 'racer2'],
  ])
})

test('of two letters that are answered at once one makes an account, and the other tells its name', async () => {
  for (let i = 0; i < 5; i += 1) {
    const [one, other] = [
      await linkTo(`twin${i}@example.com`),
      await linkTo(`Twin${i}@example.com`),
    ]
    const pages = [await opened(one), await opened(other)]
    const names = [`left${i}`, `right${i}`]
    const steps = await Promise.all(pages.map((page, at) => chosen(page, names[at] as string)))
    assert.deepEqual(steps.map(({ kind }) => kind).sort(), ['ask', 'success'])
    const [made, ...more] = await there(...names)
    assert.deepEqual(more, [])
    const [letter] = await box.fresh()
    assert.match(letter?.text ?? '', new RegExp(`Your user name is ${made}`))
  }
})

test('whoever has lost an address to an account that is removed has it with the next answer', async () => {
  const pages = [
    await opened(await linkTo('free@example.com')),
    await opened(await linkTo('free@example.com')),
  ]
  const names = ['freed', 'next'] as const
  const first = pages[0] as AskedStep
  assert.equal((await chosen(first, names[0])).kind, 'success')
  await removeEndUser(realm, (await findByUsername(realm, names[0])) as EndUser)
  assert.equal((await chosen(pages[1] as AskedStep, names[1])).kind, 'success')
})
