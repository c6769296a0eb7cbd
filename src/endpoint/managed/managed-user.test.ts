import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import { findByUsername, findEndUser } from '../../user/end-user.ts'

const w = await world()
const alpha = await w.realm()
const { call: admin, session } = await caller(w, '/', ['admin'])
const base = `${origin}/openidm/managed/alpha_user`
const ann = {
  userName: 'ann',
  givenName: 'Ann',
  sn: 'Lee',
  mail: 'ann@example.com',
  password: 'correct horse',
}
const sub = '31111111-2222-4333-8444-555555555555'

test('PingIDM: a managed user is an account of the realm, with plain values and no password', async () => {
  const created = await admin('POST', `${base}?_action=create`, ann)
  assert.equal(created.status, 201)
  const { _id, _rev, ...rest } = bodyOf(created)
  assert.equal(created.headers.location, `${base}/${_id}`)
  assert.equal(created.headers.etag, `"${_rev}"`)
  assert.deepEqual(
    [
      rest.userName,
      rest.givenName,
      rest.sn,
      rest.mail,
      rest.accountStatus,
      rest.city,
      rest.aliasList,
    ],
    ['ann', 'Ann', 'Lee', 'ann@example.com', 'active', null, []],
  )
  assert.doesNotMatch(String(created.body), /password"|argon2|correct horse/)
  const amUser = bodyOf(await admin('GET', `/users/${_id}`))
  assert.deepEqual(
    [amUser.username, amUser.cn, amUser.mail],
    ['ann', ['Ann Lee'], ['ann@example.com']],
  )
  assert.deepEqual(bodyOf(await admin('GET', `${base}/${_id}`)), bodyOf(created))
  const fields = bodyOf(await admin('GET', `${base}/${_id}?_fields=userName`))
  assert.deepEqual(fields, { _id, _rev, userName: 'ann' })
})

test('PingIDM: a PUT is the whole of it, under an id of the caller’s, created only where that is wanted', async () => {
  const none = { 'if-none-match': '*' }
  const bob = { ...ann, userName: 'bob', city: 'Bristol', description: 'old' }
  assert.equal((await admin('PUT', `${base}/${sub}`, bob, none)).status, 201)
  assert.equal((await admin('PUT', `${base}/${sub}`, bob, none)).status, 412)
  await admin('PUT', `/users/${sub}`, { mail: ['ann@example.com', 'second@example.com'] })
  const { _id, _rev, city, description, ...read } = bodyOf(await admin('GET', `${base}/${sub}`))
  assert.deepEqual([city, description], ['Bristol', 'old'])
  const before = await findEndUser(alpha, sub)
  const put = await admin('PUT', `${base}/${sub}`, {
    ...read,
    country: 'GB',
    accountStatus: 'inactive',
  })
  assert.equal(put.status, 200)
  const after = await findEndUser(alpha, sub)
  assert.equal(after?.status, 'Inactive')
  assert.equal(after?.password, before?.password)
  assert.deepEqual(after?.attributes, {
    name: 'Ann Lee',
    given_name: 'Ann',
    family_name: 'Lee',
    // One of several that was sent back as it is shown takes nothing from the others.
    email: ['ann@example.com', 'second@example.com'],
    address: { country: 'GB' },
  })
})

test('PingIDM: operations are carried out in their order, by id and by name', async () => {
  const user = await findByUsername(alpha, 'ann')
  const steps = [
    { operation: 'replace', field: '/telephoneNumber', value: '+1 555 0100' },
    { operation: 'add', field: '/aliasList/-', value: 'annie' },
    { operation: 'add', field: '/aliasList/-', value: 'anna' },
    { operation: 'remove', field: '/aliasList/0' },
    { operation: 'replace', field: '/accountStatus', value: 'inactive' },
  ]
  const patched = bodyOf(await admin('PATCH', `${base}/${user?.sub}`, steps))
  assert.deepEqual(
    [patched.telephoneNumber, patched.aliasList, patched.accountStatus],
    ['+1 555 0100', ['anna'], 'inactive'],
  )
  const active = [{ operation: 'replace', field: 'accountStatus', value: 'active' }]
  const byName = await admin('POST', `${base}?_action=patch&_queryId=for-userName&uid=ann`, active)
  assert.equal(bodyOf(byName).accountStatus, 'active')
  const gone = await admin('PATCH', `${base}/${user?.sub}`, [
    { operation: 'remove', field: '/mail' },
  ])
  assert.equal(gone.status, 403)
})

interface Listed {
  readonly result: readonly { readonly userName: string }[]
  readonly resultCount: number
}

async function query(text: string): Promise<Listed> {
  return bodyOf(await admin('GET', `${base}?${text}`)) as unknown as Listed
}

test('PingIDM: managed users are queried by their own names, and counted', async () => {
  const names = async (text: string): Promise<string[]> =>
    (await query(text)).result.map(({ userName }) => userName)
  assert.deepEqual(await names('_queryFilter=userName+eq+"ANN"&_fields=userName'), ['ann'])
  assert.deepEqual(await names('_queryFilter=/accountStatus+eq+"inactive"'), ['bob'])
  assert.deepEqual(await names('_queryFilter=true&_sortKeys=userName'), ['ann', 'bob', 'demo'])
  assert.deepEqual(await names('_queryId=for-userName&uid=bob'), ['bob'])
  assert.equal((await names('_queryId=query-all-ids&_fields=_id')).length, 3)
  const counted = await query('_queryFilter=true&_countOnly=true')
  assert.deepEqual([counted.result, counted.resultCount], [[], 3])
})

/** What breaks which policy of which property. */
const policies: readonly (readonly [changes: object, property: string, policy: string])[] = [
  [{ mail: null }, 'mail', 'REQUIRED'],
  [{ userName: '' }, 'userName', 'REQUIRED'],
  [{ userName: 'ANN' }, 'userName', 'UNIQUE'],
  [{ password: 'short' }, 'password', 'MIN_LENGTH'],
  [{ accountStatus: 'locked' }, 'accountStatus', 'VALID_TYPE'],
  [{ city: 7 }, 'city', 'VALID_TYPE'],
]

test('PingIDM: what breaks a policy is 403, with the property and the rule', async () => {
  for (const [changes, property, policy] of policies) {
    const input = { ...ann, userName: 'cy', ...changes }
    const answer = await admin('PUT', `${base}/41111111-2222-4333-8444-555555555555`, input)
    assert.equal(answer.status, 403, property)
    const { message, detail } = bodyOf(answer) as { message: string; detail: Failure }
    assert.equal(message, 'Failed policy validation')
    assert.equal(detail.result, false)
    const [failed] = detail.failedPolicyRequirements
    assert.equal(failed?.property, property)
    assert.equal(failed?.policyRequirements[0]?.policyRequirement, policy)
  }
  assert.equal(await findByUsername(alpha, 'cy'), undefined)
})

interface Failure {
  readonly result: boolean
  readonly failedPolicyRequirements: readonly {
    readonly property: string
    readonly policyRequirements: readonly { readonly policyRequirement: string }[]
  }[]
}

test('C-29 managed users are for administrators of their realm and those above it', async () => {
  const { call: team } = await caller(w, '/alpha', ['admin'])
  const { call: bravo } = await caller(w, '/bravo', ['admin'])
  const { call: plain } = await caller(w, '/alpha', [])
  const own = await findByUsername(alpha, 'demo')
  const asked = [`${base}?_queryFilter=true`, `${base}/${own?.sub}`]
  for (const url of asked) {
    const all = await Promise.all(
      [admin, team, bravo, plain, callWith(w, {})].map((call) => call('GET', url)),
    )
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200, 403, 403, 401],
    )
  }
  const root = `${origin}/openidm/managed/user?_queryFilter=true`
  assert.equal((await admin('GET', root)).status, 200)
  assert.equal((await team('GET', root)).status, 403)
  for (const name of ['managed/alpha_role', 'managed/none_user', 'managed/a%2fb_user', 'info'])
    assert.equal((await admin('GET', `${origin}/openidm/${name}`)).status, 404, name)
})

