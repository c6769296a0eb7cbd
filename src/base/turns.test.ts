import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Turns } from './turns.ts'
import { turns } from './turns.ts'

const login = (source: string) => ({ kind: 'login', source })
const client = (source: string) => ({ kind: 'client', source })

function fill(line: Turns<string>, source: string, n: number, turn = login(source)): void {
  for (let i = 0; i < n; i++) assert.equal(line.add(turn, `${source}${i}`), undefined)
}

function rest(line: Turns<string>): string[] {
  const all: string[] = []
  for (let one = line.next(); one !== undefined; one = line.next()) all.push(one)
  assert.equal(line.size, 0)
  return all
}

test('C-34 with 150 of one source waiting, the next source is the next but one', () => {
  const line = turns<string>(() => 200)
  fill(line, 'a', 150)
  fill(line, 'b', 2)
  assert.deepEqual(rest(line).slice(0, 6), ['a0', 'b0', 'a1', 'b1', 'a2', 'a3'])
})

test('C-34 kinds take turns, however many sources one of them has', () => {
  const line = turns<string>(() => 200)
  for (let i = 0; i < 100; i++) fill(line, `a${i}-`, 1)
  fill(line, 'c', 3, client('c'))
  assert.deepEqual(rest(line).slice(0, 6), ['a0-0', 'c0', 'a1-0', 'c1', 'a2-0', 'c2'])
})

test('C-34 those of one source stay in the order in which they came', () => {
  const line = turns<string>(() => 10)
  fill(line, 'a', 4)
  assert.deepEqual(rest(line), ['a0', 'a1', 'a2', 'a3'])
  assert.equal(line.next(), undefined)
})

test('C-34 when the line is full, who comes pushes out the last of who has most in it', () => {
  const line = turns<string>(() => 5)
  fill(line, 'a', 4)
  fill(line, 'b', 1)
  assert.equal(line.add(login('a'), 'a4'), 'a4')
  assert.equal(line.add(login('c'), 'c0'), 'a3')
  assert.equal(line.add(login('b'), 'b1'), 'a2')
  assert.equal(line.add(login('b'), 'b2'), 'b2')
  assert.equal(line.size, 5)
  assert.deepEqual(rest(line), ['a0', 'b0', 'c0', 'a1', 'b1'])
})

test('C-34 a kind that fills its line takes no place from another', () => {
  const line = turns<string>(() => 3)
  fill(line, 'a', 3)
  fill(line, 'c', 3, client('c'))
  assert.equal(line.add(client('c'), 'c3'), 'c3')
  assert.equal(line.size, 6)
})

test('C-34 whose source may not go on is passed over, and keeps its place', () => {
  const line = turns<string>(() => 200)
  fill(line, 'a', 2)
  fill(line, 'b', 2)
  fill(line, 'c', 1, client('c'))
  assert.equal(line.waiting('login'), 4)
  assert.equal(line.waiting('login', 'b'), 2)
  assert.equal(line.waiting('login', 'c'), 0)
  assert.equal(
    line.next(() => false),
    undefined,
  )
  const notA = ({ source }: { readonly source: string }): boolean => source !== 'a'
  assert.deepEqual([line.next(notA), line.next(notA), line.next(notA)], ['b0', 'c0', 'b1'])
  assert.equal(line.next(notA), undefined)
  assert.deepEqual(rest(line), ['a0', 'a1'])
})
