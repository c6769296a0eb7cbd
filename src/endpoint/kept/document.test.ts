import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { withEvents } from '../../../test/events.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { keptKind, keptPaths } from '../../config/kept/document.ts'
import { anyState } from '../../config/kind.ts'
import { realmKind } from '../../config/realm.ts'
import { never } from '../../store/store.ts'
import { shownAs } from './below.ts'

const w = await world()
const call = await administrator(w)
const global = `${origin}/am/json/global-config`

/** What tenants have beside clients and the provider, as tools write it; ids and types as they are there. */
const documents: readonly (readonly [path: string, body: JsonObject])[] = [
  [
    '/realm-config/services/email',
    { _id: '', _type: { _id: 'email', name: 'Email Service', collection: false }, port: 465 },
  ],
  [
    '/realm-config/services/email/smtpTransports/gmail',
    { _id: 'gmail', host: 'smtp.example', nothing: null },
  ],
  [
    '/realm-config/agents/WebAgent/front',
    { _id: 'front', globalWebAgentConfig: { status: { inherited: false, value: 'Active' } } },
  ],
  ['/realm-config/agents/groups/WebAgent/all', { _id: 'all' }],
  ['/realm-config/secrets/stores/FileSystemSecretStore/files', { _id: 'files', format: 'PLAIN' }],
  [
    '/realm-config/secrets/stores/FileSystemSecretStore/files/mappings/am.x',
    { _id: 'am.x', aliases: ['a'] },
  ],
  ['/policies/one', { _id: 'one', name: 'one', active: true }],
  ['/applications/a%20set', { _id: 'a set', name: 'a set' }],
  [`${global}/services/dashboard`, { _id: '', defaults: {} }],
]

for (const [path, body] of documents) {
  test(`C-39 ${path.replace(origin, '')} is kept, said to be only kept, and given back as it came`, async () => {
    const { value: put, events } = await withEvents(() => call('PUT', path, body))
    assert.equal(put.status, 201, String(put.body))
    assert.deepEqual(bodyOf(put).parapet, { unserved: ['*'] })
    assert.ok(events.some(({ name }) => name === 'config.unserved'))
    const { _rev, _type, ...read } = bodyOf(await call('GET', path)) as JsonObject
    const { _type: type, ...rest } = body
    assert.deepEqual(read, rest)
    if (type !== undefined) assert.deepEqual(_type, type)
    const again = await call(
      'PUT',
      path,
      { _type: _type ?? null, ...read },
      { 'if-match': String(_rev) },
    )
    assert.equal(again.status, 200)
    assert.equal((await call('PUT', path, body, { 'if-none-match': '*' })).status, 412)
  })
}

const lists: readonly (readonly [method: 'GET' | 'POST', url: string, ids: readonly string[]])[] = [
  ['POST', '/realm-config/services?_action=nextdescendents', ['oauth-oidc', 'email']],
  ['GET', '/realm-config/services?_queryFilter=true', ['oauth-oidc', 'email']],
  ['POST', '/realm-config/services/email?_action=nextdescendents', ['gmail']],
  ['GET', '/realm-config/agents/WebAgent?_queryFilter=true', ['front']],
  ['POST', '/realm-config/agents?_action=nextdescendents', ['myClient', 'myPublicClient', 'front']],
  ['POST', '/realm-config/agents/groups?_action=nextdescendents', ['all']],
  ['POST', '/realm-config/secrets/stores?_action=nextdescendents', ['files']],
  [
    'GET',
    '/realm-config/secrets/stores/FileSystemSecretStore/files/mappings?_queryFilter=true',
    ['am.x'],
  ],
  ['GET', `/policies?_queryFilter=${encodeURIComponent('name eq "one"')}`, ['one']],
  ['GET', `/policies?_queryFilter=${encodeURIComponent('name eq "two"')}`, []],
  [
    'GET',
    `/applications?_queryFilter=${encodeURIComponent('name eq "^(?!theirs$).*"')}`,
    ['a set'],
  ],
  ['POST', `${global}/services?_action=nextdescendents`, ['dashboard']],
]
test('PingAM: rest-api-crest-query what is kept is listed where PingAM lists it', async () => {
  for (const [method, url, ids] of lists) {
    const answer = await call(method, url, method === 'POST' ? {} : undefined)
    const { result } = bodyOf(answer) as { result: JsonObject[] }
    assert.deepEqual(
      result.map(({ _id }) => _id),
      ids,
      url,
    )
  }
})

