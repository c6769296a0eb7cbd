import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { people } from '../../test/people.ts'
import type { Realm } from '../realm/realm.ts'
import { findEndUser, updateEndUser } from './end-user.ts'
import { authenticateEndUser } from './password.ts'

const right = 'Grünes Tor 42'
const hashes = {
  ssha: '$ssha$AQIDBAUGBwg$oIrm/jZ2cShDA7cn5c1Saz+68dw',
  pbkdf2:
    '$pbkdf2-sha256$i=1000,l=32$AQIDBAUGBwgJCgsMDQ4PEA$FUr9+adey0QfHlSfT/iy4Uemz6uvZTgq+xLix/C7PZg',
  bcrypt: '$2b$05$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e',
  argon2i:
    '$argon2i$v=19$m=8192,t=3,p=1$AQIDBAUGBwgJCgsMDQ4PEA$v43/TIFygw+Is7esW8aI8ah5ihJNrUaKHGnrm9oUptY',
} as const

/** As an import leaves it. */
async function withHash(realm: Realm, sub: string, password: string): Promise<void> {
  await updateEndUser(realm, sub, (user) => ({ ...user, password }))
}

test('the first right login makes Argon2id of a hash that came from elsewhere, and ends nothing', async () => {
  const { alpha, demo } = await people()
  for (const [kind, hash] of Object.entries(hashes)) {
    await withHash(alpha, demo.sub, hash)
    assert.equal(await authenticateEndUser(alpha, 'demo', 'Grünes Tor 43', kind), undefined)
    assert.equal((await findEndUser(alpha, demo.sub))?.password, hash)
    assert.equal((await authenticateEndUser(alpha, 'demo', right, kind))?.sub, demo.sub)
    const after = await findEndUser(alpha, demo.sub)
    assert.match(after?.password ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/, kind)
    assert.deepEqual({ ...after, password: '' }, { ...demo, password: '' })
    assert.equal((await authenticateEndUser(alpha, 'demo', right, kind))?.sub, demo.sub)
    assert.deepEqual(await findEndUser(alpha, demo.sub), after)
  }
})

test('a password that is changed while a login makes a better hash of the old one stays changed', async () => {
  const { alpha, demo } = await people()
  await withHash(alpha, demo.sub, hashes.ssha)
  let changed = false
  const late: Realm = {
    ...alpha,
    random: (size) => {
      // Drawn for the better hash: at that moment somebody else is faster.
      changed = true
      void withHash(alpha, demo.sub, hashes.bcrypt)
      return alpha.random(size)
    },
  }
  assert.equal((await authenticateEndUser(late, 'demo', right, 'a'))?.sub, demo.sub)
  assert.equal(changed, true)
  assert.equal((await findEndUser(alpha, demo.sub))?.password, hashes.bcrypt)
})

test('an account that is not active, or has no password, gets no better hash and lets nobody in', async () => {
  const { alpha, demo } = await people()
  await updateEndUser(alpha, demo.sub, (user) => ({
    ...{ ...user, password: hashes.ssha, status: 'Inactive' },
  }))
  assert.equal(await authenticateEndUser(alpha, 'demo', right, 'a'), undefined)
  assert.equal((await findEndUser(alpha, demo.sub))?.password, hashes.ssha)
  await updateEndUser(alpha, demo.sub, (user) => ({ ...user, password: '', status: 'Active' }))
  assert.equal(await authenticateEndUser(alpha, 'demo', '', 'a'), undefined)
})

/** Of the text of no characters: some directory let somebody have it. */
const ofNothing = '$ssha$AQIDBAUGBwg$3VeDvPHpACvACtW4OpXtbk67StU'

test('nobody logs in with an empty password, whatever a hash that came from elsewhere says', async () => {
  const { alpha, demo } = await people()
  await withHash(alpha, demo.sub, ofNothing)
  assert.equal(await authenticateEndUser(alpha, 'demo', '', 'a'), undefined)
})

test('bcrypt looks at 72 bytes: what is behind them never becomes part of the password', async () => {
  const { alpha, demo } = await people()
  const hash = '$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q'
  await withHash(alpha, demo.sub, hash)
  assert.equal((await authenticateEndUser(alpha, 'demo', 'x'.repeat(75), 'a'))?.sub, demo.sub)
  assert.equal((await findEndUser(alpha, demo.sub))?.password, hash)
  assert.equal((await authenticateEndUser(alpha, 'demo', 'x'.repeat(72), 'a'))?.sub, demo.sub)
  assert.match((await findEndUser(alpha, demo.sub))?.password ?? '', /^\$argon2id/)
})

test('K-11 a wrong password takes as long for a hash that came from elsewhere as for one made here and a name that is nobody’s', async () => {
  const { alpha, demo } = await people()
  let sources = 0
  const least = (name: string): Promise<number> =>
    cpuTime(() => {
      sources += 1
      return authenticateEndUser(alpha, name, 'wrong', `${name}${sources}`)
    }, 4)
  const slow = hashes.pbkdf2.replace('i=1000', 'i=30000')
  for (const hash of [slow, hashes.ssha]) {
    await withHash(alpha, demo.sub, hash)
    await authenticateEndUser(alpha, 'demo', 'wrong', 'first')
    const ratio = (await least('demo')) / (await least('nobody'))
    assert.ok(ratio > 0.6 && ratio < 1.6, `${hash.slice(0, 12)} ${ratio}`)
  }
})
