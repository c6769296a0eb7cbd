// In a process of its own: it measures time, and what others leave to be collected takes some.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashBusy, hashesWaiting } from '../base/hashing/lanes.ts'
import { lanes } from '../base/hashing/queues.ts'
import { random } from '../base/random.ts'
import { monotonic } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import { memoryStore } from '../store/memory/memory.ts'
import type { Client } from './client.ts'
import { parseClient } from './client.ts'
import { chosenSecrets, isGeneratedSecret, rememberedSecret, rememberSecret } from './secret.ts'
import { symmetricSecret } from './secret-key.ts'
import type { StoredSecret } from './stored-secret.ts'
import { hashSecret } from './stored-secret.ts'
import { isOneOf, refuseSecret } from './wrong-tries.ts'

const drawn = 'dGhpcyBpcyBub3Qgc2VjcmV0IGJ1dCBsb25nIGVub3VnaA'

function newRealm(): Realm {
  const settings = memoryStore(() => 0)
  return { path: '/alpha', random, settings } as unknown as Realm
}

function clientWith(secrets: readonly StoredSecret[], version = 1, incarnation = 'a'): Client {
  const record = { client_id: 'c', incarnation, document: {}, secrets }
  return parseClient(Buffer.from(JSON.stringify(record)), version)
}

/** At once where that is possible. */
function verifySecret(realm: Realm, client: Client, secret: string): boolean | Promise<boolean> {
  if (isGeneratedSecret(realm, client, secret)) return true
  if (rememberedSecret(realm, client, secret) !== undefined) return true
  return isOneOf(chosenSecrets(realm, client, secret), secret, 'p').then((right) => {
    if (right) rememberSecret(realm, client, secret, 'p')
    return right
  })
}

async function took(work: () => unknown): Promise<number> {
  const started = monotonic()
  await work()
  return monotonic() - started
}

test('C-27 a generated secret is stored as SHA-256, a chosen one as argon2id', async () => {
  const realm = newRealm()
  assert.match((await hashSecret(realm, drawn, false)).hash, /^sha256:[\w-]{43}$/)
  assert.match((await hashSecret(realm, 'mySecret', false)).hash, /^\$argon2id\$/)
  assert.match((await hashSecret(realm, 'a'.repeat(60), false)).hash, /^\$argon2id\$/)
  assert.match((await hashSecret(realm, `${drawn} `, false)).hash, /^\$argon2id\$/)
})

test('C-27 the secret itself is kept only where it is also a key', async () => {
  const realm = newRealm()
  assert.deepEqual(Object.keys(await hashSecret(realm, drawn, false)), ['hash'])
  const kept = clientWith([await hashSecret(realm, drawn, true)])
  assert.equal(symmetricSecret(kept), drawn)
  assert.equal(symmetricSecret(clientWith([await hashSecret(realm, drawn, false)])), undefined)
})

test('C-27 the right one of two secrets is told at once', async () => {
  const realm = newRealm()
  const other = 'b3RoZXIgdGV4dCB0aGF0IGlzIGFsc28gbG9uZyBlbm91Z2g'
  const client = clientWith([
    await hashSecret(realm, drawn, false),
    await hashSecret(realm, other, false),
  ])
  assert.equal(verifySecret(realm, client, drawn), true)
  assert.equal(verifySecret(realm, client, other), true)
  assert.equal(await verifySecret(realm, client, `${drawn}x`), false)
  assert.equal(await verifySecret(realm, client, ''), false)
  assert.equal(await verifySecret(realm, clientWith([]), ''), false)
})

test('C-27 argon2 runs once per process and registration, then the secret is remembered', async () => {
  const realm = newRealm()
  const secrets = [await hashSecret(realm, 'mySecret', false)]
  const first = verifySecret(realm, clientWith(secrets), 'mySecret')
  assert.ok(first instanceof Promise)
  assert.equal(await first, true)
  assert.equal(verifySecret(realm, clientWith(secrets), 'mySecret'), true)
  assert.equal(await verifySecret(realm, clientWith(secrets), 'mySecreT'), false)
  assert.ok(verifySecret(realm, clientWith(secrets, 2), 'mySecret') instanceof Promise)
  assert.ok(verifySecret(newRealm(), clientWith(secrets), 'mySecret') instanceof Promise)
})

test('C-27 a changed secret is not remembered from before', async () => {
  const realm = newRealm()
  const before = clientWith([await hashSecret(realm, 'mySecret', false)], 1)
  assert.equal(await verifySecret(realm, before, 'mySecret'), true)
  const after = clientWith([await hashSecret(realm, 'another', false)], 2)
  assert.equal(await verifySecret(realm, after, 'mySecret'), false)
})

test('C-37 a client made anew under the same id, in the same version, is not remembered', async () => {
  const realm = newRealm()
  const before = clientWith([await hashSecret(realm, 'mySecret', false)], 1, 'a')
  assert.equal(await verifySecret(realm, before, 'mySecret'), true)
  const after = clientWith([await hashSecret(realm, 'another', false)], 1, 'b')
  assert.equal(await verifySecret(realm, after, 'mySecret'), false)
})

test('K-11 a wrong secret takes the same time whatever its kind and whether the client exists', async () => {
  const realm = newRealm()
  const sha = clientWith([await hashSecret(realm, drawn, false)])
  const argon = clientWith([await hashSecret(realm, 'mySecret', false)])
  const near = `${drawn.slice(0, -1)}B`
  for (const work of [
    () => verifySecret(realm, sha, 'wrong'),
    () => verifySecret(realm, sha, near),
    () => verifySecret(realm, argon, 'wrong'),
    () => verifySecret(realm, argon, 'x'.repeat(100_000)),
    () => verifySecret(realm, argon, '\ud800'),
    () => refuseSecret(),
  ]) {
    const times: number[] = []
    for (let i = 0; i < 5; i++) times.push(await took(work))
    // The least: whatever else the machine does only ever adds to it.
    const least = Math.min(...times)
    assert.ok(least >= 38 && least < 200, `${least} ms`)
  }
})

test('K-11 floods of wrong chosen secrets are refused instead of queued without end', async () => {
  const realm = newRealm()
  const client = clientWith([await hashSecret(realm, 'mySecret', false)])
  const tries = Array.from({ length: 110 }, async () => verifySecret(realm, client, 'wrong'))
  assert.equal(hashesWaiting(), 100)
  const outcomes = await Promise.allSettled(tries)
  const refused = outcomes.filter((o) => o.status === 'rejected').map((o) => o.reason as unknown)
  assert.equal(refused.length, 110 - 100 - lanes)
  assert.ok(refused.every((reason) => reason instanceof HashBusy))
})
