import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proof } from '../../../test/assertion.ts'
import {
  assertionOf,
  es256,
  key,
  keyIn,
  prepared,
  pushKeyed,
  pushRecords,
  request,
  uriOf,
} from '../../../test/keyed-push.ts'
import { anotherProcess } from '../../../test/nodes.ts'
import { objectClaims, signed } from '../../../test/request-object.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Outcome, Store } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'

test('Idempotency-Key §2.7, T-1 64 at once over two processes: one push, one request_uri, nobody is refused', async () => {
  for (const store of [plain, marksFirst]) {
    const w = await prepared({ records: store })
    const both = [
      await anotherProcess(w, { records: store }),
      await anotherProcess(w, { records: store }),
    ]
    const claims = objectClaims(w, 'signs', { jti: 'once' })
    const objects = { request: signed(es256, { ...claims, ...request }) }
    for (const [i, form] of [
      { ...request, ...proof(await assertionOf(w)) },
      { ...objects, ...proof(await assertionOf(w)) },
    ].entries()) {
      const before = (await pushRecords(w)).length
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, n) =>
          pushKeyed(w, `"race ${i}"`, form, { serve: (both[n % 2] ?? w).serve }),
        ),
      )
      const good = answers.filter(({ status }) => status === 201)
      assert.ok(good.length > 0)
      for (const { status, headers } of answers) {
        // Where a store spends an object's id before it stores the push, a call between both is told to come again.
        assert.ok(status === 201 || (status === 409 && headers['retry-after'] === '1'), `${status}`)
      }
      assert.equal(new Set(await Promise.all(good.map(uriOf))).size, 1)
      assert.equal((await pushRecords(w)).length - before, 1)
      assert.equal(
        await uriOf(pushKeyed(w, `"race ${i}"`, form)),
        await uriOf(good[0] as HttpResponse),
      )
    }
  }
})

const plain = (store: Store): Store => store

/** As a store that cannot do both at once: the mark first, then the write. */
function marksFirst(store: Store): Store {
  const first = async (
    mark: Parameters<Store['insert']>[3],
    write: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    if (mark !== undefined) {
      if ((await store.insert(mark.key, Buffer.alloc(0), mark.expiry)) !== 'won') return 'spent'
      await new Promise(setImmediate)
    }
    return write()
  }
  return {
    ...store,
    insert: (at, value, expiry, mark) => first(mark, () => store.insert(at, value, expiry)),
    replace: (at, version, value, expiry, mark) =>
      first(mark, () => store.replace(at, version, value, expiry)),
  }
}

/** A shelf that is gone before or after its write number `n`, and back for the next call. */
function failing(n: { left: number; after: boolean }): (store: Store) => Store {
  const broken = async (write: () => Promise<Outcome>): Promise<Outcome> => {
    n.left -= 1
    if (n.left !== 0) return write()
    if (n.after) await write()
    throw new StoreUnavailable('killed')
  }
  return (store) => ({
    ...store,
    insert: (...all) => broken(() => store.insert(...all)),
    replace: (...all) => broken(() => store.replace(...all)),
  })
}

test('Idempotency-Key §2.6 killed before or after any of its writes: the retry has its push, and there is one', async () => {
  for (const after of [false, true]) {
    for (let write = 1; write <= 3; write++) {
      const n = { left: 0, after }
      const w = await prepared({ records: failing(n) })
      const form = { ...request, ...proof(await assertionOf(w)) }
      n.left = write
      assert.equal((await pushKeyed(w, key, form)).status, 503, `write ${write}`)
      n.left = 0
      const at = await anotherProcess(w)
      const killed = `write ${write}, killed ${after ? 'after' : 'before'} it`
      const answer = await pushKeyed(w, key, form, { serve: at.serve })
      assert.equal(answer.status, 201, killed)
      const uri = await uriOf(answer)
      assert.equal(await uriOf(pushKeyed(w, key, form)), uri, killed)
      assert.deepEqual(await pushRecords(w), [await keyIn(w, uri)], killed)
    }
  }
})
