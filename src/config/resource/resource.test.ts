import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { withEvents } from '../../../test/events.ts'
import { mail, notes } from '../../../test/resource.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import { findResource } from '../../client/resource/resource.ts'
import { anyState, onlyNew } from '../kind.ts'
import { realmKind } from '../realm.ts'
import { resourceKind } from './resource.ts'

const change = { by: 'test', condition: anyState }
const w = await world()
const whole = {
  identifier: notes,
  displayNames: ['Notes', 'de|Notizen'],
  scopes: ['write|Change your notes'],
  everyClient: true,
  accessTokenLifetime: 60,
  accessTokenFormat: 'jwt',
  accessTokenTyp: 'JWT',
  advertised: true,
}

test('config: a resource is made, listed, changed and removed over REST, by its identifier', async () => {
  const { call } = await caller(w, '/alpha', ['admin'])
  const { identifier: _, ...rest } = whole
  const path = '/parapet/resources'
  const one = `${path}/${encodeURIComponent(notes)}`
  const created = await call('POST', `${path}?_action=create`, whole)
  assert.equal(created.status, 201, String(created.body))
  assert.equal(created.headers.location, `${origin}/am/json/realms/root/realms/alpha${one}`)
  assert.equal((await call('POST', `${path}?_action=create`, whole)).status, 409)
  const { _id, _rev, ...shown } = bodyOf(await call('GET', one))
  assert.deepEqual([_id, typeof _rev, shown], [notes, 'string', whole])
  assert.equal((await call('PUT', `${path}/${encodeURIComponent(mail)}`, {})).status, 201)
  const { result } = bodyOf(await call('GET', `${path}?_queryFilter=everyClient+eq+true`))
  assert.deepEqual(
    (result as { _id: string }[]).map((each) => each._id),
    [notes],
  )
  assert.equal((await call('PUT', one, { ...rest, identifier: mail })).status, 400)
  assert.equal((await call('PUT', one, { everyClient: 1 })).status, 400)
  assert.equal((await call('PUT', one, {})).status, 200)
  assert.deepEqual(bodyOf(await call('GET', one)).scopes, [])
  assert.equal((await call('DELETE', one)).status, 200)
  assert.equal((await call('GET', one)).status, 404)
})

test('config: a resource is of one realm, and goes with it', async () => {
  const root = await w.realm('/')
  const make = () => realmKind.save(root, '/short', { name: 'short', parentPath: '/' }, change)
  await make()
  const short = await w.realm('/short')
  await resourceKind.save(short, notes, {}, change)
  assert.equal((await findResource(short, notes))?.identifier, notes)
  assert.equal(await findResource(await w.realm(), notes), undefined)
  await realmKind.remove(root, '/short', change)
  await make()
  assert.equal(await findResource(await w.realm('/short'), notes), undefined)
})

test('config: what is written of a resource is told, and the same once more is no change', async () => {
  const realm = await w.realm()
  const save = (input: object) => resourceKind.save(realm, 'urn:told', { ...input }, change)
  const { events } = await withEvents(async () => {
    await save({ displayNames: ['A'] })
    await save({ displayNames: ['A'] })
    await save({ displayNames: ['B'] })
    const again = { ...change, condition: onlyNew }
    assert.equal((await resourceKind.save(realm, 'urn:told', {}, again)).outcome, 'exists')
    await resourceKind.remove(realm, 'urn:told', change)
  })
  const told = events.filter(({ name }) => name.startsWith('resource.'))
  assert.deepEqual(
    told.map(({ name, fields }) => [name, fields.created]),
    [
      ['resource.saved', true],
      ['resource.saved', false],
      ['resource.deleted', undefined],
    ],
  )
  assert.deepEqual(told[1]?.fields.changes, { displayNames: { from: ['A'], to: ['B'] } })
})
