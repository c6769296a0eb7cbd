import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { person, refresh, tokensFor, withToken } from '../../../test/flow.ts'
import { anotherNode } from '../../../test/nodes.ts'
import type { World } from '../../../test/world.ts'
import { bodyOf, world } from '../../../test/world.ts'
import { random } from '../../base/random.ts'
import { sqliteStore } from '../../store/sqlite/sqlite.ts'
import type { Store } from '../../store/store.ts'

const directory = mkdtempSync(join(tmpdir(), 'parapet-elsewhere-'))
const opened: Store[] = []
function shelf(name: string): Store {
  const file = join(directory, `${name}.db`)
  const store = sqliteStore({ file, now: () => 1_800_000_000, random, writer: 'here' })
  opened.push(store)
  return store
}
after(async () => {
  await Promise.all(opened.map((store) => store.close()))
  rmSync(directory, { recursive: true, force: true })
})

const here = await world({ records: () => shelf('records'), settings: () => shelf('settings') })
const shelves = { records: shelf('records'), settings: shelf('settings') }
const there: World = { ...here, ...shelves, serve: await anotherNode({ ...here, ...shelves }) }

const { session: administrator } = await caller(here, '/', ['admin'])
const version = { 'accept-api-version': 'resource=5.1' }
const as = (w: World, token: string) => callWith(w, { ...version, iplanetdirectorypro: token })

interface LoggedIn {
  readonly session: string
  readonly other: string
  readonly access_token: unknown
  readonly refresh_token: unknown
}

/** Two sessions of demo, and tokens that came of one; used there already, so that it is remembered there. */
async function loggedIn(): Promise<LoggedIn> {
  const [one, two] = [await person(here), await person(here)]
  const { access_token, refresh_token } = await tokensFor(here, { scope: 'openid' }, one)
  const made = { session: one.session.token, other: two.session.token, access_token, refresh_token }
  assert.deepEqual(await seen(there, made), [true, true, true])
  return made
}

/** Whether either session and the access token count. */
async function seen(w: World, { session, other, access_token }: LoggedIn): Promise<boolean[]> {
  const valid = async (token: string): Promise<boolean> => {
    const answer = await as(w, token)('POST', '/sessions?_action=validate', {})
    return bodyOf(answer).valid === true
  }
  const { status } = await withToken(w, '/userinfo', access_token)
  return [await valid(session), await valid(other), status === 200]
}

type Act = (made: LoggedIn) => Promise<{ readonly status: number }>
const admin = as(here, administrator.token)
const users = { 'accept-api-version': 'resource=4.0' }
const sub = here.demo.sub

/** What is done here, and what counts of two sessions and a token there, at its next request. */
const acts: readonly (readonly [what: string, act: Act, left: readonly boolean[]])[] = [
  [
    'a session ended by its handle',
    async () => {
      const query = `?_queryFilter=${encodeURIComponent('username eq "demo"')}`
      const { result } = bodyOf(await admin('GET', `/sessions${query}`)) as {
        result: { sessionHandle: string }[]
      }
      const sessionHandles = result.map(({ sessionHandle }) => sessionHandle)
      return admin('POST', '/sessions?_action=logoutByHandle', { sessionHandles })
    },
    [false, false, true],
  ],
  [
    'all sessions of a user ended',
    () => admin('POST', '/sessions?_action=logoutByUser', { username: 'demo' }),
    [false, false, true],
  ],
  [
    'an application withdrawn',
    ({ session }) =>
      as(here, session)('DELETE', `/users/${sub}/oauth2/applications/myClient`, undefined, {
        'accept-api-version': 'resource=1.0',
      }),
    [true, true, false],
  ],
  [
    'a password changed by the user',
    ({ session }) => {
      const body = { currentpassword: 'Ch4ng31t', userpassword: 'An0ther one' }
      return as(here, session)('POST', `/users/${sub}?_action=changePassword`, body, users)
    },
    [true, false, false],
  ],
  [
    'a password reset',
    () => admin('PUT', `/users/${sub}`, { userpassword: 'Yet an0ther' }, users),
    [false, false, false],
  ],
  [
    'a user deactivated',
    () => admin('PUT', `/users/${sub}`, { inetUserStatus: 'Inactive' }, users),
    [false, false, false],
  ],
  [
    'a user deactivated and active again',
    async () => {
      await admin('PUT', `/users/${sub}`, { inetUserStatus: 'Inactive' }, users)
      return admin('PUT', `/users/${sub}`, { inetUserStatus: 'Active' }, users)
    },
    [false, false, false],
  ],
]

for (const [what, act, left] of acts) {
  test(`C-37 ${what} in one process counts in another's next request`, async () => {
    await admin('PUT', `/users/${sub}`, { inetUserStatus: 'Active' }, users)
    const made = await loggedIn()
    const answer = await act(made)
    assert.equal(answer.status, 200)
    assert.deepEqual(await seen(there, made), left)
    assert.deepEqual(await seen(here, made), left)
    if (left[2] === true) return
    assert.equal(bodyOf(await refresh(there, made.refresh_token)).error, 'invalid_grant')
  })
}

test('what was begun in one process is listed in another', async () => {
  await admin('PUT', `/users/${sub}`, { inetUserStatus: 'Active' }, users)
  await loggedIn()
  const filter = `?_queryFilter=${encodeURIComponent('username eq "demo"')}`
  const [ours, theirs] = [here, there].map((w) => as(w, administrator.token))
  for (const [path, count] of [
    [`/sessions${filter}`, 2],
    [`/users/${sub}/oauth2/applications`, 1],
  ] as const) {
    const headers = path.startsWith('/users') ? { 'accept-api-version': 'resource=1.1' } : version
    const answers = [
      await ours?.('GET', path, undefined, headers),
      await theirs?.('GET', path, undefined, headers),
    ]
    const [one, two] = answers.map((each) => each && bodyOf(each))
    assert.equal(one?.resultCount, count)
    assert.deepEqual(two, one)
  }
})
