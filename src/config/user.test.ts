import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { argon2Hash } from '../base/argon2.ts'
import type { JsonObject } from '../base/json.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { findByUsername, findEndUser } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'
import { parseFilter } from './filter.ts'
import type { Change, Saved } from './kind.ts'
import { anyState } from './kind.ts'
import type { Listed, Query } from './query.ts'
import { userKind } from './user.ts'

const change: Change = { by: 'test', condition: anyState }
const trusted: Change = { ...change, trusted: true }
const { alpha, demo } = await people()
const save = (id: string, input: JsonObject, how = change): Promise<Saved> =>
  userKind.save(alpha, id, input, how)

function problemsOf(saved: Saved): readonly string[] {
  assert.equal(saved.outcome, 'invalid')
  return saved.outcome === 'invalid' ? saved.problems.map(({ path }) => path) : []
}

test('PingAM: an account is created by its name, logs in, and never shows its password', async () => {
  const input = { userPassword: 'correct horse', givenName: 'Ann', mail: ['ann@example.com'] }
  const saved = await save('ann', input)
  assert.ok(saved.outcome === 'created')
  const user = await authenticateEndUser(alpha, 'ann', 'correct horse', '127.0.0.1')
  assert.equal(user?.sub, saved.item.id)
  assert.deepEqual(saved.item.value, {
    username: 'ann',
    inetUserStatus: ['Active'],
    cn: ['ann'],
    givenName: ['Ann'],
    sn: ['ann'],
    mail: ['ann@example.com'],
  })
  assert.deepEqual((await userKind.read(alpha, 'ANN'))?.value, saved.item.value)
  assert.doesNotMatch(JSON.stringify(saved), /argon2|correct horse/)
})

test('PingAM: a body changes what it names; nothing and an empty text unset; all else stays', async () => {
  const saved = await save(demo.sub, { telephonenumber: null, mail: [], NickName: 'Dee' })
  assert.ok(saved.outcome === 'updated')
  const gone = ['phone_number', 'phone_number_verified', 'email', 'email_verified']
  const rest = Object.fromEntries(
    Object.entries(demo.attributes).filter(([name]) => !gone.includes(name)),
  )
  const after = await findEndUser(alpha, demo.sub)
  assert.deepEqual(after?.attributes, { ...rest, nickname: 'Dee' })
  assert.equal(after?.password, demo.password)
  const again = await save(demo.sub, { nickname: ['Dee'], _id: 'x', dn: ['cn=x'] })
  assert.ok(again.outcome === 'updated')
  assert.equal(again.item.rev, saved.item.rev)
})

test('a password that is set already changes nothing; another one ends what was begun', async () => {
  const before = await findEndUser(alpha, demo.sub)
  // It is shorter than one that may be set anew.
  await save(demo.sub, { userpassword: 'Ch4ng31t' })
  assert.deepEqual(await findEndUser(alpha, demo.sub), before)
  await save(demo.sub, { userpassword: 'another one' })
  assert.equal((await findEndUser(alpha, demo.sub))?.epoch, (before?.epoch ?? 0) + 1)
})

test('a hash is for trusted doors alone, and one that is kept twice changes nothing', async () => {
  const passwordHash = await argon2Hash('from elsewhere', Buffer.alloc(16, 1))
  assert.deepEqual(await save('eve', { passwordHash }), {
    ...(await save('eve', { passwordHash })),
    outcome: 'unknown',
    paths: ['passwordHash'],
  })
  const first = await save('eve', { passwordHash }, trusted)
  const second = await save('eve', { passwordHash, username: 'eve' }, trusted)
  assert.ok(first.outcome === 'created' && second.outcome === 'updated')
  assert.equal(second.item.rev, first.item.rev)
  const plain = await save('eve', { userpassword: 'from elsewhere' })
  assert.ok(plain.outcome === 'updated' && plain.item.rev === first.item.rev)
  assert.ok(await authenticateEndUser(alpha, 'eve', 'from elsewhere', '127.0.0.1'))
})

const refused: readonly (readonly [id: string, input: JsonObject, paths: readonly string[]])[] = [
  ['new', { password: 'short' }, ['userpassword']],
  ['new', { password: 'newnewnew', username: 'newnewnew' }, ['username', 'userpassword']],
  ['new', { inetUserStatus: 'Locked', mail: [7] }, ['inetUserStatus', 'mail[0]']],
  ['new', { mail: 'a@b.example', email: 'c@d.example' }, ['email']],
  ['new', { roles: ['king'] }, ['roles']],
  ['new', { username: 'other' }, ['username']],
  ['', { userpassword: 'correct horse' }, ['username']],
  [' ', {}, ['username']],
  [demo.sub, { username: 'ann' }, ['username']],
  ['11111111-2222-4333-8444-555555555555', {}, ['username']],
]

test('PingAM: whatever is wrong with an account is told at once, and nothing is stored', async () => {
  for (const [id, input, paths] of refused)
    assert.deepEqual(problemsOf(await save(id, input)), paths, JSON.stringify([id, input]))
  assert.equal(await findByUsername(alpha, 'new'), undefined)
  const unknown = await save('new', { shoeSize: ['44'] })
  assert.ok(unknown.outcome === 'unknown')
  assert.deepEqual(unknown.paths, ['shoeSize'])
  assert.ok(unknown.known.includes('givenName'))
})

