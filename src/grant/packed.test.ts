import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packed } from './packed.ts'
import type { Forgotten } from './packed-list.ts'

interface Sample {
  readonly one: number
  readonly two?: string
  readonly three: boolean
  readonly four: readonly string[]
}

const sample = packed<Sample>()([
  'one',
  [
    { name: 'two', stored: 'zwei' },
    { name: 'four', absent: [] },
  ],
  { name: 'three', absent: false },
])

test('house: a stored shape is an array by place, with the rest by name as on disk, and nothing of what is usual', () => {
  const table: readonly (readonly [Sample, unknown[]])[] = [
    [{ one: 1, three: false, four: [] }, [1, null]],
    [{ one: 0, three: true, four: [] }, [0, null, true]],
    [{ one: 1, two: '', three: false, four: ['a'] }, [1, { zwei: '', four: ['a'] }]],
  ]
  for (const [value, stored] of table) {
    assert.deepEqual(sample.write(value), stored)
    assert.deepEqual(sample.read(stored), value)
  }
})

test('house: places that lack at the end, and an object by the names on disk, are read as the same', () => {
  assert.deepEqual(sample.read([1, null]), { one: 1, three: false, four: [] })
  assert.deepEqual(sample.read({ one: 1, zwei: 't', three: true }), {
    one: 1,
    two: 't',
    three: true,
    four: [],
  })
})

test('house: what the holder has is given, not stored', () => {
  const inner = packed<{ readonly id: string; readonly n: number }>()(['n'], ['id'])
  const outer = packed<{ readonly id: string; readonly in: { id: string; n: number } }>()([
    'id',
    { name: 'in', form: inner },
  ])
  const value = { id: 'x', in: { id: 'x', n: 1 } }
  assert.deepEqual(outer.write(value), ['x', [1]])
  assert.deepEqual(outer.read(['x', [1]]), value)
})

test('house: a list that forgets a member is told which by the compiler, of a union any of them', () => {
  type Union = { readonly a: 1 } | { readonly b?: 2 }
  const forgotten: readonly [
    Forgotten<Sample, ['one', ['two', { name: 'four' }]]>,
    Forgotten<Union, ['a']>,
    Forgotten<Sample, ['one'], 'two' | 'three'>,
  ] = ['three', 'b', 'four']
  const none: [Forgotten<Union, [['b'], 'a']>] extends [never] ? true : false = true
  assert.deepEqual([forgotten, none], [['three', 'b', 'four'], true])
})
