import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { keySet, signer } from '../../../test/assertion.ts'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { changesTold } from '../../config/difference.ts'
import { kinds } from '../../config/index.ts'
import type { Kind } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { maskFields } from './mask.ts'

const w = await world()
const alpha = await w.realm()
const root = await w.realm('/')
const change = { by: 'test', condition: anyState, trusted: true } as const

const kindOf = (name: string): Kind => kinds.find((kind) => kind.name === name) as Kind
const core = (more: JsonObject): JsonObject => ({
  coreOAuth2ClientConfig: { clientType: 'Confidential', ...more },
})
const uris = (...list: string[]): JsonObject => ({ redirectionUris: list })
const first = 'https://one.example/cb'
const second = 'https://two.example/cb'
const secret = 'a secret of nine words that nobody is told of'
const masked = '[masked]'
const onlyKept = { 'coreOAuth2ClientConfig.apiKey': masked, 'otherConfig.a.apiKey': masked }
const jwks = keySet(await signer('ES256'))
const hash =
  '$argon2id$v=19$m=19456,t=2,p=1$26ukGV0JttJnUE/zDzY/Aw$PixVvvi+nt+xNJ0vcqvQaHanDnQHDFELNOjLPXJcvHM'

interface Case {
  readonly kind: string
  readonly id: string
  readonly event: string
  readonly saves: readonly [input: JsonObject, changes: unknown][]
}

/** What is saved one after the other, and what each tells. */
const cases: readonly Case[] = [
  {
    kind: 'client',
    id: 'told',
    event: 'client.saved',
    saves: [
      [
        core({ ...uris(first), userpassword: secret }),
        {
          'coreOAuth2ClientConfig.userpassword': masked,
          'coreOAuth2ClientConfig.clientType': { to: 'Confidential' },
          'coreOAuth2ClientConfig.redirectionUris': { to: [first] },
        },
      ],
      [
        core(uris(first, second)),
        { 'coreOAuth2ClientConfig.redirectionUris': { from: [first], to: [first, second] } },
      ],
      [core({ ...uris(first, second), userpassword: secret }), {}],
      [
        core({ ...uris(first, second), userpassword: `${secret} again` }),
        { 'coreOAuth2ClientConfig.userpassword': masked },
      ],
      [core({}), { 'coreOAuth2ClientConfig.redirectionUris': { from: [first, second] } }],
      // Of what is only kept nobody knows what is secret in it.
      [{ ...core({ apiKey: secret }), otherConfig: { a: { apiKey: secret } } }, onlyKept],
      [core({ apiKey: `${secret} again` }), onlyKept],
    ],
  },
  {
    kind: 'provider',
    id: '',
    event: 'provider.saved',
    saves: [
      [{ coreOAuth2Config: { codeLifetime: 60 } }, { 'coreOAuth2Config.codeLifetime': { to: 60 } }],
      [
        { coreOAuth2Config: { codeLifetime: 61 } },
        { 'coreOAuth2Config.codeLifetime': { from: 60, to: 61 } },
      ],
      [
        { coreOAuth2Config: { codeLifetime: 61, apiKey: secret } },
        { 'coreOAuth2Config.apiKey': masked },
      ],
      [{ coreOAuth2Config: { codeLifetime: 61 } }, { 'coreOAuth2Config.apiKey': masked }],
    ],
  },
  {
    kind: 'realm',
    id: '/told',
    event: 'realm.saved',
    saves: [
      [
        { name: 'told', parentPath: '/', active: true, aliases: [] },
        {
          parentPath: { to: '/' },
          active: { to: true },
          name: { to: 'told' },
          aliases: { to: [] },
        },
      ],
      [
        { name: 'told', parentPath: '/', active: false, aliases: ['told.example'] },
        { active: { from: true, to: false }, aliases: { from: [], to: ['told.example'] } },
      ],
    ],
  },
  {
    kind: 'group',
    id: 'told',
    event: 'group.saved',
    saves: [
      [{ username: 'told', description: ['one'] }, { description: { to: ['one'] } }],
      [{ username: 'told', description: ['two'] }, { description: { from: ['one'], to: ['two'] } }],
    ],
  },
  {
    kind: 'service-account',
    id: 'told',
    event: 'service_account.saved',
    saves: [
      [
        { scopes: ['fr:am:*', 'fr:idm:*'], jwks },
        {
          name: { to: 'told' },
          description: { to: '' },
          accountStatus: { to: 'Active' },
          scopes: { to: ['fr:am:*', 'fr:idm:*'] },
          jwks: masked,
        },
      ],
      [
        { scopes: ['fr:am:*'], jwks },
        { scopes: { from: ['fr:am:*', 'fr:idm:*'], to: ['fr:am:*'] } },
      ],
    ],
  },
  {
    // What of it is secret nobody here knows.
    kind: 'kept',
    id: 'realm-config/services/email',
    event: 'config.unserved',
    saves: [
      [
        { host: 'told@example.com', nested: { apiKey: secret } },
        { host: masked, 'nested.apiKey': masked },
      ],
      [
        { host: 'told@example.com', nested: { apiKey: `${secret} again` } },
        { 'nested.apiKey': masked },
      ],
    ],
  },
  {
    // This is obeyed, and read by whoever looks for what became of an origin.
    kind: 'kept',
    id: 'global-config/services/CorsService/configuration/told',
    event: 'kept.saved',
    saves: [
      [{ acceptedOrigins: [first] }, { acceptedOrigins: { to: [first] } }],
      [{ acceptedOrigins: [] }, { acceptedOrigins: { from: [first], to: [] } }],
    ],
  },
  {
    kind: 'user',
    id: 'told',
    event: 'user.saved',
    saves: [
      [
        { username: 'told', mail: 'told@example.com', passwordHash: hash },
        {
          userpassword: masked,
          username: masked,
          inetUserStatus: { to: ['Active'] },
          cn: masked,
          sn: masked,
          mail: masked,
        },
      ],
      [{ givenName: 'Theodora' }, { givenName: masked }],
      [
        { roles: ['admin'], groups: ['told'], inetUserStatus: 'Inactive' },
        {
          inetUserStatus: { from: ['Active'], to: ['Inactive'] },
          roles: { to: ['admin'] },
          groups: { to: ['told'] },
        },
      ],
      [{ passwordHash: hash.replace('PixV', 'PixW') }, { userpassword: masked }],
    ],
  },
]

