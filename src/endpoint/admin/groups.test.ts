import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, callWith } from '../../../test/administrator.ts'
import { bodyOf, world } from '../../../test/world.ts'
import { createSession } from '../../session/session.ts'
import { changeEndUser } from '../../user/end-user.ts'

const w = await world()
const admin = await administrator(w)
const { sub } = w.demo

async function groupsOfDemo(): Promise<unknown> {
  return bodyOf(await admin('GET', '/users/demo')).groups
}

async function usersIn(name: string): Promise<unknown[]> {
  const filter = encodeURIComponent(`groups eq "${name}"`)
  const { result } = bodyOf(await admin('GET', `/users?_queryFilter=${filter}`))
  return (result as { readonly username: unknown }[]).map(({ username }) => username)
}

test('PingAM: a group is created, read with its members, changed and deleted', async () => {
  const made = await admin('PUT', '/groups/staff', {}, { 'if-none-match': '*' })
  assert.equal(made.status, 201)
  const { username, cn, dn, universalid, members, privileges } = bodyOf(made)
  assert.deepEqual(
    [username, cn, dn, universalid, members],
    [
      'staff',
      ['staff'],
      ['cn=staff,ou=groups,o=alpha,o=root,ou=identities'],
      ['id=staff,ou=group,o=alpha,ou=services,ou=am-config'],
      { uniqueMember: [] },
    ],
  )
  assert.equal(Object.keys(privileges as object).length, 22)
  assert.equal((await admin('PUT', '/groups/Staff', {}, { 'if-none-match': '*' })).status, 412)
  assert.equal((await admin('POST', '/groups?_action=create', { username: 'staff' })).status, 409)
  const put = await admin('PUT', '/groups/staff', {
    members: { uniqueMember: ['demo'] },
    description: ['all'],
  })
  assert.deepEqual(bodyOf(put).members, { uniqueMember: [sub] })
  assert.deepEqual(await groupsOfDemo(), undefined)
  const read = bodyOf(await admin('GET', `/users/${sub}`))
  assert.deepEqual(read.isMemberOf, ['cn=staff,ou=groups,o=alpha,o=root,ou=identities'])
  assert.deepEqual(await usersIn('staff'), ['demo'])
  const { result } = bodyOf(await admin('GET', '/groups?_queryFilter=true&_fields=username'))
  assert.deepEqual(
    (result as { readonly username: string }[]).map((each) => each.username),
    ['staff'],
  )
  assert.equal((await admin('DELETE', '/groups/staff')).status, 200)
  assert.equal((await admin('GET', '/groups/staff')).status, 404)
  assert.deepEqual(await usersIn('staff'), [])
})

test('C-37 a group made anew under the name of a deleted one has no members', async () => {
  await admin('PUT', '/groups/anew', { members: { uniqueMember: [sub] } })
  await admin('DELETE', '/groups/anew')
  const again = await admin('PUT', '/groups/anew', {})
  assert.deepEqual(bodyOf(again).members, { uniqueMember: [] })
  assert.equal(bodyOf(await admin('GET', `/users/${sub}`)).isMemberOf, undefined)
})

test('PingAM: the groups of an account are told at the account, and set there by their names', async () => {
  for (const name of ['one', 'two']) await admin('PUT', `/groups/${name}`, {})
  const set = (groups: unknown) =>
    admin('POST', '/users/demo/groups?_action=updateMemberships', { groups })
  const names = async (): Promise<unknown> => {
    const { result } = bodyOf(await admin('GET', '/users/demo/groups?_queryFilter=true'))
    return (result as { readonly _id: string }[]).map(({ _id }) => _id)
  }
  assert.equal((await set(['one', 'TWO'])).status, 200)
  assert.deepEqual(await names(), ['one', 'two'])
  // What else changes of the account leaves them, and the hints lead to it still.
  await changeEndUser(await w.realm(), sub, { attributes: { email: 'other@example.com' } })
  assert.deepEqual(await usersIn('two'), ['demo'])
  assert.equal((await set(['none'])).status, 400)
  assert.equal((await set('one')).status, 400)
  assert.equal((await set(['one'])).status, 200)
  assert.deepEqual(await names(), ['one'])
  assert.deepEqual(await usersIn('two'), [])
  assert.equal((await admin('GET', '/users/nobody/groups')).status, 404)
  assert.equal((await admin('POST', '/users/demo/groups?_action=x', {})).status, 501)
})

test('PingAM: what is set of the groups of an account is answered whole, whatever a list would be asked for', async () => {
  for (const name of ['first', 'second']) await admin('PUT', `/groups/${name}`, {})
  for (const more of ['', '&_pageSize=1', '&_pageSize=x', '&_queryId=all', '&_queryFilter=false']) {
    const at = `/users/demo/groups?_action=updateMemberships${more}`
    const answer = await admin('POST', at, { groups: ['second', 'first'] })
    assert.equal(answer.status, 200, more)
    const { result, pagedResultsCookie } = bodyOf(answer)
    const names = (result as { readonly _id: string }[]).map(({ _id }) => _id)
    assert.deepEqual([names, pagedResultsCookie], [['first', 'second'], null], more)
    assert.equal((await admin('POST', at, { groups: [] })).status, 200)
  }
})

test('C-29 a group gives nobody a right, and nobody puts themselves into one', async () => {
  const wrong = { privileges: { RealmAdmin: true }, members: ['demo', 'nobody'], size: 1 }
  for (const [name, value] of Object.entries(wrong))
    assert.equal((await admin('PUT', '/groups/wrong', { [name]: value })).status, 400, name)
  assert.equal((await admin('GET', '/groups/wrong')).status, 404)
  for (const name of ['a%2Fb', 'a,b', '%20', '%ff'])
    assert.ok((await admin('PUT', `/groups/${name}`, {})).status >= 400, name)
  const { token } = await createSession(await w.realm(), w.demo, 'Login')
  const own = callWith(w, { iplanetdirectorypro: token })
  assert.equal((await own('PUT', '/users/demo', { groups: ['one'] })).status, 403)
})
