import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const w = await world()
const { call } = await caller(w, '/', ['admin'])
const url = `${origin}/openidm/config/fieldPolicy/alpha_user`

type Rule = JsonObject & { readonly type: string }

async function policy(): Promise<{ readonly rules: readonly Rule[]; readonly rest: JsonObject }> {
  const { validator, ...rest } = bodyOf(await call('GET', url)) as JsonObject
  return { rules: validator as readonly Rule[], rest }
}

test('PingIDM: what passwords have to be is read and set by fieldPolicy, and is what the realm’s settings say', async () => {
  const { rules, rest } = await policy()
  assert.deepEqual(rest, {
    ...{ _id: 'fieldPolicy/alpha_user', type: 'password-policy', passwordAttribute: 'password' },
    resourceCollection: 'managed/alpha_user',
  })
  const [length] = rules
  assert.deepEqual([length?.type, length?.minPasswordLength], ['length-based', 8])
  const { version } = await w.realm()
  const put = await call('PUT', url, { ...rest, validator: rules })
  assert.deepEqual([put.status, bodyOf(put).parapet], [200, undefined])
  assert.equal((await w.realm()).version, version)
  const characterSet = ['0:abc', '2:ABCDEFGHIJKLMNOPQRSTUVWXYZ', '1:0123456789', '3:!?']
  const validator = [
    { type: 'length-based', enabled: true, minPasswordLength: 12 },
    { type: 'character-set', enabled: true, allowUnclassifiedCharacters: true, characterSet },
    { type: 'attribute-value', enabled: true, matchAttribute: ['userName'] },
    { type: 'dictionary', enabled: false },
  ]
  assert.equal((await call('PUT', url, { ...rest, validator })).status, 200)
  const { provider } = await w.realm()
  const { passwordMinCapitals, passwordMinNumbers, passwordMinOthers } = provider
  assert.deepEqual([passwordMinCapitals, passwordMinNumbers, passwordMinOthers], [2, 1, 3])
  assert.deepEqual([provider.passwordMinLength, provider.passwordRefuseName], [12, true])
  assert.equal(provider.passwordRefuseCommon, false)
  const [again, set] = (await policy()).rules
  assert.equal(again?.minPasswordLength, 12)
  assert.match(JSON.stringify(set?.characterSet), /^\["2:ABC/)
})

test('C-39 a rule that the realm has no setting for is kept, given back and named; fewer than eight characters are refused', async () => {
  const { rest, rules } = await policy()
  const repeated = { _id: 'r', type: 'repeated-characters', enabled: true, maxConsecutiveLength: 2 }
  const put = await call('PUT', url, { ...rest, validator: [...rules, repeated] })
  assert.deepEqual(bodyOf(put).parapet, { unserved: ['repeated-characters'] })
  assert.deepEqual((await policy()).rules.at(-1), repeated)
  const back = await call('PUT', url, { ...rest, validator: rules })
  assert.equal(bodyOf(back).parapet, undefined)
  assert.equal((await policy()).rules.length, rules.length)
  const short = { type: 'length-based', enabled: true, minPasswordLength: 6 }
  const refused = await call('PUT', url, { ...rest, validator: [short] })
  assert.equal(refused.status, 400)
  assert.match(String(bodyOf(refused).message), /passwordMinLength/)
})

test('C-29 the policy of a realm is its administrators’, and of a realm that is not there nobody’s', async () => {
  const { call: theirs } = await caller(w, '/alpha', ['admin'])
  assert.equal((await theirs('GET', url)).status, 200)
  assert.equal((await theirs('GET', url.replace('alpha', 'bravo'))).status, 403)
  assert.equal((await call('GET', url.replace('alpha', 'none'))).status, 404)
})
