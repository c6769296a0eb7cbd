import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../base/random.ts'
import type { Realm } from '../realm/realm.ts'
import { memoryStore } from '../store/memory/memory.ts'
import { findClient, scopeName } from './client.ts'
import type { ClientRecord } from './registration.ts'
import { clientIds, deleteClient, readClient, saveClient, writeClient } from './registration.ts'

function newRealm(): Realm {
  const now = () => 1000
  return { path: '/alpha', settings: memoryStore(now), now, random } as unknown as Realm
}

function record(client_id: string, more: Partial<ClientRecord> = {}): ClientRecord {
  return { client_id, document: {}, secrets: [], ...more }
}

test('RFC 7591 §2 a client is the same value until its registration changes, then at once another', async () => {
  const realm = newRealm()
  assert.equal(await findClient(realm, 'c'), undefined)
  assert.equal(await saveClient(realm, record('c')), 'created')
  const first = await findClient(realm, 'c')
  assert.equal(findClient(realm, 'c'), first)
  const document = { coreOAuth2ClientConfig: { scopes: ['a', 'b|en|Words'] } }
  assert.equal(await saveClient(realm, record('c', { document })), 'updated')
  const second = await findClient(realm, 'c')
  assert.notEqual(second?.version, first?.version)
  assert.deepEqual([...(second?.scopeNames ?? [])], ['a', 'b'])
})

test('R-3 client ids are told apart by every character, and never leave their realm', async () => {
  const realm = newRealm()
  const ids = ['c', 'C', 'a/b', 'a%2Fb', '__proto__', 'x y', '..']
  for (const id of ids) await saveClient(realm, record(id))
  for (const id of ids) assert.equal((await findClient(realm, id))?.client_id, id)
  assert.deepEqual(
    await clientIds(realm),
    [...ids].sort((a, b) => (a < b ? -1 : 1)),
  )
  for (const id of ['', 'c ', 'c/', 'ä', '\ud800', 'x'.repeat(10_000), 'constructor']) {
    assert.equal(await findClient(realm, id), undefined)
  }
  const bravo: Realm = { ...realm, path: '/bravo' }
  assert.deepEqual(await clientIds(bravo), [])
  assert.equal(await findClient(bravo, 'c'), undefined)
})

test('T-1 of several writes and deletes that saw one version one wins', async () => {
  const realm = newRealm()
  await saveClient(realm, record('c'))
  const stored = (await readClient(realm, 'c')) ?? assert.fail()
  const outcomes = await Promise.all([
    writeClient(realm, record('c'), stored),
    deleteClient(realm, 'c', stored.version),
    writeClient(realm, record('c'), stored),
    writeClient(realm, record('c'), undefined),
  ])
  assert.equal(outcomes.filter(Boolean).length, 1)
})

test('B-12 a deleted client is gone at once and may be made anew', async () => {
  const realm = newRealm()
  await saveClient(realm, record('c'))
  const version = (await readClient(realm, 'c'))?.version as number
  assert.ok(await findClient(realm, 'c'))
  assert.equal(await deleteClient(realm, 'c', version), true)
  assert.equal(await deleteClient(realm, 'c', version), false)
  assert.equal(await findClient(realm, 'c'), undefined)
  assert.deepEqual(await clientIds(realm), [])
  assert.equal(await writeClient(realm, record('c'), undefined), true)
  assert.notEqual((await readClient(realm, 'c'))?.version, version)
})

test('C-27 at most two secrets are kept, the newest first', async () => {
  const realm = newRealm()
  await saveClient(realm, record('c', { secrets: [{ hash: '1' }, { hash: '2' }, { hash: '3' }] }))
  const stored = await readClient(realm, 'c')
  assert.deepEqual(stored?.record.secrets, [{ hash: '1' }, { hash: '2' }])
})

test('PingAM: oauth2-scopes the name of a scope is what stands before the first bar', () => {
  assert.equal(scopeName('email|en|Your email'), 'email')
  assert.equal(scopeName('email'), 'email')
  assert.equal(scopeName('openid|'), 'openid')
})
