import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { nextTurn } from '../time.ts'
import { inThread } from './threads.ts'

const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))

const salt = Buffer.alloc(16, 7)
const bcrypt = '$2b$04$abcdefghijklmnopqrstuuDvWRnsFvqTZvOjmFUULDGEZ6l5Wv3gK'

test('house: what is hashed in a thread is what is hashed here, and requests are answered meanwhile', async () => {
  let turns = 0
  let ended = false
  const made = inThread('pbkdf2', 'text', salt, 50_000, 32, 'sha256').finally(() => {
    ended = true
  })
  for (; !ended; turns += 1) await nextTurn()
  assert.deepEqual(Buffer.from(await made), pbkdf2Sync('text', salt, 50_000, 32, 'sha256'))
  assert.ok(turns > 10, `${turns} turns went by`)
  assert.equal(await inThread('bcryptVerify', bcrypt, 'no'), false)
})

test('house: what fails says so, and so does a thread that ended; the next job is done all the same', async () => {
  await assert.rejects(inThread('pbkdf2', 'text', salt, 1, 32, 'none'), /Invalid digest: none/)
  const [first, second] = [1, 2].map(async () => inThread('pbkdf2', 'text', salt, 1, 32, 'sha256'))
  await nextTurn()
  assert.equal(threads.length, 2, 'each had one of its own')
  await threads.at(-1)?.terminate()
  await assert.rejects(second ?? assert.fail(), /a thread that hashes ended/)
  assert.equal((await first)?.length, 32)
  assert.equal((await inThread('pbkdf2', 'text', salt, 1, 32, 'sha256')).length, 32)
})

const onLinux =
  process.platform === 'linux' ? false : 'threads have priorities of their own on Linux'
test('house: threads that hash let others go first, and the one that answers is as it was', {
  skip: onLinux,
}, async () => {
  await inThread('pbkdf2', 'text', salt, 1, 32, 'sha256')
  const stats = readdirSync('/proc/self/task').map((thread) =>
    readFileSync(`/proc/self/task/${thread}/stat`, 'utf8'),
  )
  // proc(5): the name is the second field, the nice value the 17th behind it.
  const niceness = (name: RegExp) =>
    stats.filter((each) => name.test(each)).map((each) => each.split(') ')[1]?.split(' ')[16])
  const hashing = niceness(/\(hashing\)/)
  assert.ok(hashing.length > 0)
  assert.deepEqual(new Set(hashing), new Set(['5']))
  assert.deepEqual(niceness(new RegExp(`^${process.pid} `)), ['0'])
})
