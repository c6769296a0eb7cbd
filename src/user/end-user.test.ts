import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { never, StoreUnavailable } from '../store/store.ts'
import { userFolder } from './account/key.ts'
import type { EndUser } from './end-user.ts'
import {
  changeEndUser,
  createEndUser,
  findByUsername,
  findEndUser,
  removeEndUser,
} from './end-user.ts'

test('OIDC Core §1.2 a user is found by sub and by name, in their own realm only', async () => {
  const { alpha, root, demo } = await people()
  assert.match(demo.sub, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.deepEqual(await findEndUser(alpha, demo.sub), demo)
  assert.deepEqual(await findByUsername(alpha, 'demo'), demo)
  assert.equal(await findEndUser(root, demo.sub), undefined)
  assert.equal(await findByUsername(root, 'demo'), undefined)
  assert.equal(await findByUsername(alpha, 'amadmin'), undefined)
})

test('PingAM: a name is one name however it is written', async () => {
  const { alpha, demo } = await people()
  assert.equal((await findByUsername(alpha, 'DEMO'))?.sub, demo.sub)
  const composed = await createEndUser(alpha, { username: 'Zoë', password: 'x' })
  assert.equal((await findByUsername(alpha, 'zoe\u0308'))?.sub, composed?.sub)
  assert.equal(await createEndUser(alpha, { username: 'Demo', password: 'x' }), undefined)
})

test('RFC 4518 §2.6.1 spaces fold: none around a name, one of many inside', async () => {
  const { alpha, demo } = await people()
  const spellings = ['demo ', ' demo', '\tDemo\u00a0', 'demo\n', '  DEMO  ']
  for (const name of spellings) {
    assert.equal((await findByUsername(alpha, name))?.sub, demo.sub, JSON.stringify(name))
    assert.equal(await createEndUser(alpha, { username: name, password: 'x' }), undefined)
  }
  const ann = await createEndUser(alpha, { username: ' Ann  Lee', password: 'x' })
  for (const name of ['ann lee', 'ANN   LEE ', 'ann\u3000lee'])
    assert.equal((await findByUsername(alpha, name))?.sub, ann?.sub)
  for (const name of ['annlee', 'de mo', ' ', '\t', '\u2003'])
    assert.equal(await findByUsername(alpha, name), undefined, JSON.stringify(name))
  await removeEndUser(alpha, ann as EndUser)
  assert.equal(await findByUsername(alpha, 'ann lee'), undefined)
})

test('RFC 4518 §2.6.1 an account from before spaces folded is found by its own spelling, and harms no other', async () => {
  const { alpha, demo } = await people()
  const sub = '11111111-2222-4333-8444-555555555555'
  const old: EndUser = { ...demo, sub, username: 'Demo ' }
  const key = 'username/%2Falpha/demo%20'
  await alpha.settings.insert(
    `${userFolder(alpha)}/${sub}`,
    Buffer.from(JSON.stringify(old)),
    never,
  )
  await alpha.settings.insert(key, Buffer.from(sub), never)
  assert.equal((await findByUsername(alpha, 'demo '))?.sub, sub)
  assert.equal((await findByUsername(alpha, 'demo'))?.sub, demo.sub)
  assert.equal((await findByUsername(alpha, 'demo  '))?.sub, demo.sub)
  await removeEndUser(alpha, old)
  assert.equal((await findByUsername(alpha, 'demo '))?.sub, demo.sub)
})

test('T-8 names that are no names find nobody', async () => {
  const { alpha } = await people()
  const names = [
    '',
    '__proto__',
    'constructor',
    'toString',
    '\ud800',
    'x'.repeat(10_000),
    '\u{1f600}'.repeat(100),
    '../demo',
    'a/b',
  ]
  for (const name of names) assert.equal(await findByUsername(alpha, name), undefined, name)
  for (const sub of ['', '__proto__', '../demo', 'x'.repeat(1000)]) {
    assert.equal(await findEndUser(alpha, sub), undefined)
  }
  assert.equal(await createEndUser(alpha, { username: 'x'.repeat(257), password: 'x' }), undefined)
})

test('of many who take one name at once one gets it, and the others leave nothing', async () => {
  const { alpha } = await people()
  const before = (await alpha.settings.list(userFolder(alpha), 100)).keys.length
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      createEndUser(alpha, { username: i % 2 === 0 ? 'same' : 'SAME', password: 'x' }),
    ),
  )
  assert.equal(all.filter((user) => user !== undefined).length, 1)
  assert.equal((await alpha.settings.list(userFolder(alpha), 100)).keys.length, before + 1)
  const winner = all.find((user) => user !== undefined)
  assert.equal((await findByUsername(alpha, 'same'))?.sub, winner?.sub)
})

test('house: an account that keeps changing is changed forty times in vain, not for ever', async () => {
  const { alpha, demo } = await people()
  let tries = 0
  const settings = {
    ...alpha.settings,
    async replace() {
      tries += 1
      return 'lost' as const
    },
  }
  const change = changeEndUser({ ...alpha, settings }, demo.sub, { roles: [] })
  await assert.rejects(change, StoreUnavailable)
  assert.equal(tries, 40)
})

test('a change is seen at once, and two changes at once both stand', async () => {
  const { alpha, demo } = await people()
  await findEndUser(alpha, demo.sub)
  const done = await Promise.all([
    changeEndUser(alpha, demo.sub, { status: 'Inactive' }),
    changeEndUser(alpha, demo.sub, { roles: ['tester'] }),
  ])
  assert.deepEqual(done, [true, true])
  const after = await findEndUser(alpha, demo.sub)
  const counters = { epoch: 1, grantEpoch: 1 }
  assert.deepEqual({ ...demo, status: 'Inactive', roles: ['tester'], ...counters }, after)
  const nobody = '00000000-0000-4000-8000-000000000000'
  assert.equal(await changeEndUser(alpha, nobody, { status: 'Active' }), false)
})
