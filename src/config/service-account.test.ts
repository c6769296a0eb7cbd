import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, caller } from '../../test/administrator.ts'
import { keySet, signer } from '../../test/assertion.ts'
import { bodyOf, origin, world } from '../../test/world.ts'
import type { JsonObject } from '../base/json.ts'
import { readServiceAccount } from '../client/service-account/account.ts'
import { generateSigningKey } from '../jose/generate.ts'
import { clientKind } from './client.ts'
import type { Change, Kind } from './kind.ts'
import { anyState, onlyNew } from './kind.ts'
import { serviceAccountKind } from './service-account.ts'
import { userKind } from './user.ts'

const w = await world()
const root = await w.realm('/')
const change = { by: 'test', condition: anyState }
const es256 = await signer('ES256')
const jwks = keySet(es256)
const url = `${origin}/openidm/managed/svcacct`
const whole = {
  name: 'deploy',
  description: 'CI',
  accountStatus: 'Active',
  scopes: ['fr:am:*', 'fr:idm:*'],
  jwks,
}
const beside = { maxCachingTime: '15', maxIdleTime: '15', maxSessionTime: '15', quotaLimit: '5' }

async function save(id: string, input: JsonObject, by: Change = change): Promise<string> {
  const saved = await serviceAccountKind.save(root, id, input, by)
  if (!('item' in saved)) throw new Error(JSON.stringify(saved))
  return saved.item.id
}

async function incarnation(id: string): Promise<string | undefined> {
  return (await readServiceAccount(root, id))?.account.incarnation
}

