import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { callWith } from '../../../test/administrator.ts'
import { accountToken, serviceAccount } from '../../../test/service-account.ts'
import type { Asked, Row } from '../../../test/who-may/index.ts'
import { open, people, rows } from '../../../test/who-may/index.ts'
import { origin, world } from '../../../test/world.ts'
import { anyState } from '../../config/kind.ts'
import { realmKind } from '../../config/realm.ts'
import { createSession } from '../../session/session.ts'
import { first, insertEndUser } from '../../user/account/account.ts'
import type { EndUser } from '../../user/end-user.ts'
import { endpoints } from '../index.ts'

const w = await world()
const root = await w.realm('/')
const change = { by: 'test', condition: anyState }
for (const path of ['/alpha/team', '/alpha/other', '/alpha/team/below'])
  await realmKind.save(root, path, {}, change)

const accounts: (EndUser | undefined)[] = []
const calls = await Promise.all(
  people.map(async ({ home, roles }, i) => {
    if (home === undefined) return callWith(w, {})
    const realm = await w.realm(home)
    const fresh = { sub: randomUUID(), username: `somebody ${i}`, password: '', attributes: {} }
    const user: EndUser = { ...first, ...fresh, status: 'Active', roles }
    assert.equal(await insertEndUser(realm, user), 'won')
    accounts[i] = user
    const { token } = await createSession(realm, user, 'Login')
    return callWith(w, { iplanetdirectorypro: token })
  }),
)
const asked: Asked = {
  realm: await w.realm('/alpha/team'),
  owner: accounts[1] as EndUser,
  root,
}

function urlOf({ path, rest = '', atRoot, managed }: Row): string {
  const what = typeof rest === 'string' ? rest : rest(asked)
  const whole = `${path.endsWith('*') ? path.slice(0, -1) : path}${what}`
  if (managed) return `${origin}/openidm${whole.replace('/user', '/alpha_user')}`
  return `${origin}/am/json${atRoot ? '' : '/realms/root/realms/alpha/realms/team'}${whole}`
}

function nameOf({ method, path, rest = '', atRoot }: Row): string {
  const what = typeof rest === 'string' ? rest : '…'
  return `${method} ${path} ${what}${atRoot ? ' at the root' : ''}`
}

const administration = endpoints.filter(
  ({ under, errors }) => errors === 'crest' && (under === 'json' || under === 'openidm'),
)

test('C-29 there is a row for every method of every URL of AM’s and PingIDM’s JSON that is not open to all', () => {
  const known = new Set([...open, ...rows.map(({ method, path }) => `${method} ${path}`)])
  const there = administration.flatMap(({ methods, path }) =>
    methods.map((method) => `${method} ${path}`),
  )
  assert.deepEqual(
    there.filter((each) => !known.has(each)),
    [],
    'rows that are missing in test/who-may/index.ts',
  )
  assert.deepEqual(
    [...known].filter((each) => !there.includes(each)),
    [],
    'rows of what is not there',
  )
})

for (const row of rows) {
  test(`C-29 who may ${nameOf(row)}`, async () => {
    const statuses: Record<string, number> = {}
    for (const [i, { who }] of people.entries()) {
      await row.before?.(asked)
      const answer = await calls[i]?.(row.method, urlOf(row), row.body)
      statuses[who] = answer?.status ?? 0
    }
    const wanted = people.map(({ who }, i) => [who, row.statuses[i]])
    assert.deepEqual(statuses, Object.fromEntries(wanted))
  })
}

const scopes = ['fr:am:*', 'fr:idm:*'] as const
const byTokens = await Promise.all(
  scopes.map(async (scope) => {
    const token = await accountToken(w, await serviceAccount(w, [scope]), scope)
    return callWith(w, { authorization: `Bearer ${token}` })
  }),
)

for (const row of rows) {
  test(`C-29 a service account with the scope of the API may ${nameOf(row)}, as the root’s administrator may`, async () => {
    const statuses: Record<string, number> = {}
    for (const [i, scope] of scopes.entries()) {
      await row.before?.(asked)
      statuses[scope] = (await byTokens[i]?.(row.method, urlOf(row), row.body))?.status ?? 0
    }
    const right = row.statuses[7]
    const wanted = row.bySession ? [401, 401] : row.managed ? [403, right] : [right, 403]
    assert.deepEqual(Object.values(statuses), wanted)
  })
}

test('C-28 no web origin is told anything of administration, and a realm that is not active can be administered', async () => {
  const named = new Set(rows.map(({ path }) => path))
  const closed = administration.filter(
    ({ path }) => named.has(path) && !open.some((each) => each.endsWith(` ${path}`)),
  )
  assert.deepEqual(
    closed.filter(({ cors, always }) => cors !== false || !always).map(({ path }) => path),
    [],
  )
})
