import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../../test/administrator.ts'
import { administrator, caller, callWith } from '../../../test/administrator.ts'
import { bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import { createSession } from '../../session/session.ts'
import { findByUsername } from '../../user/end-user.ts'
import { authenticateEndUser } from '../../user/password.ts'

const w = await world()
const alpha = await w.realm()
const admin = await administrator(w)
const v4 = { 'accept-api-version': 'protocol=2.0,resource=4.0' }
const call: Call = (method, path, body, headers = {}) =>
  admin(method, path, body, { ...v4, ...headers })

/** The calls of a user of alpha with a session of theirs. */
async function userCalls(username: string): Promise<Call> {
  const user = await findByUsername(alpha, username)
  assert.ok(user)
  const { token } = await createSession(alpha, user, 'Login')
  return callWith(w, { iplanetdirectorypro: token, ...v4 })
}

interface Listed {
  readonly result: readonly Record<string, unknown>[]
  readonly pagedResultsCookie: string | null
  readonly remainingPagedResults: number
}

async function query(text: string): Promise<Listed> {
  const answer = await call('GET', `/users?${text}`)
  assert.equal(answer.status, 200, `${text}: ${String(answer.body)}`)
  return bodyOf(answer) as unknown as Listed
}

test('PingAM: an account is created, read, changed and deleted in AM’s JSON', async () => {
  const input = { username: 'Ann', userpassword: 'correct horse', mail: 'ann@example.com' }
  const created = await call('POST', '/users?_action=create', input)
  assert.equal(created.status, 201)
  const { _id, _rev, ...rest } = bodyOf(created)
  assert.equal(
    created.headers.location,
    `http://localhost:8080/am/json/realms/root/realms/alpha/users/${_id}`,
  )
  assert.equal(created.headers.etag, `"${_rev}"`)
  assert.deepEqual(rest, {
    realm: '/alpha',
    username: 'Ann',
    uid: ['Ann'],
    inetUserStatus: ['Active'],
    cn: ['Ann'],
    sn: ['Ann'],
    mail: ['ann@example.com'],
    dn: [`fr-idm-uuid=${_id},ou=user,o=alpha,o=root,ou=identities`],
    universalid: [`id=${_id},ou=user,o=alpha,ou=services,ou=am-config`],
    objectClass: rest.objectClass,
  })
  assert.equal((await call('POST', '/users?_action=create', input)).status, 409)
  assert.deepEqual(bodyOf(await call('GET', '/users/ann')), bodyOf(created))
  const changed = await call('PUT', `/users/${_id}`, { mail: [], GIVENNAME: 'Ann', cn: 'Ann Lee' })
  assert.equal(changed.status, 200)
  const { mail, givenName, cn, sn } = bodyOf(changed)
  assert.deepEqual([mail, givenName, cn, sn], [undefined, ['Ann'], ['Ann Lee'], ['Ann']])
  assert.equal((await call('DELETE', `/users/${_id}`)).status, 200)
  assert.equal((await call('GET', `/users/${_id}`)).status, 404)
  assert.doesNotMatch(String(created.body) + String(changed.body), /correct horse|argon2/)
})

test('RFC 9110 §13.1 a write goes on only in the state it names', async () => {
  const none = { 'if-none-match': '*' }
  const made = await call('PUT', '/users/cond', { userpassword: 'correct horse' }, none)
  assert.equal(made.status, 201)
  const etag = String(made.headers.etag)
  assert.equal((await call('PUT', '/users/cond', { sn: 'C' }, none)).status, 412)
  const stale = { 'if-match': '"1"' }
  assert.equal((await call('PUT', '/users/cond', { sn: 'C' }, stale)).status, 412)
  assert.equal((await call('PATCH', '/users/cond', [], stale)).status, 412)
  assert.equal((await call('DELETE', '/users/cond', undefined, stale)).status, 412)
  assert.equal((await call('PUT', '/users/absent', { sn: 'C' }, { 'if-match': '*' })).status, 404)
  assert.equal((await call('PUT', '/users/cond', { sn: 'C' }, { 'if-match': etag })).status, 200)
  assert.equal((await call('DELETE', '/users/cond', undefined, { 'if-match': '*' })).status, 200)
})

test('PingAM: a PATCH changes what it names, in its order, or nothing', async () => {
  await call('PUT', '/users/pat', { mail: ['a@b.example'], userpassword: 'correct horse' })
  const steps = [
    { operation: 'add', field: '/mail/-', value: 'c@d.example' },
    { operation: 'replace', field: '/givenName', value: 'Pat' },
    { operation: 'remove', field: '/sn' },
    { operation: 'copy', from: '/givenName', field: '/sn' },
    { operation: 'remove', field: 'mail', value: 'a@b.example' },
  ]
  const patched = bodyOf(await call('PATCH', '/users/pat', steps))
  assert.deepEqual(
    [patched.mail, patched.sn, patched.givenName],
    [['c@d.example'], ['Pat'], ['Pat']],
  )
  const bad = [steps[1], { operation: 'increment', field: '/sn', value: 1 }]
  assert.equal((await call('PATCH', '/users/pat', bad)).status, 400)
  assert.equal((await call('PATCH', '/users/pat', [{ operation: 'add' }])).status, 400)
  assert.equal((await call('PATCH', '/users/pat', { operation: 'add' })).status, 400)
  assert.equal((await call('PATCH', '/users/nobody', [])).status, 404)
  assert.deepEqual(bodyOf(await call('GET', '/users/pat')), patched)
})

test('PingAM: accounts are queried by filter and by name, in pages, sorted, with the members asked for', async () => {
  for (const name of ['q1', 'q2', 'q3'])
    await call('PUT', `/users/${name}`, {
      mail: `${name}@example.com`,
      inetUserStatus: name === 'q2' ? 'Inactive' : 'Active',
    })
  const found = async (text: string): Promise<unknown[]> =>
    (await query(text)).result.map(({ username }) => username).sort()
  assert.deepEqual(await found('_queryId=q*'), ['q1', 'q2', 'q3'])
  assert.deepEqual(await found('_queryId=q2'), ['q2'])
  assert.deepEqual(await found('_queryFilter=mail+eq+"Q3@example.com"'), ['q3'])
  assert.deepEqual(
    await found(
      `_queryFilter=${encodeURIComponent('username sw "q" and inetUserStatus eq "Active"')}`,
    ),
    ['q1', 'q3'],
  )
  const search = encodeURIComponent('_id co "q1" or cn co "q1" or mail co "q1"')
  assert.deepEqual(await found(`_queryFilter=${search}`), ['q1'])
  assert.deepEqual(await found('_queryId=*'), await found('_queryFilter=true'))
  const page = await query('_queryId=q*&_sortKeys=-username&_pageSize=2&_fields=username')
  assert.deepEqual(
    page.result.map(({ _id, _rev, ...rest }) => rest),
    [{ username: 'q3' }, { username: 'q2' }],
  )
  assert.equal(page.remainingPagedResults, 0)
  const next = await query(
    `_queryId=q*&_sortKeys=-username&_pageSize=2&_pagedResultsCookie=${page.pagedResultsCookie}`,
  )
  assert.deepEqual(
    next.result.map(({ username }) => username),
    ['q1'],
  )
  for (const bad of [
    '_queryId=q*&_queryFilter=true',
    '_queryFilter=username',
    '_queryExpression=x',
  ])
    assert.equal((await call('GET', `/users?${bad}`)).status, 400, bad)
})

test('PingAM: what is wrong is said with its name; what is not served, too', async () => {
  const unknown = await call('PUT', '/users/demo', { shoeSize: '44' })
  assert.equal(unknown.status, 400)
  assert.deepEqual((bodyOf(unknown).detail as Record<string, unknown>).unknownAttributes, [
    'shoeSize',
  ])
  const short = await call('PUT', '/users/demo', { userpassword: 'short' })
  assert.match(String(bodyOf(short).message), /userpassword: must be at least 8 characters/)
  assert.equal((await call('PUT', '/users/demo', { passwordHash: '$argon2id$' })).status, 400)
  assert.equal((await call('POST', '/users?_action=constructor')).status, 501)
  assert.equal((await call('POST', '/users/demo?_action=resetAll')).status, 501)
  assert.equal((await call('GET', '/users/demo/nothing')).status, 404)
  assert.equal((await call('GET', '/users/%ff')).status, 404)
  const schema = bodyOf(await call('POST', '/users?_action=schema'))
  const template = bodyOf(await call('POST', '/users?_action=template'))
  assert.ok(Object.hasOwn(schema.properties as object, 'givenName'))
  assert.deepEqual(template.mail, [])
})

/** What a user may do about accounts of the realm, with their own session. */
const rights: readonly (readonly [method: string, path: string, body: unknown, status: number])[] =
  [
    ['GET', '/users/demo', undefined, 200],
    ['PUT', '/users/demo', { nickname: 'Dee' }, 200],
    ['PUT', '/users/demo', { mail: 'demo@example.com', telephoneNumber: '+1' }, 200],
    ['PUT', '/users/demo', { inetUserStatus: 'Inactive' }, 403],
    ['PUT', '/users/demo', { roles: ['admin'] }, 403],
    ['PUT', '/users/demo', { userpassword: 'correct horse' }, 403],
    ['PATCH', '/users/demo', [], 403],
    ['DELETE', '/users/demo', undefined, 403],
    ['GET', '/users/other', undefined, 403],
    ['GET', '/users/nobody', undefined, 403],
    ['PUT', '/users/other', { nickname: 'x' }, 403],
    ['PUT', '/users/nobody', { nickname: 'x' }, 403],
    ['POST', '/users/other?_action=changePassword', {}, 403],
    ['POST', '/users/nobody?_action=changePassword', {}, 403],
    ['GET', '/users?_queryFilter=true', undefined, 403],
    ['POST', '/users?_action=create', { username: 'x' }, 403],
    ['POST', '/users?_action=schema', undefined, 403],
  ]

test('C-29 users read and change themselves, and nobody else', async () => {
  await call('PUT', '/users/other', {})
  const own = await userCalls('demo')
  const nobody = callWith(w, v4)
  for (const [method, path, body, status] of rights) {
    assert.equal((await own(method, path, body)).status, status, `${method} ${path}`)
    assert.equal((await nobody(method, path, body)).status, 401, `${method} ${path}`)
  }
  const id = bodyOf(await own('POST', '/users?_action=idFromSession', {}))
  assert.deepEqual([id.id, id.realm], [w.demo.sub, '/alpha'])
  const { call: foreign } = await caller(w, '/bravo', ['admin'])
  assert.equal((await foreign('GET', '/users/demo', undefined, v4)).status, 403)
})

test('PingAM: a user changes the password by the old one, which is a try like any other (C-34)', async () => {
  await call('PUT', '/users/changer', { userpassword: 'the old one' })
  const own = await userCalls('changer')
  const change = (body: unknown) => own('POST', '/users/changer/?_action=changePassword', body)
  const wrong = { currentpassword: 'not it', userpassword: 'the new one' }
  assert.match(
    String((await change({ userpassword: 'the new one' })).body),
    /'currentpassword' attribute not set/,
  )
  assert.match(
    String((await change({ currentpassword: 'the old one' })).body),
    /'userpassword' attribute not set/,
  )
  assert.equal((await change(wrong)).status, 400)
  assert.equal(
    (await change({ currentpassword: 'the old one', userpassword: 'short' })).status,
    400,
  )
  const elsewhere = await userCalls('changer')
  const done = await change({
    username: 'changer',
    currentpassword: 'the old one',
    userpassword: 'the new one',
  })
  assert.deepEqual([done.status, bodyOf(done)], [200, {}])
  assert.ok(await authenticateEndUser(alpha, 'changer', 'the new one', '127.0.0.1'))
  const seen = [own, elsewhere].map((each) => each('GET', '/users/changer'))
  assert.deepEqual(
    (await Promise.all(seen)).map(({ status }) => status),
    [200, 401],
    'the session that changed it goes on, every other one is over',
  )
  const again = await userCalls('changer')
  const tries = Array.from({ length: 22 }, () =>
    again('POST', '/users/changer?_action=changePassword', wrong),
  )
  assert.ok((await Promise.all(tries)).some(({ status }) => status === 429))
})

test('C-28 no web origin may call users, and no form', async () => {
  const answer = await admin('GET', '/users/demo', undefined, { origin: 'https://www.example.com' })
  assert.equal(answer.headers['access-control-allow-origin'], undefined)
  const { session } = await caller(w, '/', ['admin'])
  const headers = {
    'content-type': 'application/json',
    cookie: `iPlanetDirectoryPro=${session.token}`,
  }
  const url = `${origin}/am/json/realms/root/realms/alpha/users?_action=create`
  const form = await w.serve(requestOf('POST', url, { headers, body: '{"username":"x"}' }))
  assert.equal(form.status, 403)
})

test('house: what leads on through sorted or named accounts says nothing of them, and is taken for their list alone', async () => {
  const some = ['Ziegler', 'Yilmaz', 'Xenakis', 'Winter']
  for (const sn of some)
    await call('PUT', `/users/${sn}`, { sn, userpassword: 'Secret of somebody' })
  const filter = encodeURIComponent('sn pr')
  for (const order of ['_sortKeys=sn', '_sortKeys=username', '_sortKeys=-sn,username', '']) {
    const list = `_queryFilter=${filter}&_pageSize=1&${order}`
    const all: unknown[] = []
    let cookie: string | null = ''
    while (cookie !== null) {
      const page: Listed = await query(`${list}&_pagedResultsCookie=${cookie}`)
      all.push(...page.result.map(({ username }) => username))
      cookie = page.pagedResultsCookie
      const read = Buffer.from(cookie ?? '', 'base64url').toString('latin1')
      for (const name of some) assert.ok(!read.toLowerCase().includes(name.toLowerCase()))
      if (cookie === null) continue
      const changed = `${cookie.startsWith('A') ? 'B' : 'A'}${cookie.slice(1)}`
      for (const other of [
        `/users?${list}&_pagedResultsCookie=${changed}`,
        `/groups?_queryFilter=true&_pagedResultsCookie=${cookie}`,
      ])
        assert.equal((await call('GET', other)).status, 400, other)
    }
    assert.equal(all.length, new Set(all).size)
    for (const name of some) assert.ok(all.includes(name))
  }
})