test('PingAM: svcacct is created, listed, read, replaced, patched and deleted at /openidm', async () => {
  const call = await administrator(w)
  const created = await call('POST', `${url}?_action=create`, { ...whole, accountStatus: 'active' })
  assert.equal(created.status, 201)
  const { _id, _rev, ...shown } = bodyOf(created)
  assert.match(String(_id), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  assert.equal(created.headers.location, `${url}/${_id}`)
  assert.deepEqual(shown, { ...whole, ...beside })
  const one = `${url}/${_id}`
  assert.deepEqual(bodyOf(await call('GET', one)), bodyOf(created))
  const listed = bodyOf(
    await call('GET', `${url}?_queryFilter=name eq "deploy"`.replaceAll(' ', '+')),
  )
  assert.deepEqual(listed.result, [bodyOf(created)])
  const back = await call('PUT', one, bodyOf(created))
  assert.deepEqual([back.status, bodyOf(back)], [200, bodyOf(created)])
  const less = bodyOf(await call('PUT', one, { name: 'other' }))
  assert.deepEqual([less.name, less.description, less.scopes, less.jwks], ['other', '', [], ''])
  const scopes = [{ operation: 'add', field: '/scopes/-', value: 'fr:am:*' }]
  assert.deepEqual(bodyOf(await call('PATCH', one, scopes)).scopes, ['fr:am:*'])
  assert.equal((await call('DELETE', one)).status, 200)
  assert.equal((await call('GET', one)).status, 404)
  assert.equal((await call('GET', `${url}/../realm`)).status, 404)
  const given = `${url}/4f0c2b1e-5a0e-4f57-8d0d-6b1f7c3f9a22`
  assert.equal((await call('PUT', given, whole)).status, 201)
  const again = await call('PUT', given, whole, { 'if-none-match': '*' })
  assert.equal(again.status, 412)
})

/** Documents that are refused, and what is said to be wrong. */
const refused: readonly (readonly [string, JsonObject, string])[] = [
  ['no name', { name: '' }, 'name'],
  ['a name that looks like an id', { name: '4f0c2b1e-5a0e-4f57-8d0d-6b1f7c3f9a22' }, 'name'],
  ['another status', { accountStatus: 'Off' }, 'accountStatus'],
  ['a scope of clients', { scopes: ['fr:am:*', 'openid'] }, 'scopes[1]'],
  ['a scope with a blank', { scopes: ['fr:am:* fr:idm:*'] }, 'scopes[0]'],
  ['keys that are no set', { jwks: '{}' }, 'jwks'],
  ['a set in which no key can be used', { jwks: '{"keys":[{"kty":"XX"}]}' }, 'jwks'],
  [
    'a private key, which is no secret any more',
    { jwks: JSON.stringify({ keys: [(await generateSigningKey('ES256')).privateJwk] }) },
    'jwks',
  ],
  ['a shared secret', { jwks: '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}' }, 'jwks'],
]

test('RFC 7517 §9.2 a service account is not saved with what would be unsafe or nonsense', async () => {
  for (const [what, input, path] of refused) {
    const saved = await serviceAccountKind.save(root, '', { ...whole, ...input }, change)
    assert.ok(saved.outcome === 'invalid', what)
    assert.deepEqual([...new Set(saved.problems.map((each) => each.path))], [path], what)
  }
})

test('C-29 service accounts are in the root realm only, and only administrators of the root have to do with them', async () => {
  const alpha = await w.realm('/alpha')
  const saved = await serviceAccountKind.save(alpha, '', whole, change)
  assert.equal(saved.outcome, 'invalid')
  const below: Change = { ...change, authority: { administers: '/alpha', roles: ['admin'] } }
  const tried = await serviceAccountKind.save(root, '', whole, below)
  assert.equal(tried.outcome, 'forbidden')
  const { call } = await caller(w, '/alpha', ['admin'])
  assert.equal((await call('POST', `${url}?_action=create`, whole)).status, 403)
  for (const realm of ['alpha_svcacct', 'svcacct_user'])
    assert.equal((await call('GET', url.replace('svcacct', realm))).status !== 200, true, realm)
})

test('C-29 a service account makes, changes and removes none that may do more than it may', async () => {
  const of = (...scopes: readonly string[]): Change => ({
    ...change,
    authority: { administers: '/', roles: [], scopes },
  })
  const some = await save('', { ...whole, name: 'some', scopes: ['fr:idm:*'] })
  const outcomes: unknown[] = []
  for (const by of [of('fr:idm:*'), of('fr:am:*', 'fr:idm:*')])
    for (const input of [{ scopes: ['fr:idm:*'] }, { scopes: ['fr:am:*'] }, { jwks }])
      outcomes.push((await serviceAccountKind.save(root, some, input, by)).outcome)
  assert.deepEqual(outcomes, ['updated', 'forbidden', 'updated', 'updated', 'updated', 'updated'])
  const removed = await serviceAccountKind.remove(root, some, of('fr:idm:*'))
  assert.equal(removed.outcome, 'forbidden')
})

test('C-37 an account is another one when it comes again, after it was inactive, and without a key it had', async () => {
  const other = await signer('EdDSA')
  const id = await save('', { ...whole, name: 'again' })
  let before = await incarnation(id)
  const changes: readonly (readonly [JsonObject, boolean])[] = [
    [{ description: 'Same' }, false],
    [{ jwks: keySet(es256, other) }, false],
    [{ jwks: keySet(other) }, true],
    [{ scopes: [] }, false],
    [{ accountStatus: 'Inactive' }, true],
    [{ accountStatus: 'Active' }, false],
  ]
  for (const [input, another] of changes) {
    await save(id, input)
    const after = await incarnation(id)
    assert.equal(after !== before, another, JSON.stringify(input))
    before = after
  }
  await serviceAccountKind.remove(root, id, change)
  await save(id, whole)
  assert.notEqual(await incarnation(id), before)
})

test('T-10 nobody is called as a service account is: neither a user, nor a client, nor it as one of them', async () => {
  const id = await save('', { ...whole, name: 'subject' })
  const outcome = async (kind: Kind, name: string, input: JsonObject = {}): Promise<unknown> => {
    const saved = await kind.save(root, name, input, change)
    return 'problems' in saved ? saved.problems.map(({ path }) => path) : saved.outcome
  }
  assert.deepEqual(await outcome(userKind, id, { username: 'twin' }), ['_id'])
  for (const name of [id, id.toUpperCase()])
    assert.deepEqual(await outcome(clientKind, name), ['_id'], name)
  assert.deepEqual(await outcome(clientKind, 'service-account'), ['_id'])
  const [free, users] = [
    '9b1d4f60-7a53-4c0e-8d11-2f6c3e5a7b90',
    '5c2e8f10-3b6a-4d7e-9f20-1a2b3c4d5e6f',
  ]
  assert.equal(await outcome(clientKind, free), 'created')
  assert.deepEqual(await outcome(userKind, free, { username: 'twin' }), ['_id'])
  assert.deepEqual(await outcome(serviceAccountKind, free, whole), ['_id'])
  assert.equal(await outcome(userKind, users, { username: 'twin' }), 'created')
  assert.deepEqual(await outcome(serviceAccountKind, users, whole), ['_id'])
  const alpha = await w.realm('/alpha')
  assert.equal((await clientKind.save(alpha, 'service-account', {}, change)).outcome, 'created')
})

test('config: a service account may be called by its name as long as it alone has it', async () => {
  const id = await save('by name', { jwks })
  assert.equal(await save('by name', { description: 'the same' }), id)
  assert.equal((await serviceAccountKind.read(root, 'by name'))?.id, id)
  const second = await serviceAccountKind.save(
    root,
    'by name',
    {},
    { ...change, condition: onlyNew },
  )
  assert.equal(second.outcome, 'exists')
  await save('', { name: 'by name' })
  assert.equal((await serviceAccountKind.save(root, 'by name', {}, change)).outcome, 'invalid')
  assert.equal((await serviceAccountKind.remove(root, 'by name', change)).outcome, 'refused')
})
