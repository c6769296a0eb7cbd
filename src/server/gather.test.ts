import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatherer } from './write.ts'

test('gathered jobs are done once, later, like beside like and in their order', () => {
  const due: (() => void)[] = []
  const done: string[] = []
  const gather = gatherer((run) => due.push(run))
  for (const job of ['par 1', 'token 1', 'par 2', 'token 2', 'par 3']) {
    gather(job.slice(0, -2), () => done.push(job))
  }
  assert.deepEqual([done.length, due.length], [0, 1])
  due[0]?.()
  assert.deepEqual(done, ['par 1', 'par 2', 'par 3', 'token 1', 'token 2'])
  gather('par', () => done.push('par 4'))
  assert.equal(due.length, 2)
  due[1]?.()
  assert.equal(done.length, 6)
})

test('a job that a job brings is done the next time', () => {
  const due: (() => void)[] = []
  const done: string[] = []
  const gather = gatherer((run) => due.push(run))
  gather('a', () => {
    done.push('first')
    gather('a', () => done.push('second'))
  })
  due[0]?.()
  assert.deepEqual(done, ['first'])
  due[1]?.()
  assert.deepEqual(done, ['first', 'second'])
})

test('of more jobs than are done at a time the rest waits, and what comes meanwhile is done after it', () => {
  const due: (() => void)[] = []
  const done: string[] = []
  const gather = gatherer((run) => due.push(run), 3)
  const bring = (job: string): void => gather(job.slice(0, 1), () => done.push(job))
  for (const job of ['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4']) bring(job)
  due[0]?.()
  assert.deepEqual([done, due.length], [['a1', 'a2', 'a3'], 2])
  bring('a5')
  due[1]?.()
  assert.deepEqual([done.slice(3), due.length], [['a4', 'b1', 'b2'], 3])
  due[2]?.()
  assert.deepEqual([done.slice(6), due.length], [['b3'], 4])
  due[3]?.()
  assert.deepEqual([done.slice(7), due.length], [['a5'], 4])
})
