import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { answerConsent, person, slimUrl, somebody, tokensFor } from '../../test/flow.ts'
import { pushed, world } from '../../test/world.ts'
import type { Realm } from '../realm/realm.ts'
import type { EndUser } from '../user/end-user.ts'
import { parseFilter } from './filter.ts'
import { kinds } from './index.ts'
import type { Change, Kind } from './kind.ts'
import { anyState } from './kind.ts'

const change: Change = { by: 'test', condition: anyState }
const kindOf = (name: string): Kind => kinds.find((kind) => kind.name === name) ?? assert.fail()

async function ids(kind: Kind, realm: Realm, filter: string): Promise<readonly string[] | string> {
  const query = { pageSize: 0, offset: 0, after: undefined, sort: [] }
  const listed = await kind.list(realm, { ...query, filter: parseFilter(filter) ?? assert.fail() })
  return listed.outcome === 'listed' ? listed.items.map(({ id }) => id) : listed.outcome
}

const w = await world()
const [alpha, bravo, root] = [await w.realm(), await w.realm('/bravo'), await w.realm('/')]

/** Somebody of alpha with a session, and a token of myClient that came of it. */
async function used(): Promise<EndUser> {
  const user = await somebody(w)
  await tokensFor(w, {}, await person(w, { user }))
  return user
}

test('config: sessions and consents are listed by their user, by name or by sub, and by nothing less', async () => {
  const { sub, username } = await used()
  for (const name of ['session', 'consent']) {
    const kind = kindOf(name)
    const found = await ids(kind, alpha, `username eq "${username}"`)
    assert.equal(found.length, 1, name)
    assert.deepEqual(await ids(kind, alpha, `username eq "${sub}"`), found)
    assert.deepEqual(
      await ids(kind, alpha, `(username eq "${username.toUpperCase()}") and true`),
      found,
    )
    assert.deepEqual(await ids(kind, alpha, `username eq "${username}" and username eq "x"`), [])
    assert.deepEqual(await ids(kind, alpha, 'username eq "nobody"'), [])
    for (const less of [
      'true',
      'username sw "d"',
      `username eq "${username}" or true`,
      '!(username eq "x")',
    ])
      assert.equal(await ids(kind, alpha, less), 'unsupported', less)
  }
})

test('config: the sessions of a realm are seen from it and from those above, never from beside or below', async () => {
  const { username } = await used()
  const kind = kindOf('session')
  const [handle = ''] = await ids(kind, alpha, `username eq "${username}" and realm eq "/alpha"`)
  assert.deepEqual(await ids(kind, root, `username eq "${username}" and realm eq "/alpha"`), [
    handle,
  ])
  assert.equal((await kind.read(root, handle))?.value.realm, '/alpha')
  assert.deepEqual(await ids(kind, bravo, `username eq "${username}" and realm eq "/alpha"`), [])
  assert.equal(await kind.read(bravo, handle), undefined)
  assert.equal((await kind.remove(bravo, handle, change)).outcome, 'absent')
  assert.equal((await kind.remove(root, handle, change)).outcome, 'removed')
  assert.equal((await kind.remove(root, handle, change)).outcome, 'absent')
})

test('config: what a user allowed is read and removed by user and application, and gone once removed', async () => {
  const { sub, username } = await used()
  const kind = kindOf('consent')
  const [id = ''] = await ids(kind, alpha, `username eq "${username}"`)
  assert.equal(id, `${sub}/myClient`)
  const { value } = (await kind.read(alpha, `${username}/myClient`)) ?? assert.fail()
  assert.deepEqual([value.clientId, value.scopes], ['myClient', ['write']])
  for (const wrong of [
    '',
    username,
    `${username}/`,
    `${username}/other`,
    `${username}/myClient/x`,
    '%/myClient',
    '/',
  ])
    assert.equal((await kind.remove(alpha, wrong, change)).outcome, 'absent', wrong)
  assert.equal((await kind.remove(alpha, `${username}/myClient`, change)).outcome, 'removed')
  assert.equal(await kind.read(alpha, id), undefined)
})

test('config: sessions and consents are not made by hand, and nobody’s own right reaches another’s', async () => {
  const { sub, username } = await used()
  const own = (sub: string): Change => ({
    ...change,
    by: `by ${sub}`,
    sub,
    authority: { administers: undefined, roles: [] },
  })
  for (const name of ['session', 'consent']) {
    const kind = kindOf(name)
    const [id = ''] = await ids(kind, alpha, `username eq "${username}"`)
    assert.equal((await kind.save(alpha, id, {}, change)).outcome, 'forbidden')
    assert.equal((await kind.remove(alpha, id, own('somebody'))).outcome, 'forbidden')
    const { value, events } = await withEvents(() => kind.remove(alpha, id, own(sub)))
    assert.equal(value.outcome, 'removed')
    assert.ok(
      events.some(({ fields }) => fields.by === `by ${sub}` && fields.sub === sub),
      name,
    )
  }
})

test('config: nobody’s own right reaches the session of an account with the same id in a realm below', async () => {
  const { sub } = await used()
  const kind = kindOf('session')
  const [handle = ''] = await ids(kind, alpha, `username eq "${sub}"`)
  const own: Change = { ...change, sub, authority: { administers: undefined, roles: [] } }
  assert.equal((await kind.remove(root, handle, own)).outcome, 'forbidden')
  assert.equal((await kind.remove(alpha, handle, own)).outcome, 'removed')
})

test('config: nothing is left of a user who is deleted: no entry of a list, and no consent', async () => {
  const user = await somebody(w)
  const p = await person(w, { user })
  await answerConsent(p, await p.get(slimUrl(await pushed(w))), 'allow', { save_consent: 'on' })
  await tokensFor(w, {}, p)
  const left = async (): Promise<number[]> => {
    const folders = [
      [w.records, 'grant'],
      [w.records, 'session'],
      [w.settings, 'consent'],
    ] as const
    const keys = folders.map(([store, name]) => store.list(`${name}/%2Falpha/${user.sub}`, 10))
    return (await Promise.all(keys)).map((page) => page.keys.length)
  }
  assert.deepEqual(await left(), [1, 1, 1])
  assert.equal((await kindOf('user').remove(alpha, user.sub, change)).outcome, 'removed')
  assert.deepEqual(await left(), [0, 0, 0])
})
