import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { world } from '../../test/world.ts'
import type { Realm } from '../realm/realm.ts'
import { nameTried } from './name-tried.ts'
import { authenticateEndUser } from './password.ts'

const w = await world()
const alpha = await w.realm()
const bravo = await w.realm('/bravo')

test('P-1 the name tried at a failed login is told as a keyed hash: one for all spellings, another one in each realm', async () => {
  const hashOf = (realm: Realm, name: string) => nameTried(realm, name).name_hash ?? ''
  const hash = hashOf(alpha, 'Dana Doe')
  assert.match(hash, /^[\w-]{16}$/)
  assert.equal(hashOf(alpha, ' dana  DOE '), hash)
  assert.notEqual(hashOf(alpha, 'dana dee'), hash)
  assert.notEqual(hashOf(bravo, 'Dana Doe'), hash)
  assert.match(hashOf(alpha, 'x'.repeat(1_000_000)), /^[\w-]{16}$/)
})

/** What is told of a name, by the server's setting. */
const told = [
  [undefined, ['name_hash']],
  ['hash', ['name_hash']],
  ['plain', ['name']],
  ['none', []],
] as const

for (const [logNames, members] of told) {
  test(`P-1 a wrong password tells the name tried ${members[0] ?? 'not at all'} where names are ${logNames ?? 'as ever'}`, async () => {
    const realm: Realm = { ...alpha, logNames }
    for (const [name, sub] of [
      ['Demo', w.demo.sub],
      ['S3cr3t typed here', undefined],
    ] as const) {
      const { value, events } = await withEvents(() =>
        authenticateEndUser(realm, name, 'wrong', `192.0.2.${members.length}`),
      )
      assert.equal(value, undefined)
      const { fields } = events.find((each) => each.name === 'login.wrong') ?? assert.fail()
      assert.equal(fields.sub, sub)
      const shown = ['name', 'name_hash'].filter((member) => fields[member] !== undefined)
      assert.deepEqual(shown, members)
      if (logNames !== 'plain') assert.ok(!/demo|s3cr3t/i.test(JSON.stringify(fields)))
      else assert.equal(fields.name, name.toLowerCase())
    }
  })
}
