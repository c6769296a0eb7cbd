import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { readClient } from '../../client/registration.ts'
import { allRealms } from '../../realm/realms.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findByUsername } from '../../user/end-user.ts'
import { clientKind } from '../client.ts'
import { type Applied, type ApplyOptions, applyDocument } from './apply.ts'
import { documentProblemLine } from './told.ts'

const options: ApplyOptions = {
  by: 'test',
  references: {
    env: (name) => (name === 'SECRET' ? 'from the environment' : undefined),
    file: (path) => {
      if (path === '/run/secrets/one') return 'from a file\n'
      throw Object.assign(new Error('no'), { code: 'ENOENT' })
    },
  },
}

/** A world, and how documents are applied to it. */
async function site() {
  const w = await world()
  const root = await w.realm('/')
  const apply = (document: JsonObject, more: Partial<ApplyOptions> = {}) =>
    applyDocument(root, [{ file: '', document }], { ...options, ...more })
  const problems = async (document: JsonObject): Promise<readonly string[]> => {
    const applied = await apply(document)
    return applied.outcome === 'invalid' ? applied.problems.map(documentProblemLine) : []
  }
  const client = async (realm: string, id: string) => clientKind.read(await w.realm(realm), id)
  return { w, root, apply, problems, client }
}

/** What was changed, in one word each. */
const told = (applied: Applied): readonly string[] =>
  'changes' in applied
    ? applied.changes.map(({ what, kind, realm, id }) => `${what} ${kind} ${realm} ${id}`)
    : []

const open = (id: string, ...redirectionUris: string[]): JsonObject => ({
  _id: id,
  coreOAuth2ClientConfig: { clientType: 'Public', redirectionUris },
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
})
const secret = (userpassword: string): JsonObject => ({
  _id: 'secret',
  coreOAuth2ClientConfig: { redirectionUris: ['https://rp.example/cb'], userpassword },
})

test('config: a document is applied: realms that are not there are made, and what they hold is as it says', async () => {
  const { w, apply, client } = await site()
  const made = await apply({
    realms: [
      { path: '/new', aliases: ['new.example'], clients: [open('b', 'https://b.example/cb')] },
      { path: '/alpha', clients: [open('a', 'https://a.example/cb')] },
      { path: '/', provider: { advancedOAuth2Config: { parRequestUriLifetime: 60 } } },
    ],
  })
  assert.equal(made.outcome, 'applied')
  assert.deepEqual(told(made), [
    'changed provider / ',
    'created realm / /new',
    'created client /new b',
    'created client /alpha a',
  ])
  assert.ok(await client('/alpha', 'a'))
  assert.ok(await client('/new', 'b'))
  assert.equal(await w.realms.aliasOf('new.example'), '/new')
  assert.equal((await w.realm('/')).provider.parRequestUriLifetime, 60)
})

test('config: a document that is applied again writes nothing and tells no event, secrets among it', async () => {
  const { w, apply, client } = await site()
  const document = {
    realms: [
      { path: '/alpha', provider: {}, clients: [secret('chosen by a person'), open('a')] },
      { path: '/bravo', clients: [secret('4d2Qv7sY1mXo9cKz5tJf8uGhB3nRwLpEaVyTi6xUqS0')] },
    ],
  }
  assert.equal(told(await apply(document)).length, 3)
  const before = [w.settings.changeCount(), (await client('/alpha', 'secret'))?.rev]
  const { value: again, events } = await withEvents(() => apply(document))
  assert.deepEqual(again, { outcome: 'applied', changes: [] })
  assert.deepEqual([w.settings.changeCount(), (await client('/alpha', 'secret'))?.rev], before)
  assert.deepEqual(events, [])
})

test('config: what changed is told with what it was and is, a secret only by its absence', async () => {
  const { apply } = await site()
  await apply({
    realms: [{ path: '/alpha', clients: [open('a', 'https://a.example/1'), secret('once')] }],
  })
  const dry = { dryRun: true }
  const planned = await apply(
    { realms: [{ path: '/alpha', clients: [open('a', 'https://a.example/2'), secret('twice')] }] },
    dry,
  )
  assert.ok(planned.outcome === 'planned')
  assert.deepEqual(
    planned.changes.map(({ differences }) => differences),
    [
      [
        {
          path: 'coreOAuth2ClientConfig.redirectionUris',
          before: ['https://a.example/1'],
          after: ['https://a.example/2'],
        },
      ],
      [],
    ],
  )
  assert.doesNotMatch(JSON.stringify(planned), /once|twice/)
})

test('config: a dry run tells what would be done and leaves store, events and versions as they are', async () => {
  const { w, apply } = await site()
  const before = w.settings.changeCount()
  const document = {
    realms: [
      { path: '/new', clients: [open('b')] },
      { path: '/alpha', clients: [] },
    ],
  }
  const { value: planned, events } = await withEvents(() =>
    apply(document, { dryRun: true, prune: true, pruneRealms: true }),
  )
  assert.equal(planned.outcome, 'planned')
  assert.deepEqual(told(planned), [
    'created realm / /new',
    'created client /new b',
    'removed client /alpha myClient',
    'removed client /alpha myPublicClient',
    'removed realm / /bravo',
  ])
  assert.deepEqual([w.settings.changeCount(), w.records.changeCount(), events], [before, 0, []])
})

