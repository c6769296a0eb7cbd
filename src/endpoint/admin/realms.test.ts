import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../../test/administrator.ts'
import { administrator, caller } from '../../../test/administrator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const url = `${origin}/am/json/global-config/realms`
const below = `${origin}/am/json/realms/root/realms/alpha/global-config/realms`

function at(path: string, base = url): string {
  return `${base}/${Buffer.from(path).toString('base64url')}`
}

const all = await world()
const call = await administrator(all)

async function status(...asked: Parameters<Call>): Promise<number> {
  return (await call(...asked)).status
}

test('PingAM: rest-realms a realm is made by POST and by PUT, read, changed and deleted', async () => {
  const input = { name: 'sub', active: true, parentPath: '/', aliases: ['sub.example'] }
  const made = await call('POST', `${url}?_action=create`, input)
  assert.equal(made.status, 201, String(made.body))
  const { _rev, ...realm } = bodyOf(made)
  assert.equal(made.headers.location, at('/sub'))
  assert.equal(made.headers.etag, `"${String(_rev)}"`)
  assert.deepEqual(Object.keys(bodyOf(made)), [
    '_id',
    '_rev',
    'parentPath',
    'active',
    'name',
    'aliases',
  ])
  assert.deepEqual(realm, { _id: 'L3N1Yg', ...input })
  assert.deepEqual(bodyOf(await call('GET', at('/sub'))), bodyOf(made))
  assert.equal(await status('POST', `${url}?_action=create`, input), 409)
  assert.equal(await status('PUT', at('/sub/one'), { name: 'one', parentPath: '/sub' }), 201)
  const changed = await call('PUT', at('/sub'), { ...realm, active: false } as JsonObject)
  assert.equal(changed.status, 200)
  assert.equal(bodyOf(changed).active, false)
  assert.equal(await status('PUT', at('/sub'), realm, { 'if-match': String(_rev) }), 412)
  assert.equal(await status('PUT', at('/sub'), realm, { 'if-none-match': '*' }), 412)
  assert.equal(await status('PUT', at('/none'), {}, { 'if-match': '*' }), 404)
  assert.equal(await status('DELETE', at('/sub')), 409)
  const gone = await call('DELETE', at('/sub/one'))
  assert.deepEqual([gone.status, bodyOf(gone).name], [200, 'one'])
  assert.equal(await status('DELETE', at('/sub')), 200)
  for (const method of ['GET', 'DELETE']) assert.equal(await status(method, at('/sub')), 404)
})

test('PingAM: rest-realms what is asked wrongly changes nothing and says what is wrong', async () => {
  const create = (input: unknown) => call('POST', `${url}?_action=create`, input)
  for (const input of [
    {},
    { name: 7 },
    { name: 'a', parentPath: 7 },
    { name: 'a b' },
    { name: '' },
    { name: 'a/b/c/d/e' },
  ])
    assert.equal((await create(input)).status, 400, JSON.stringify(input))
  assert.equal(
    bodyOf(await create({ name: 'a', color: 1 })).message,
    'Invalid attribute specified.',
  )
  assert.equal((await create({ name: 'a', parentPath: '/nowhere' })).status, 400)
  assert.equal(await status('PUT', at('/a'), { name: 'b' }), 400)
  assert.equal(await status('PUT', at('/a')), 400)
  assert.equal(await status('POST', url), 400)
  for (const id of ['L3N1Yg==', 'alpha', '%2Falpha', 'L2FscGhh/x', 'Lw.'])
    assert.equal(await status('GET', `${url}/${id}`), 404, id)
  assert.equal(await status('DELETE', at('/')), 403)
  assert.equal(await status('PUT', at('/'), { active: false }), 400)
  const { result } = bodyOf(await call('GET', `${url}?_queryFilter=true`)) as {
    result: JsonObject[]
  }
  assert.deepEqual(
    result.map(({ _id, name, parentPath }) => [_id, name, parentPath]),
    [
      ['Lw', '/', null],
      ['L2FscGhh', 'alpha', '/'],
      ['L2JyYXZv', 'bravo', '/'],
    ],
  )
})

test('PingAM: rest-realms the root is put back as it was read, and gets its host names so', async () => {
  const root = bodyOf(await call('GET', at('/')))
  assert.equal(
    await status('PUT', at('/'), { ...root, parentPath: '', aliases: ['as.example'] }),
    200,
  )
  assert.deepEqual(bodyOf(await call('GET', at('/'))).aliases, ['as.example'])
  const found = bodyOf(await call('GET', `${url}/?_queryFilter=_id eq "Lw"`)) as {
    result: JsonObject[]
  }
  assert.deepEqual(
    found.result.map(({ aliases }) => aliases),
    [['as.example']],
  )
})

test('PingAM: rest-realms a console learns what to ask for', async () => {
  assert.deepEqual(bodyOf(await call('POST', `${url}?_action=template`)), {
    parentPath: '/',
    active: true,
  })
  const { properties } = bodyOf(await call('POST', `${url}?_action=schema`))
  assert.deepEqual(Object.keys(properties as object), ['parentPath', 'active', 'name', 'aliases'])
})

test('C-29 an administrator of a realm makes, changes and deletes realms below it, at its own URL', async () => {
  const { call: own } = await caller(all, '/alpha', ['admin'])
  const created = await own('POST', `${below}?_action=create`, { name: 'team' })
  assert.equal(created.status, 201, String(created.body))
  assert.equal(bodyOf(created).parentPath, '/alpha')
  const { result } = bodyOf(await own('GET', `${below}?_queryFilter=true`)) as {
    result: JsonObject[]
  }
  assert.deepEqual(
    result.map(({ name }) => name),
    ['alpha', 'team'],
  )
  const team = at('/alpha/team', below)
  assert.equal((await own('PUT', team, { active: false })).status, 200)
  assert.equal((await own('PUT', team, { aliases: ['team.example'] })).status, 403)
  assert.equal((await own('PUT', at('/alpha', below), { active: false })).status, 403)
  assert.equal((await own('DELETE', at('/alpha', below))).status, 403)
  assert.equal((await own('GET', at('/bravo', below))).status, 404)
  assert.equal(
    (await own('POST', `${below}?_action=create`, { name: 'x', parentPath: '/' })).status,
    404,
  )
  assert.equal((await own('GET', url)).status, 403)
  assert.equal((await own('DELETE', team)).status, 200)
})