test('C-28 no web origin may call managed users, nor a form, and whoever deletes one is told whom', async () => {
  const cookie = `iPlanetDirectoryPro=${session.token}`
  const json = { cookie, 'content-type': 'application/json' }
  const body = JSON.stringify({ ...ann, userName: 'dee' })
  const form = { cookie, 'content-type': 'text/plain' }
  assert.equal((await w.serve(requestOf('POST', base, { headers: form, body }))).status, 403)
  const made = await w.serve(
    requestOf('POST', base, { headers: { ...json, origin: 'https://www.example.com' }, body }),
  )
  assert.equal(made.status, 201)
  assert.equal(made.headers['access-control-allow-origin'], undefined)
  const { _id } = bodyOf(made)
  const deleted = await w.serve(requestOf('DELETE', `${base}/${String(_id)}`, { cookie }))
  assert.deepEqual([deleted.status, bodyOf(deleted).userName], [200, 'dee'])
})

test('PingIDM: a patch that copies values onto themselves is refused before it is long or deep', async () => {
  const _id = bodyOf(
    await admin('POST', `${base}?_action=create`, { ...ann, userName: 'copy' }),
  )._id
  const copies = (value: unknown, field: string, times: number) => [
    { operation: 'replace', field: '/x', value },
    ...Array.from({ length: times }, () => ({ operation: 'copy', from: '/x', field })),
  ]
  for (const body of [copies(['a'], '/x', 20), copies({ b: 1 }, '/x/b/b/b', 10)]) {
    const refused = await admin('PATCH', `${base}/${_id}`, body)
    assert.equal(refused.status, 400)
    assert.match(String(refused.body), /does not go with what stands at/)
  }
})
