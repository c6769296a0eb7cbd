import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Store } from '../../store/store.ts'
import { never } from '../../store/store.ts'
import { parseFilter } from '../filter.ts'
import type { Change, Saved } from '../kind.ts'
import { anyState } from '../kind.ts'
import type { Listed, Query } from '../query.ts'
import { userKind } from '../user.ts'

const change: Change = { by: 'test', condition: anyState }
const { alpha, demo } = await people()
const save = (id: string, input: JsonObject): Promise<Saved> =>
  userKind.save(alpha, id, input, change)

async function list(filter: string, more: Partial<Query> = {}): Promise<Listed> {
  const read = parseFilter(filter)
  assert.ok(read, filter)
  const query = { pageSize: 0, offset: 0, after: undefined, sort: [], ...more, filter: read }
  return userKind.list(alpha, query)
}

async function names(filter: string, more: Partial<Query> = {}): Promise<readonly unknown[]> {
  const listed = await list(filter, more)
  assert.ok(listed.outcome === 'listed', filter)
  return listed.items.map(({ value }) => value.username).sort()
}

test('CREST: accounts are found by every name of what they have', async () => {
  await save('query one', { mail: ['q@example.com', 'one@example.com'], sn: 'Qu' })
  await save('query two', { mail: 'Q@Example.com', inetUserStatus: 'Inactive' })
  const both = ['query one', 'query two']
  assert.deepEqual(await names('mail eq "q@example.COM"'), both)
  assert.deepEqual(await names('/email eq "one@example.com"'), ['query one'])
  assert.deepEqual(await names('userName sw "Query "'), both)
  assert.deepEqual(await names('username eq "QUERY ONE" or mail eq "Q@example.com"'), both)
  assert.deepEqual(await names('mail eq "q@example.com" and accountStatus eq "active"'), [
    'query one',
  ])
  assert.deepEqual(await names('sn eq "qu" or cn co "y tw"'), both)
  assert.deepEqual(await names('uid eq "query two"'), ['query two'])
  await save('query one', { mail: 'else@example.com' })
  assert.deepEqual(await names('mail eq "q@example.com"'), ['query two'])
  await userKind.remove(alpha, 'query two', change)
  assert.deepEqual(await names('mail eq "q@example.com"'), [])
})

test('accounts from before there was an index are found by their mail address', async () => {
  const { bravo, settings } = { bravo: { ...alpha, path: '/bravo' }, settings: alpha.settings }
  const old = { ...demo, sub: '51111111-2222-4333-8444-555555555555', username: 'old' }
  const value = Buffer.from(JSON.stringify({ ...old, attributes: { email: 'Old@example.com' } }))
  await settings.insert(`user/%2Fbravo/${old.sub}`, value, never)
  const filter = parseFilter('mail eq "old@example.com"')
  assert.ok(filter)
  const query = { filter, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const listed = await userKind.list(bravo, query)
  assert.ok(listed.outcome === 'listed')
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    [old.sub],
  )
})

/** A shelf with so many accounts, each made when it is read. */
function crowded(count: number, reads: { count: number }): Store {
  const subs = Array.from({ length: count }, (_, i) => {
    return `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
  })
  const user = { ...demo, attributes: { family_name: 'Lee' } }
  return {
    ...alpha.settings,
    async list(folder, limit, cursor = '') {
      const from = Number(cursor.slice(-12)) + Number(cursor !== '')
      const page = subs.slice(from, from + limit).map((sub) => `${folder}/${sub}`)
      return { keys: page, cursor: from + limit < count ? page.at(-1) : undefined }
    },
    get(key) {
      reads.count += 1
      const value = Buffer.from(JSON.stringify({ ...user, sub: key.slice(-36) }))
      return { value, version: 1 }
    },
  }
}

test('a filter or order that no index serves reads 10,000 accounts at most, and says so', async () => {
  const reads = { count: 0 }
  const realm = { ...alpha, path: '/many', settings: crowded(10_001, reads) }
  const asked = async (text: string, more: Partial<Query> = {}) => {
    const filter = parseFilter(text)
    assert.ok(filter)
    const query = { filter, pageSize: 10, offset: 0, after: undefined, sort: [], ...more }
    const listed = await userKind.list(realm, query)
    return listed.outcome === 'listed' ? listed.items.length : listed.outcome
  }
  assert.equal(await asked('true'), 10)
  assert.equal(reads.count, 10)
  assert.equal(await asked('sn eq "Lee"'), 10)
  assert.equal(await asked('sn eq "none"'), 'too-many')
  assert.equal(await asked('true', { sort: [{ field: ['sn'], descending: false }] }), 'too-many')
  assert.equal(await asked('sn eq "none" and _id eq "x"'), 0)
})

test('CREST: pages lead through all accounts once, by id, by name and by anything else', async () => {
  const all = await names('true')
  const orders = [[], ['username'], ['sn']].map((fields) =>
    fields.map((field) => ({ field: [field], descending: false })),
  )
  for (const sort of orders) {
    const seen: unknown[] = []
    let after: string | undefined
    do {
      const page = await list('true', { pageSize: 2, after, sort })
      assert.ok(page.outcome === 'listed')
      assert.ok(page.items.length > 0 && page.items.length <= 2)
      seen.push(...page.items.map(({ value }) => value.username))
      after = page.cookie
    } while (after !== undefined)
    if (sort[0]?.field[0] === 'username') assert.deepEqual(seen, [...seen].sort(caseless))
    assert.deepEqual([...seen].sort(), all)
    assert.equal((await names('true', { offset: 1, sort })).length, all.length - 1)
  }
})

function caseless(a: unknown, b: unknown): number {
  return String(a).toLowerCase() < String(b).toLowerCase() ? -1 : 1
}