test('an account may be given its id and another name; the old name is free again', async () => {
  const sub = '11111111-2222-4333-8444-555555555555'
  assert.equal((await save(sub, { userName: 'bo' })).outcome, 'created')
  assert.equal((await save(sub, { username: 'Bob' })).outcome, 'updated')
  assert.equal((await findByUsername(alpha, 'bob'))?.sub, sub)
  assert.equal(await findByUsername(alpha, 'bo'), undefined)
  const saved = await save(sub, { username: 'BOB' })
  assert.ok(saved.outcome === 'updated')
  assert.equal(saved.item.value.username, 'BOB')
})

test('C-37 an account made anew under the id of a removed one begins at another count', async () => {
  const sub = '21111111-2222-4333-8444-555555555555'
  await save(sub, { username: 'cy' })
  const before = await findEndUser(alpha, sub)
  assert.equal((await userKind.remove(alpha, 'cy', change)).outcome, 'removed')
  await save(sub, { username: 'cy' })
  assert.notEqual((await findEndUser(alpha, sub))?.epoch, before?.epoch)
})

test('nobody removes their own account', async () => {
  const removed = await userKind.remove(alpha, 'ann', {
    ...change,
    by: (await findByUsername(alpha, 'ann'))?.sub ?? '',
  })
  assert.equal(removed.outcome, 'refused')
})

const sub = demo.sub
const own = { administers: undefined, roles: [] }

/** Who asks with which right, for what, and whether they may. */
const rights: readonly (readonly [
  who: Partial<Change>,
  id: string,
  input: JsonObject,
  may: boolean,
])[] = [
  [{ by: sub, authority: own }, sub, { nickname: 'Dee' }, true],
  [{ by: sub, authority: own }, sub, { mail: 'own@example.com' }, true],
  [{ by: sub, authority: own }, sub, { inetUserStatus: 'Active' }, false],
  [{ by: sub, authority: own }, sub, { roles: [] }, false],
  [{ by: sub, authority: own }, sub, { username: 'demo' }, false],
  [{ by: sub, authority: own }, sub, { password: 'correct horse' }, false],
  [{ by: sub, authority: own }, 'ann', { nickname: 'Dee' }, false],
  [{ by: sub, authority: own }, 'nobody yet', { nickname: 'Dee' }, false],
  [{ authority: { administers: '/alpha', roles: ['admin'] } }, 'ann', { roles: ['admin'] }, true],
  [{ authority: { administers: '/alpha', roles: [] } }, 'ann', { roles: ['admin'] }, true],
  [{ authority: { administers: '/alpha', roles: [] } }, 'eve', { roles: ['admin'] }, false],
  [{ authority: { administers: '/', roles: [] } }, 'eve', { roles: ['admin'] }, true],
  [{}, 'eve', { roles: [] }, true],
]

test('C-29 people change what is theirs about themselves; nobody gives a role they do not have', async () => {
  for (const [who, id, input, may] of rights) {
    const { outcome } = await save(id, input, { ...change, ...who })
    assert.equal(outcome, may ? 'updated' : 'forbidden', JSON.stringify([who, id, input]))
  }
})

/** What is changed of `mail`, by whose right, and whether the address still counts as theirs. */
const verified: readonly (readonly [input: JsonObject, who: Partial<Change>, after: unknown])[] = [
  [{ mail: 'kept@example.com', email_verified: true }, {}, true],
  [{ sn: 'Lee' }, {}, true],
  [{ mail: ['kept@example.com', 'more@example.com'] }, {}, true],
  [{ mail: ['more@example.com', 'kept@example.com'] }, {}, undefined],
  [{ mail: 'admin@example.com', email_verified: 'true' }, {}, true],
  [{ mail: 'victim@example.com' }, { by: sub, authority: own }, undefined],
]

test('OIDC Core §5.1 a verified address proves nothing about the next one, whoever sets it', async () => {
  for (const [input, who, after] of verified) {
    const { outcome } = await save(sub, input, { ...change, ...who })
    assert.equal(outcome, 'updated')
    assert.equal((await findEndUser(alpha, sub))?.attributes.email_verified, after)
  }
})

test('C-29 nobody says about themselves what others vouch for', async () => {
  const who = { ...change, by: sub, authority: own }
  const vouched = { email_verified: true, phone_number_verified: true, employeeNumber: '1' }
  for (const [name, value] of Object.entries({ ...vouched, manager: 'x', aliasList: ['root'] })) {
    const { outcome } = await save(sub, { [name]: value }, who)
    assert.equal(outcome, 'forbidden', name)
  }
})

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
    assert.equal((await names('true', { offset: 3, sort })).length, all.length - 3)
  }
})

function caseless(a: unknown, b: unknown): number {
  return String(a).toLowerCase() < String(b).toLowerCase() ? -1 : 1
}