test('C-39 the list of what is not served has what is only kept, each in its realm', async () => {
  const { result } = bodyOf(await call('GET', '/parapet/unserved')) as { result: JsonObject[] }
  assert.equal(result.length, documents.length - 1)
  assert.ok(result.some(({ _id }) => _id === 'kept/policies/one'))
  const ofRoot = bodyOf(await call('GET', `${origin}/am/json/parapet/unserved`))
  assert.deepEqual(
    (ofRoot.result as JsonObject[]).map(({ id }) => id),
    ['global-config/services/dashboard'],
  )
})

test('C-39 what is deleted is gone', async () => {
  for (const [path] of documents) {
    assert.equal((await call('DELETE', path)).status, 200, path)
    assert.equal((await call('GET', path)).status, 404, path)
    assert.equal((await call('DELETE', path)).status, 404, path)
  }
})

const refusals: readonly (readonly [why: string, path: string, body: JsonObject])[] = [
  ['too large', '/realm-config/services/email', { x: 'x'.repeat(262_144) }],
  ['a long path', `/policies/${'x'.repeat(600)}`, {}],
  ['a path that is long in ASCII', `/policies/${encodeURIComponent('€'.repeat(100))}`, {}],
  ['many names', `/realm-config/${'x/'.repeat(12)}x`, {}],
  ['a name that is none in a URL', '/policies/%2e%2e', {}],
  ['a name with a control character', '/policies/%00', {}],
]
for (const [why, path, body] of refusals) {
  test(`C-39 what is kept is bounded: ${why}`, async () => {
    assert.equal((await call('PUT', path, body)).status, 400)
  })
}

test('C-39 nothing is kept in the place of what is served, by whichever door', async () => {
  const realm = await w.realm()
  for (const path of [
    'realm-config/agents/OAuth2Client/x',
    'realm-config/services/oauth-oidc',
    'global-config/services/x',
    'users/x',
    'scripts/x',
    'realm-config/authentication',
    'realm-config/authentication/authenticationtrees/trees/x',
  ]) {
    const saved = await keptKind.save(realm, path, {}, { by: 'test', condition: anyState })
    assert.equal(saved.outcome, 'invalid', path)
  }
})

test('C-37 with its realm goes what was kept in it', async () => {
  const root = await w.realm('/')
  const change = { by: 'test', condition: anyState }
  await realmKind.save(root, '/short', {}, change)
  await keptKind.save(await w.realm('/short'), 'policies/x', {}, change)
  await realmKind.remove(root, '/short', change)
  await realmKind.save(root, '/short', {}, change)
  for await (const path of keptPaths(await w.realm('/short'), '')) assert.fail(path)
})

test('PingAM: of what there is one of, by its place, its id or its type, the id is empty; of others the last name of the path', () => {
  const one = { _type: { _id: 'authentication', name: 'Core', collection: false } }
  const rows: readonly (readonly [string, JsonObject, string])[] = [
    ['realm-config/services/email', {}, ''],
    ['realm-config/authentication', { _id: '' }, ''],
    ['realm-config/authentication', one, ''],
    ['realm-config/agents/WebAgent/gate', { _type: { collection: true } }, 'gate'],
    ['scripts/s1', {}, 's1'],
  ]
  for (const [id, value, shown] of rows) assert.equal(shownAs({ id, rev: '1', value })._id, shown)
})

test('C-39 what a realm keeps is bounded together, since a list holds all of it; what does not grow may always be written', async () => {
  const apart = await world()
  const [realm, change] = [await apart.realm(), { by: 'test', condition: anyState }]
  const value = Buffer.from(
    JSON.stringify({ path: 'policies/x', document: { a: 'x'.repeat(262_000) } }),
  )
  for (let i = 0; i < 257; i += 1)
    await realm.settings.insert(
      `kept/%2Falpha/${encodeURIComponent(`policies/${i}`)}`,
      value,
      never,
    )
  const save = async (path: string, document: JsonObject): Promise<string> =>
    (await keptKind.save(realm, path, document, change)).outcome
  assert.equal(await save('policies/new', { a: 1 }), 'invalid')
  const rows: readonly (readonly [string, number, string])[] = [
    ['policies/0', 262_000, 'updated'],
    ['policies/0', 1000, 'updated'],
    ['policies/new', 1, 'created'],
    ['policies/new', 250_000, 'invalid'],
    ['policies/0', 900, 'updated'],
    ['policies/other', 250_000, 'invalid'],
  ]
  for (const [path, length, outcome] of rows)
    assert.equal(await save(path, { a: 'x'.repeat(length) }), outcome, `${path} ${length}`)
})
