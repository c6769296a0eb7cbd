import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, callWith } from '../../../test/administrator.ts'
import { amendRealm } from '../../../test/amend.ts'
import { person } from '../../../test/flow.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const call = await administrator(w)
const many = 16

async function statusesOf(act: (i: number) => Promise<HttpResponse>): Promise<string> {
  const answers = await Promise.all(Array.from({ length: many }, (_, i) => act(i)))
  return answers
    .map(({ status }) => status)
    .sort()
    .join(' ')
}

const realmsPlace = `${origin}/am/json/global-config/realms`
const treesPlace = '/realm-config/authentication/authenticationtrees'

/** Writes without a condition to one document each, after it has been written once. */
const writes: Readonly<
  Record<string, (i: number) => readonly [method: string, path: string, body: unknown]>
> = {
  account: (i) => ['PUT', '/users/ann', { givenName: `n${i}` }],
  'account, patched': (i) => [
    'PATCH',
    '/users/ann',
    [{ operation: 'replace', field: '/sn', value: [`n${i}`] }],
  ],
  password: (i) => ['PUT', '/users/ann', { userpassword: `Secret of ann ${i}` }],
  group: (i) => ['PUT', '/groups/team', { description: [`n${i}`] }],
  members: (i) => [
    'PUT',
    '/groups/team',
    { members: { uniqueMember: i % 2 === 0 ? [] : ['ann'] } },
  ],
  realm: (i) => [
    'PUT',
    `${realmsPlace}/${Buffer.from('/alpha').toString('base64url')}`,
    { name: 'alpha', parentPath: '/', active: true, aliases: [`n${i}.example`] },
  ],
  provider: (i) => [
    'PUT',
    '/realm-config/services/oauth-oidc',
    { coreOAuth2Config: { accessTokenLifetime: 100 + i } },
  ],
  authentication: (i) => [
    'PUT',
    '/realm-config/authentication',
    { accountlockout: { loginFailureCount: 3 + i } },
  ],
  journey: (i) => [
    'PUT',
    `${treesPlace}/trees/At-Once`,
    { entryNodeId: '70e691a5-1e33-4ac3-a356-e7b6d60d92e0', nodes: {}, description: `n${i}` },
  ],
  'journeys beside the provider': (i) =>
    i % 2 === 0
      ? ['PUT', '/realm-config/services/oauth-oidc', { coreOAuth2Config: { codeLifetime: 9 + i } }]
      : ['DELETE', `${treesPlace}/trees/Beside-${i}`, undefined],
}

const all = (status: number, but = 0): string[] => Array<string>(many - but).fill(String(status))

test('PingAM: rest-api-oauth2-client what administrators put without a condition at the same moment is all taken', async () => {
  const path = '/realm-config/agents/OAuth2Client/at-once'
  const put = (i: number) =>
    call('PUT', path, { coreOAuth2ClientConfig: { clientName: [`n${i}`], clientType: 'Public' } })
  assert.equal(await statusesOf(put), [...all(200, 1), '201'].join(' '))
  assert.equal(await statusesOf(put), all(200).join(' '))
})

test('PingAM: managing-sessions-REST properties that are set at the same moment are all taken', async () => {
  await amendRealm(w, { parapetConfig: { sessionPropertyWhitelist: ['cart'] } })
  const { session } = await person(w)
  const own = callWith(w, { iplanetdirectorypro: session.token })
  const url = '/sessions?_action=updateSessionProperties'
  const set = (i: number) =>
    own('POST', url, { cart: String(i) }, { 'accept-api-version': 'resource=5.1' })
  assert.equal(await statusesOf(set), all(200).join(' '))
})

for (const [name, write] of Object.entries(writes)) {
  test(`PingAM: REST what is written to one document at the same moment is all taken: ${name}`, async () => {
    await call('POST', '/users?_action=create', { username: 'ann', userpassword: 'Secret of ann' })
    await call('PUT', '/groups/team', {})
    for (let i = 0; i < many; i++)
      await call('PUT', `${treesPlace}/trees/Beside-${i}`, {
        entryNodeId: '70e691a5-1e33-4ac3-a356-e7b6d60d92e0',
        nodes: {},
      })
    await call(...write(many))
    assert.equal(await statusesOf((i) => call(...write(i))), all(200).join(' '))
  })
}

const conditional: Readonly<Record<string, (i: number) => readonly [path: string, body: unknown]>> =
  {
    account: (i) => ['/users/fresh', { givenName: `n${i}` }],
    group: (i) => ['/groups/fresh', { description: [`n${i}`] }],
    client: (i) => [
      '/realm-config/agents/OAuth2Client/fresh',
      { coreOAuth2ClientConfig: { clientName: [`n${i}`], clientType: 'Public' } },
    ],
    journey: (i) => [
      `${treesPlace}/trees/fresh`,
      { entryNodeId: '70e691a5-1e33-4ac3-a356-e7b6d60d92e0', nodes: {}, description: `n${i}` },
    ],
    'kept document': (i) => ['/realm-config/services/fresh', { n: i }],
  }

for (const [name, write] of Object.entries(conditional)) {
  test(`RFC 9110 §13.1 of those that make, change or remove one document on a condition one does: ${name}`, async () => {
    const [path] = write(0)
    const making = await statusesOf((i) => call('PUT', path, write(i)[1], { 'if-none-match': '*' }))
    assert.equal(making, ['201', ...all(412, 1)].join(' '))
    const seen = String(bodyOf(await call('GET', path))._rev)
    const asSeen = { 'if-match': seen }
    const changing = await statusesOf((i) => call('PUT', path, write(many + i)[1], asSeen))
    assert.equal(changing, ['200', ...all(412, 1)].join(' '))
    for (const first of [0, 1]) {
      await call('PUT', path, write(99)[1])
      const rev = { 'if-match': String(bodyOf(await call('GET', path))._rev) }
      const either = await statusesOf((i) =>
        i % 2 === first
          ? call('DELETE', path, undefined, rev)
          : call('PUT', path, write(i)[1], rev),
      )
      assert.equal(either.match(/200/g)?.length, 1, either)
      assert.match(either, /^(?:200|404|412)(?: (?:404|412))*$/)
    }
  })
}

test('PingAM: rest-api-crest-users an account that is made, or called something else, by many at once is one of that name', async () => {
  const userpassword = 'Secret of bob'
  const made = await statusesOf((i) =>
    call('PUT', '/users/bob', { givenName: `n${i}`, userpassword }),
  )
  assert.equal(made, [...all(200, 1), '201'].join(' '))
  const { _id } = bodyOf(await call('GET', '/users/bob'))
  assert.equal(
    await statusesOf((i) =>
      call('PUT', `/users/${_id}`, { username: 'rob', givenName: `m${i}`, userpassword }),
    ),
    all(200).join(' '),
  )
  assert.equal((await call('GET', '/users/bob')).status, 404)
  assert.equal(bodyOf(await call('GET', '/users/rob'))._id, _id)
})
