import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { argon2Hash } from '../base/argon2.ts'
import type { JsonObject } from '../base/json.ts'
import { findByUsername, findEndUser } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'
import type { Change, Saved } from './kind.ts'
import { anyState } from './kind.ts'
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

/** By whose right an account with the id of whoever asks is removed, and what becomes of that. */
const sameId: readonly (readonly [right: Change['authority'], outcome: string])[] = [
  [undefined, 'refused'],
  [{ administers: undefined, roles: [] }, 'refused'],
  [{ administers: '/alpha', roles: ['admin'] }, 'refused'],
  [{ administers: '/', roles: ['admin'] }, 'removed'],
]

test('nobody removes their own account; one with the same id in a realm below is somebody else’s', async () => {
  for (const [authority, outcome] of sameId) {
    const id = randomUUID()
    await save(id, { username: `own ${id}` })
    const right = authority === undefined ? {} : { authority }
    const removed = await userKind.remove(alpha, id, { ...change, sub: id, ...right })
    assert.equal(removed.outcome, outcome, JSON.stringify(authority))
  }
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
  [{ sub, authority: own }, sub, { nickname: 'Dee' }, true],
  [{ sub, authority: own }, sub, { mail: 'own@example.com' }, true],
  [{ sub, authority: own }, sub, { inetUserStatus: 'Active' }, false],
  [{ sub, authority: own }, sub, { roles: [] }, false],
  [{ sub, authority: own }, sub, { username: 'demo' }, false],
  [{ sub, authority: own }, sub, { password: 'correct horse' }, false],
  [{ sub, authority: own }, 'ann', { nickname: 'Dee' }, false],
  [{ sub, authority: own }, 'nobody yet', { nickname: 'Dee' }, false],
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
  [{ mail: 'victim@example.com' }, { sub, authority: own }, false],
]

test('OIDC Core §5.1 a verified address proves nothing about the next one, whoever sets it', async () => {
  for (const [input, who, after] of verified) {
    const { outcome } = await save(sub, input, { ...change, ...who })
    assert.equal(outcome, 'updated')
    assert.equal((await findEndUser(alpha, sub))?.attributes.email_verified, after)
  }
})

test('C-29 nobody says about themselves what others vouch for', async () => {
  const who = { ...change, sub, authority: own }
  const vouched = { email_verified: true, phone_number_verified: true, employeeNumber: '1' }
  for (const [name, value] of Object.entries({ ...vouched, manager: 'x', aliasList: ['root'] })) {
    const { outcome } = await save(sub, { [name]: value }, who)
    assert.equal(outcome, 'forbidden', name)
  }
})
