import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keySet, signer } from '../../test/assertion.ts'
import { world } from '../../test/world.ts'
import { keptFolder } from '../realm/kept.ts'
import { allKeysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { clientKind } from './client.ts'
import { allItems } from './document/items.ts'
import { keptKind } from './kept/document.ts'
import type { Kind, Saved } from './kind.ts'
import { anyState } from './kind.ts'
import { serviceAccountKind } from './service-account.ts'
import { userKind } from './user.ts'

const change = { by: 'test', condition: anyState }
const id = '9d2c1f0a-3b4e-4c5d-8e6f-7a8b9c0d1e2f'

/** Lets no first write of a subject through before all of them have been asked for. */
function meeting(store: Store, parties: number): Store {
  const waiting: (() => void)[] = []
  const isSubject = (key: string): boolean =>
    key.endsWith(id) && /^(?:user|client|service-account)\//.test(key)
  return {
    ...store,
    async insert(...args: Parameters<Store['insert']>) {
      if (isSubject(args[0]))
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length >= parties) for (const go of waiting) go()
        })
      return store.insert(...args)
    },
  }
}

test('T-10 of a client, an account and a service account of one id that are made at once at most one is there', async () => {
  const jwks = keySet(await signer('ES256'))
  const makings: readonly (readonly [Kind, object])[] = [
    [userKind, { username: 'ann' }],
    [clientKind, { coreOAuth2ClientConfig: { clientType: 'Public' } }],
    [serviceAccountKind, { name: 'deploy', scopes: ['fr:am:*'], jwks }],
  ]
  for (const left of [...makings, undefined]) {
    const together = makings.filter((each) => each !== left)
    const w = await world({ settings: (store) => meeting(store, together.length) })
    const root = await w.realm('/')
    const made = await Promise.all(
      together.map(([kind, input]) => kind.save(root, id, { ...input }, change)),
    )
    const there = await Promise.all(together.map(([kind]) => kind.read(root, id)))
    const count = there.filter((each) => each !== undefined).length
    assert.ok(count <= 1)
    // What is said to have been made is there, and nothing else is.
    assert.deepEqual(
      made.map(({ outcome }) => outcome === 'created'),
      there.map((each) => each !== undefined),
    )
    for (const saved of made)
      if (saved.outcome === 'invalid')
        assert.deepEqual(saved.problems, [{ path: '_id', text: 'is somebody else’s' }])
    // The id is free again for whoever comes alone.
    if (count === 0) {
      const [[kind, input] = [userKind, {}]] = together
      const again = await kind.save(root, id, { ...input }, change)
      assert.equal(again.outcome, 'created')
    }
  }
})

test('K-1 of documents that come at once no more are kept than a realm may have', async () => {
  const w = await world()
  const alpha = await w.realm()
  const put = (n: number): Promise<Saved> =>
    keptKind.save(alpha, `realm-config/services/s${n}`, { n }, change)
  assert.equal((await put(0)).outcome, 'created')
  const [key = ''] = await allKeysIn(w.settings, keptFolder('/alpha'))
  for (let n = 1; n < 4990; n++)
    await w.settings.insert(key.replace(/s0$/, `s${n}`), Buffer.from('{"document":{}}'), never)
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, i) => put(4990 + i)))
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'created').length, 10)
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'invalid').length, 20)
  assert.equal((await allKeysIn(w.settings, keptFolder('/alpha'))).length, 5000)
  assert.equal((await allItems(keptKind, alpha))?.length, 5000)
})

/** Does something once, after an account was read and before that is answered. */
function meanwhile(store: Store): Store & { act: (() => Promise<unknown>) | undefined } {
  const acting = {
    ...store,
    act: undefined as (() => Promise<unknown>) | undefined,
    async get(key: string) {
      const stored = await store.get(key)
      const { act } = acting
      if (key.startsWith('user/') && act !== undefined) {
        acting.act = undefined
        await act()
      }
      return stored
    },
  }
  return acting
}

test('house: an account that is called something else while it is removed leaves no name behind', async () => {
  let acting: ReturnType<typeof meanwhile> | undefined
  const w = await world({ settings: (store) => (acting = meanwhile(store)) })
  const alpha = await w.realm()
  await userKind.save(alpha, id, { username: 'ann' }, change)
  if (acting !== undefined) acting.act = () => userKind.save(alpha, id, { username: 'bea' }, change)
  assert.equal((await userKind.remove(alpha, id, change)).outcome, 'removed')
  for (const username of ['ann', 'bea'])
    assert.equal((await userKind.save(alpha, '', { username }, change)).outcome, 'created')
})

test('house: the name of an account whose removal was cut short is free', async () => {
  const w = await world()
  const alpha = await w.realm()
  for (const rename of [false, true]) {
    await userKind.save(alpha, id, { username: 'ann' }, change)
    await w.settings.delete(`user/%2Falpha/${id}`)
    assert.equal(await userKind.read(alpha, 'ann'), undefined)
    const other = rename ? 'bea' : 'ann'
    const made = await userKind.save(alpha, '', { username: other }, change)
    assert.equal(made.outcome, 'created')
    const sub = 'item' in made ? made.item.id : ''
    if (rename)
      assert.equal(
        (await userKind.save(alpha, sub, { username: 'ann' }, change)).outcome,
        'updated',
      )
    assert.equal((await userKind.read(alpha, 'ann'))?.id, sub)
    assert.equal((await userKind.remove(alpha, sub, change)).outcome, 'removed')
  }
})
