import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../test/administrator.ts'
import { withEvents } from '../../test/events.ts'
import { bodyOf, world } from '../../test/world.ts'
import type { Json, JsonObject } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import type { Surroundings } from '../realm/script/placeholder.ts'
import { filled, openPlaceholders } from '../realm/script/placeholder.ts'
import { usualScriptRules } from '../realm/script/rules.ts'
import { findNode, findTree } from './find.ts'
import { successId } from './tree.ts'
import { lackingOf } from './unserved.ts'

const variables = { 'esv.host': 'mail.example', 'esv.port': '25', 'esv.list': 'a,b' }
const values = { '/alpha': { variables, secrets: {}, addresses: [] } }
const scripts = { ...usualScriptRules, values }
const alpha: Surroundings = { path: '/alpha', scripts }

const fillings: readonly (readonly [written: Json, meant: Json, open?: readonly string[]])[] = [
  ['plain', 'plain'],
  ['&{esv.host}', 'mail.example'],
  ['smtp://&{esv.host}:&{esv.port}', 'smtp://mail.example:25'],
  ['&{esv.none|else}', 'else'],
  ['&{esv.none}', '&{esv.none}', ['esv.none']],
  [{ en: 'At &{esv.host}' }, { en: 'At mail.example' }],
  [
    ['&{esv.host}', 1],
    ['mail.example', 1],
  ],
  [{ $string: '&{esv.host}' }, 'mail.example'],
  [{ $int: '&{esv.port}' }, 25],
  [{ $bool: '&{esv.none|true}' }, true],
  [{ $list: '&{esv.list}' }, ['a', 'b']],
  [{ $int: '&{esv.none}' }, { $int: '&{esv.none}' }, ['esv.none']],
  ['&{constructor}', '&{constructor}', ['constructor']],
  [{ $int: 5 }, { $int: 5 }],
]
test('AIC: what a node names in its environment is what the script values of its realm say, of the kind that stands beside it', () => {
  for (const [written, meant, open = []] of fillings) {
    assert.deepEqual(filled(alpha, { value: written }), { value: meant }, JSON.stringify(written))
    assert.deepEqual(openPlaceholders(alpha, { value: written }), open, JSON.stringify(written))
  }
  assert.deepEqual(openPlaceholders({ path: '/' }, { a: '&{esv.host}' }), ['esv.host'])
})

const base = '/realm-config/authentication/authenticationtrees'
const [page, word] = [1, 2].map((n) => `6c1c2d3e-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
]
const start = '/authenticate?authIndexType=service&authIndexValue=Named'
const ofLogin = { 'accept-api-version': 'resource=2.1, protocol=1.0' }

test('AIC: a journey whose nodes name what has no value is not started and not enabled, and log and answer say which', async () => {
  const w = await world()
  const call = await administrator(w)
  const put = (url: string, body: JsonObject) => call('PUT', `${base}${url}`, body)
  const inside = [{ _id: word, nodeType: 'PasswordCollectorNode', displayName: 'Word' }]
  const header = { pageHeader: { en: 'Mail of &{esv.host}' }, nodes: inside }
  const saved = await put(`/nodes/PageNode/${page}`, header)
  assert.deepEqual(bodyOf(saved).parapet, { unserved: ['pageHeader'] })
  await put(`/nodes/PasswordCollectorNode/${word}`, {})
  const tree = (enabled: boolean): JsonObject => ({
    ...{ entryNodeId: page, enabled },
    nodes: { [page]: { nodeType: 'PageNode', connections: { outcome: successId } } },
  })
  assert.equal((await put('/trees/Named', tree(true))).status, 201)
  const { value: refused, events } = await withEvents(() => call('POST', start, {}, ofLogin))
  assert.deepEqual([refused.status, bodyOf(refused).message], [400, 'No Configuration found'])
  const told = events.find(({ name }) => name === 'journey.not_started')
  assert.match(String(told?.fields.reason), /no value for esv\.host among/)
  await put('/trees/Named', tree(false))
  const enabling = await put('/trees/Named', tree(true))
  assert.equal(enabling.status, 400)
  assert.match(String(bodyOf(enabling).message), /cannot be enabled, .*no value for esv\.host/)
  const realm: Realm = { ...(await w.realm()), scripts }
  const found = await findTree(realm, 'Named')
  assert.ok(found)
  assert.deepEqual(await lackingOf(realm, found.tree), { types: [], values: [], cookies: [] })
  const node = await findNode(realm, 'PageNode', page)
  assert.deepEqual(node?.values.pageHeader, { en: 'Mail of mail.example' })
  await put(`/nodes/PageNode/${page}`, { ...header, pageHeader: { en: '&{esv.host|Hello}' } })
  assert.equal((await put('/trees/Named', tree(true))).status, 200)
  assert.equal(bodyOf(await call('POST', start, {}, ofLogin)).header, 'Hello')
})