test('config: what a list does not name is removed only where that is asked for, and only from lists that are there', async () => {
  const { apply, client } = await site()
  const document = { realms: [{ path: '/alpha', clients: [open('a')] }, { path: '/bravo' }] }
  assert.deepEqual(told(await apply(document)), ['created client /alpha a'])
  const pruned = await apply(document, { prune: true })
  assert.deepEqual(told(pruned), [
    'removed client /alpha myClient',
    'removed client /alpha myPublicClient',
  ])
  assert.ok(await client('/bravo', 'myClient'))
  assert.equal(await client('/alpha', 'myClient'), undefined)
})

test('config: realms that are not named go only by a word of their own, never the root or what has a named one below', async () => {
  const { w, apply } = await site()
  const below = ['/alpha/below', '/bravo/below', '/bravo/below/deeper'].map((path) => ({ path }))
  await apply({ realms: below })
  const document = { realms: [{ path: '/alpha/below' }] }
  assert.deepEqual(told(await apply(document, { prune: true })), [])
  await apply(document, { pruneRealms: true })
  assert.deepEqual(
    (await allRealms(w.settings)).map(({ record }) => record.path),
    ['/', '/alpha', '/alpha/below'],
  )
})

test('config: every problem is told at once, with path, value and what would be right, and nothing is changed', async () => {
  const { w, problems } = await site()
  const before = w.settings.changeCount()
  const core = { redirectionUri: [], redirectionUris: ['nix'], userpassword: 17 }
  const found = await problems({
    relams: [],
    realms: [
      { path: 'alpha' },
      {
        path: '/alpha',
        client: [],
        provider: { advancedOAuth2Config: { parRequestUriLifetime: 1 } },
      },
      {
        path: '/alpha',
        clients: [{ _id: 'x', coreOAuth2ClientConfig: core }, { _id: 7 }, open('y'), open('y')],
      },
      { path: '/bravo', clients: [open('never looked at', 'nix')] },
    ],
  })
  const x = 'realms[2].clients[0].coreOAuth2ClientConfig'
  assert.deepEqual(found, [
    'relams: is no member of a document, which holds realms',
    'realms[0].path: must be the path of a realm, such as / or /alpha',
    'realms[1].client: is no member of a realm: did you mean clients?',
    'realms[2].clients[1]._id: must name the object: a text that is not empty',
    'realms[2].clients[3]: is the second client y of /alpha',
    'realms[1].provider.advancedOAuth2Config.parRequestUriLifetime: must be a whole number from 5 to 599 (it is 1)',
    `${x}.redirectionUri: is no attribute of a client: did you mean redirectionUris? (it is [])`,
    `${x}.userpassword: must be text`,
    'realms[3].clients[0].coreOAuth2ClientConfig.redirectionUris[0]: not an absolute URI (it is "nix")',
  ])
  assert.equal(w.settings.changeCount(), before)
})

test('config: references are resolved, where they lead nowhere is told, and a resolved value never', async () => {
  const { w, apply, problems } = await site()
  const applied = await apply({
    realms: [
      {
        path: '/alpha',
        clients: [secret('${env:SECRET}'), { ...secret('${file:/run/secrets/one}'), _id: 'two' }],
      },
    ],
  })
  assert.equal(applied.outcome, 'applied')
  const realm = await w.realm()
  for (const id of ['secret', 'two'])
    assert.ok((await readClient(realm, id))?.record.secrets.length)
  assert.doesNotMatch(JSON.stringify(applied), /from the environment|from a file/)
  const wrong = await problems({
    realms: [
      {
        path: '/alpha',
        clients: [
          open('a', '${env:SECRET}', '${env:NONE}', '${file:/none}', '${file:here}', '${NONE}'),
        ],
      },
    ],
  })
  const uris = 'realms[0].clients[0].coreOAuth2ClientConfig.redirectionUris'
  const form = 'must be ${env:NAME} or ${file:/absolute/path}; a text with ${ itself says $${'
  assert.deepEqual(wrong, [
    `${uris}[1]: needs the variable NONE, which is not set (it is "\${env:NONE}")`,
    `${uris}[2]: needs the file /none, which cannot be read (ENOENT) (it is "\${file:/none}")`,
    `${uris}[3]: ${form} (it is "\${file:here}")`,
    `${uris}[4]: ${form} (it is "\${NONE}")`,
    `${uris}[0]: characters that no URI has (it is "\${env:SECRET}")`,
  ])
})

test('config: a user is named by name or id, and a password or hash that is the one there is changes nothing', async () => {
  const { w, apply, problems } = await site()
  const ann = { username: 'ann', mail: ['ann@example.com'] }
  const users = (...all: JsonObject[]): JsonObject => ({ realms: [{ path: '/alpha', users: all }] })
  const made = await apply(users({ ...ann, userpassword: 'a long pass phrase' }))
  assert.deepEqual(told(made), ['created user /alpha ann'])
  const { sub, password } = (await findByUsername(await w.realm(), 'ann')) as EndUser
  const before = w.settings.changeCount()
  const again = [
    { ...ann, userpassword: 'a long pass phrase' },
    { ...ann, _id: sub, passwordHash: password },
    { ...ann, _id: 'ann' },
  ]
  for (const each of again) assert.deepEqual(told(await apply(users(each))), [])
  assert.equal(w.settings.changeCount(), before)
  assert.deepEqual(await problems(users(ann, { ...ann, _id: sub })), [
    'realms[0].users[1]: is named a second time in /alpha, by its name or its id',
  ])
  assert.deepEqual(told(await apply(users(ann), { prune: true })), [
    `removed user /alpha ${w.demo.sub}`,
  ])
})