const realmOf = (kind: string) =>
  ['realm', 'service-account', 'kept'].includes(kind) ? root : alpha
const untold = [secret, 'told@example.com', 'Theodora', hash.slice(40)]

for (const { kind, id, event, saves } of cases) {
  test(`P-1 ${event} says what changed, and of no secret and no person what it says`, async () => {
    for (const [input, changes] of saves) {
      const { value, events } = await withEvents(() =>
        kindOf(kind).save(realmOf(kind), id, input, change),
      )
      assert.ok('item' in value, JSON.stringify(value))
      const told = events.find(({ name }) => name === event)?.fields
      assert.equal(told?.by, 'test')
      assert.deepEqual(told?.changes, changes)
      // What a line of the log has of it is the same.
      assert.deepEqual(maskFields(told ?? {}).changes, changes)
      const text = JSON.stringify(events.map(({ fields }) => fields))
      for (const each of untold) assert.ok(!text.includes(each), text)
    }
  })
}

test('P-1 what was removed is told as it last was, and of no secret and no person what it said', async () => {
  const told = new Map<string, unknown>()
  for (const { kind, id } of cases.toReversed()) {
    if (kind === 'provider') continue
    const { value, events } = await withEvents(() => kindOf(kind).remove(realmOf(kind), id, change))
    assert.equal(value.outcome, 'removed', JSON.stringify(value))
    for (const { name, fields } of events)
      if (/\.(?:deleted|removed)$/.test(name)) told.set(name, fields.changes)
  }
  assert.deepEqual(Object.fromEntries(told), {
    'client.deleted': {
      'coreOAuth2ClientConfig.clientType': { from: 'Confidential' },
      'coreOAuth2ClientConfig.apiKey': masked,
    },
    'realm.removed': {
      parentPath: { from: '/' },
      active: { from: false },
      name: { from: 'told' },
      aliases: { from: ['told.example'] },
    },
    'group.deleted': { description: { from: ['two'] } },
    'user.deleted': {
      username: masked,
      inetUserStatus: { from: ['Inactive'] },
      cn: masked,
      sn: masked,
      givenName: masked,
      mail: masked,
      roles: { from: ['admin'] },
      groups: { from: ['told'] },
    },
    'service_account.deleted': {
      name: { from: 'told' },
      description: { from: '' },
      accountStatus: { from: 'Active' },
      scopes: { from: ['fr:am:*'] },
      jwks: masked,
    },
    'kept.deleted': { host: masked, 'nested.apiKey': masked },
  })
})

test('config: keys that are rotated or ended are told with what became of each', async () => {
  const { call } = await caller(w, '/', ['admin'])
  const { value, events } = await withEvents(() =>
    call('POST', '/parapet/keys?_action=rotate', { keys: 'sig', now: true }),
  )
  assert.equal(value.status, 200, String(value.body))
  const changes = events.find(({ name }) => name === 'keys.rotated')?.fields.changes as JsonObject
  const states = Object.values(changes) as JsonObject[]
  assert.ok(states.some(({ from, to }) => from === undefined && to === 'active'))
  assert.ok(states.some(({ from, to }) => from === 'active' && to !== 'active'))
})

test('config: a group whose members are set tells who came and who went', async () => {
  const set = async (...uniqueMember: string[]) => {
    const input = { username: 'crowd', members: { uniqueMember } }
    const { events } = await withEvents(() => kindOf('group').save(alpha, 'crowd', input, change))
    const found = events.find(({ name }) => name === 'group.members')?.fields
    return found && [found.added, found.removed, found.by]
  }
  const { sub } = w.demo
  assert.deepEqual(await set('demo'), [[sub], [], 'test'])
  assert.equal(await set('demo'), undefined)
  assert.deepEqual(await set(), [[], [sub], 'test'])
})

test('config: a change is told in bounds, however much it is', () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`n${n}`, 'x'.repeat(9999)]))
  const told = changesTold({}, many)
  assert.equal(Object.keys(told).length, 51)
  assert.equal(told['…'], '10 more')
  const texts = Object.values(told).map((each) => JSON.stringify(each).length)
  assert.ok(Math.max(...texts) < 1100)
})

test('P-1 a path that ends in the name of a secret is masked in the log whoever tells it', () => {
  const changes = { 'a.client_secret': { from: 1, to: 2 }, 'a.state': 'x', 'a.scopes': { to: 'x' } }
  assert.deepEqual(maskFields({ changes }).changes, {
    'a.client_secret': masked,
    'a.state': masked,
    'a.scopes': { to: 'x' },
  })
})
