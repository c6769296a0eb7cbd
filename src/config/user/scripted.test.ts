import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { findEndUser } from '../../user/end-user.ts'
import { scriptedPeople } from './scripted.ts'

const refused = /there is an account of that name or id already/

test('PingIDM: a script makes no account of one that is there, by its name or id, and changes nothing of it', async () => {
  const { alpha, demo } = await people()
  const scripts = scriptedPeople(alpha)
  const before = await findEndUser(alpha, demo.sub)
  const own = { sn: 'Taken', givenName: 'Taken', mail: 'taken@example.com' }
  const password = 'Correct horse 1'
  for (const name of [demo.username, demo.username.toUpperCase()]) {
    const object = { ...own, userName: name, password }
    for (const id of [null, demo.sub, demo.username])
      await assert.rejects(
        async () => scripts.managed('create', 'managed/user', [id, object]),
        refused,
      )
    await assert.rejects(
      scripts.create({ username: name, userpassword: password, mail: ['taken@example.com'] }),
      refused,
    )
  }
  assert.deepEqual(await findEndUser(alpha, demo.sub), before)
})

test('PingIDM: of scripts that make an account of one name at once, one makes it', async () => {
  const { alpha } = await people()
  const scripts = scriptedPeople(alpha)
  const made = await Promise.allSettled(
    [1, 2, 3, 4, 5].map((n) => scripts.create({ username: 'ann', sn: [`Ann ${n}`] })),
  )
  const kept = made.filter(({ status }) => status === 'fulfilled')
  assert.equal(kept.length, 1)
  for (const each of made)
    if (each.status === 'rejected') assert.match(String(each.reason), refused)
})

test('PingIDM: a patch by scripts that names no revision keeps what others change at once; one that names another is refused', async () => {
  const { alpha, demo } = await people()
  const scripts = scriptedPeople(alpha)
  const resource = `managed/user/${demo.sub}`
  const patch = (field: string, rev: string | null) =>
    scripts.managed('patch', resource, [
      rev,
      [{ operation: 'replace', field: `/${field}`, value: 'New' }],
    ])
  const fields = ['givenName', 'sn', 'city', 'stateProvince', 'postalCode', 'description']
  const before = await scripts.managed('read', resource, [])
  await Promise.all(fields.map((field, i) => patch(field, i % 2 === 0 ? null : '*')))
  const after = await scripts.managed('read', resource, [])
  assert.deepEqual(
    fields.map((field) => after?.[field]),
    fields.map(() => 'New'),
  )
  await assert.rejects(async () => patch('city', String(before?._rev)), /the account is stale/)
})

test('PingAM: what scripts add to one attribute at once is all there, beside what else they set', async () => {
  const { alpha, demo } = await people()
  const scripts = scriptedPeople(alpha)
  const values = Array.from({ length: 12 }, (_, n) => `value ${n}`)
  await scripts.change(demo.sub, { description: ['first'] }, {})
  await Promise.all(
    values.map((value, n) =>
      scripts.change(n % 2 === 0 ? demo.sub : demo.username, {}, { Description: [value] }),
    ),
  )
  const { description } = (await scripts.read(demo.sub))?.attributes ?? {}
  assert.deepEqual(description?.toSorted(), ['first', ...values].sort())
  await scripts.change(demo.sub, { sn: ['New'] }, { description: ['last'] })
  const after = (await scripts.read(demo.sub))?.attributes
  assert.deepEqual([after?.sn, after?.description?.at(-1)], [['New'], 'last'])
})

test('PingIDM: a query by scripts is led on by its cookie or an offset to each account once, and tells of all only where it says so', async () => {
  const { alpha } = await people()
  const scripts = scriptedPeople(alpha)
  for (const username of ['ann', 'bea', 'cem']) await scripts.create({ username })
  const asked = async (params: JsonObject) => {
    const answer = await scripts.managed('query', 'managed/user', [params])
    const found = member(answer ?? {}, 'result') as readonly JsonObject[]
    const cookie = member(answer ?? {}, 'pagedResultsCookie') ?? null
    return { names: found.map(({ userName }) => userName), cookie }
  }
  const { names: every } = await asked({ _queryFilter: 'true' })
  assert.ok(every.length > 3)
  assert.deepEqual((await asked({ _queryId: 'query-all-ids' })).names, every)
  const pages: (Json | undefined)[] = []
  let more: Json = null
  do {
    const page = await asked({ _queryFilter: 'true', _pageSize: 2, _pagedResultsCookie: more })
    pages.push(...page.names)
    more = page.cookie
  } while (more !== null && pages.length <= every.length)
  assert.deepEqual(pages, every)
  const rest = await asked({ _queryFilter: 'true', _pagedResultsOffset: 2 })
  assert.deepEqual(rest.names, every.slice(2))
  const others = [
    {},
    { _queryId: 'for-userName', uid: 'ann' },
    { _queryExpression: 'x' },
    { _queryFilter: null },
  ]
  for (const params of others)
    await assert.rejects(async () => asked(params), /_queryFilter/, JSON.stringify(params))
})
