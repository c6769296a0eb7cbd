import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { argon2Hash, argon2Verify } from './argon2.ts'
import { HashBusy, hashesWaiting } from './hashing/lanes.ts'
import { lanes } from './hashing/queues.ts'

const salt = Buffer.alloc(16, 7)

test('argon2 writes PHC strings of argon2id, 19 MiB, two passes, and verifies them', async () => {
  const phc = await argon2Hash('mySecret', salt)
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(phc, await argon2Hash('mySecret', salt))
  assert.notEqual(phc, await argon2Hash('mySecret', Buffer.alloc(16, 8)))
  assert.equal(await argon2Verify(phc, 'mySecret'), true)
  assert.equal(await argon2Verify(phc, 'mySecreT'), false)
  assert.equal(await argon2Verify(phc, ''), false)
})

test('argon2 answers false for what is no hash', async () => {
  assert.equal(await argon2Verify('', 'x'), false)
  assert.equal(await argon2Verify('$argon2id$nonsense', 'x'), false)
})

test('argon2 runs two at once at most and leaves a processor to the thread that answers; the lanes survive failures', async () => {
  assert.equal(lanes, availableParallelism() > 2 ? 2 : 1)
  const phc = await argon2Hash('s', salt)
  const all = Array.from({ length: 9 }, (_, i) =>
    argon2Verify(i % 2 === 0 ? phc : 'bad', i === 8 ? 'other' : 's'),
  )
  assert.equal(hashesWaiting(), 9 - lanes)
  assert.deepEqual(await Promise.all(all), [
    true,
    false,
    true,
    false,
    true,
    false,
    true,
    false,
    false,
  ])
  assert.equal(hashesWaiting(), 0)
})

test('C-34 with 450 of one source, the next source is among the next few, and so is another kind', async () => {
  const phc = await argon2Hash('s', salt, { memoryCost: 64, timeCost: 2 })
  const done: string[] = []
  const verify = (kind: string, source: string): Promise<unknown> =>
    argon2Verify(phc, 's', { kind, source }).then(
      () => done.push(`${kind} ${source}`),
      (reason: unknown) => reason,
    )
  const flood = Array.from({ length: 450 }, () => verify('login', 'a'))
  const others = [verify('login', 'b'), verify('client', 'c'), argon2Hash('own', salt)]
  await Promise.all(others)
  assert.ok(done.length <= 12, `${done.length} were hashed before`)
  const refused = (await Promise.all(flood)).filter((each) => each instanceof HashBusy)
  // 400 may wait, and the next source took the place of the last of this one.
  assert.equal(refused.length, 450 - 400 - lanes + 1)
  assert.equal(hashesWaiting(), 0)
})
