import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../base/json.ts'
import { parseFilter } from './filter.ts'
import type { Listed, Query } from './query.ts'
import { idsAsked, listWhole } from './query.ts'

/** A collection of so many, how it is asked, and how many entries that has read. */
function crowd(count: number) {
  const ids = Array.from({ length: count }, (_, i) => `c${String(i).padStart(5, '0')}`)
  const reads = { count: 0 }
  const read = async (id: string) => {
    reads.count += 1
    return { id, rev: '1', value: { name: `n${id}`, kind: 'open' } as JsonObject }
  }
  const list = (filter: string, more: Partial<Query> = {}): Promise<Listed> => {
    reads.count = 0
    const usual = { pageSize: 3, offset: 0, after: undefined, sort: [] }
    const query = { ...usual, filter: parseFilter(filter) ?? assert.fail(filter), ...more }
    return listWhole(query, idsAsked(query, ids), read, ({ value }) => value)
  }
  return { ids, reads, list }
}

const idsOf = (listed: Listed): readonly string[] | string =>
  listed.outcome === 'listed' ? listed.items.map(({ id }) => id) : listed.outcome

const byName = { sort: [{ field: ['name'], descending: true }] }

test('CREST: in the order of ids a page reads what is on it, however many there are, and tells their number', async () => {
  const { ids, reads, list } = crowd(25_000)
  const first = await list('true')
  assert.ok(first.outcome === 'listed')
  assert.deepEqual([first.items.length, first.total, reads.count], [3, 25_000, 3])
  assert.deepEqual(idsOf(await list('true', { after: first.cookie })), ids.slice(3, 6))
  assert.deepEqual(idsOf(await list('true', { offset: 24_999 })), ids.slice(-1))
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await list('true', { pageSize: 0, after })
    assert.ok(page.outcome === 'listed')
    seen.push(...page.items.map(({ id }) => id))
    after = page.cookie
  } while (after !== undefined)
  assert.deepEqual(seen, ids)
})

test('CREST: a filter or order that no index serves reads 10,000 entries at most, and says so', async () => {
  const many = crowd(10_001)
  for (const [filter, more] of [
    ['kind eq "none"', {}],
    ['kind eq "open"', {}],
    ['true', byName],
  ] as const)
    assert.deepEqual([idsOf(await many.list(filter, more)), many.reads.count], ['too-many', 0])
  assert.deepEqual(idsOf(await many.list('_id eq "C00007" and kind eq "open"')), ['c00007'])
  assert.equal(many.reads.count, 1)
  const { ids, list } = crowd(10_000)
  assert.deepEqual(idsOf(await list('true', byName)), ids.slice(-3).reverse())
  assert.deepEqual(idsOf(await list('name eq "nc09999"')), ['c09999'])
})

/** What pages of two lead through, where the last one of each goes before the next is asked for. */
async function paged(values: Readonly<Record<string, JsonObject>>, more: Partial<Query>) {
  const there = new Map(Object.entries(values))
  const seen: string[] = []
  let after: string | undefined
  do {
    const query = { filter: parseFilter('true') ?? assert.fail(), offset: 0, sort: [] }
    const page = await listWhole(
      { ...query, pageSize: 2, after, ...more },
      [...there.keys()],
      async (id) => ({ id, rev: '1', value: there.get(id) ?? {} }),
      ({ value }) => value,
    )
    assert.ok(page.outcome === 'listed')
    seen.push(...page.items.map(({ id }) => id))
    after = page.cookie
    there.delete(seen.at(-1) ?? '')
  } while (after !== undefined)
  return seen
}

test('CREST: whoever pages in an order meets all that stay, also behind what was removed meanwhile', async () => {
  const long = 'l'.repeat(70)
  const values = {
    ...{ a: { n: 10, t: `${long}3` }, b: { n: 9, t: `${long}1` }, c: { n: 9, t: 'B' } },
    ...{ d: { n: 9, t: 'a' }, e: { t: 'c' }, f: { n: 'x', t: `${long}2` }, g: { n: 8, t: ['c'] } },
  }
  for (const descending of [false, true])
    for (const fields of [['n'], ['t'], ['t', 'n'], ['_id'], ['none']]) {
      const sort = fields.map((field) => ({ field: [field], descending }))
      const seen = await paged(values, { sort })
      assert.deepEqual([...new Set(seen)].sort(), Object.keys(values), `${fields} ${descending}`)
    }
})

test('CREST: names are paged in one order, in whatever order they lie', async () => {
  const values = { alpha: {}, Beta: {}, gamma: {}, 'ä-b': {}, 'a b': {}, Delta: {}, 'a-b': {} }
  assert.deepEqual(await paged(values, {}), Object.keys(values).sort())
})

test('CREST: what is no cookie of an order leads nowhere', async () => {
  const { list } = crowd(5)
  for (const after of ['c00001', '[]', '["c00001"]', '["c00001",{}]', '[1,"a"]', '["c","a","b"]'])
    assert.deepEqual(idsOf(await list('true', { ...byName, after })), [])
})
