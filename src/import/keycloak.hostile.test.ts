import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import { credentials, keycloakRealm, keycloakUser, uuidOf } from '../../test/keycloak-realm.ts'
import type { JsonObject } from '../base/json.ts'
import { allItems } from '../config/document/items.ts'
import { kinds } from '../config/index.ts'
import type { Realm } from '../realm/realm.ts'
import { findByUsername, findEndUser } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-import-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** What would show that something was changed. */
async function held(realm: Realm): Promise<unknown> {
  const made = kinds.filter(({ name }) => ['client', 'provider', 'group', 'user'].includes(name))
  return Promise.all(made.map(async (kind) => [kind.name, await allItems(kind, realm)]))
}

const realmFile = file('realm.json', keycloakRealm(1))

/** A user with something wrong with the password, and what is told. */
const wrongPasswords: readonly (readonly [credential: JsonObject, why: RegExp])[] = [
  [{ type: 'password', secretData: '{}', credentialData: '{}' }, /is empty/],
  [
    {
      type: 'password',
      secretData: '{"value":"!","salt":"AQ=="}',
      credentialData: '{"hashIterations":1,"algorithm":"pbkdf2"}',
    },
    /is malformed/,
  ],
  [
    {
      ...credentials.pbkdf2,
      credentialData: '{"hashIterations":1000000000,"algorithm":"pbkdf2-sha256"}',
    },
    /must have i from 1/,
  ],
  [
    {
      ...credentials.argon2,
      credentialData: String(credentials.argon2.credentialData).replace('7168', '4194304'),
    },
    /must have m from/,
  ],
  [
    { ...credentials.pbkdf2, credentialData: '{"hashIterations":1,"algorithm":"md5"}' },
    /of a kind that cannot be verified/,
  ],
  [{ type: 'password', value: 'in clear, of course' }, /is in clear: --clear-passwords/],
]

test('a user whose hash is empty, malformed or costs too much comes without a password, and the report says why', async () => {
  const { w, run } = await commandLine()
  const users = wrongPasswords.map(([credential], i) => ({
    ...keycloakUser(i),
    groups: [],
    credentials: [credential],
  }))
  const path = file('wrong.json', { realm: 'alpha', users })
  const { out, err } = await run('import', 'keycloak', path, '--json')
  const { missing } = JSON.parse(out) as {
    missing: { attribute: string; why: string; examples: string[] }[]
  }
  assert.equal(missing.length, wrongPasswords.length)
  for (const [i, [, why]] of wrongPasswords.entries()) {
    assert.equal(missing[i]?.attribute, 'password')
    assert.match(missing[i]?.why ?? '', why)
    // Where it stands, for a name is a person's.
    assert.deepEqual(missing[i]?.examples, [`users[${i}]`])
    assert.equal((await findEndUser(await w.realm('/alpha'), uuidOf(`user ${i}`)))?.password, '')
  }
  assert.doesNotMatch(out + err, /of course|person\d/)
  const named = await run('import', 'keycloak', path, '--names')
  assert.match(named.out, /such as person0/)
  await run('import', 'keycloak', path, '--clear-passwords')
  const user = await authenticateEndUser(
    await w.realm('/alpha'),
    'person5',
    'in clear, of course',
    'a',
  )
  assert.equal(user?.username, 'person5')
})

test('nobody becomes an administrator by an import, whatever their roles are called', async () => {
  const { w, run } = await commandLine()
  const more = {
    realmRoles: ['admin'],
    clientRoles: { 'realm-management': ['realm-admin'] },
    roles: ['admin'],
  }
  const users = [{ ...keycloakUser(1), ...more, attributes: { roles: ['admin'], groups: ['x'] } }]
  const { out } = await run('import', 'keycloak', file('roles.json', { realm: 'alpha', users }))
  assert.match(out, /user: realmRoles/)
  assert.deepEqual((await findEndUser(await w.realm('/alpha'), uuidOf('user 1')))?.roles, [])
})

test('what a text of a foreign file seems to refer to is not looked up', async () => {
  const { w, run } = await commandLine({ HOME_SECRET: 'not for them' })
  const nickname = [`x $${'{env:HOME_SECRET}'} $${'{file:/etc/passwd}'}`]
  const users = [{ ...keycloakUser(1), attributes: { nickname } }]
  await run('import', 'keycloak', file('refer.json', { realm: 'alpha', users }))
  const user = await findByUsername(await w.realm('/alpha'), 'person1')
  assert.equal(user?.attributes.nickname, nickname[0])
})

const deep = `{"realm":"alpha","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`

const hostile: readonly (readonly [name: string, content: unknown, says: RegExp])[] = [
  ['deep.json', deep, /must be JSON, nested at most 40 deep/],
  ['twice.json', '{"realm":"alpha","realm":"bravo"}', /names nothing twice/],
  ['cut.json', JSON.stringify(keycloakRealm(1)).slice(0, -9), /must be JSON/],
  ['none.json', '{"clients":[]}', /is no realm of Keycloak/],
  ['text.json', '"realm"', /must be JSON/],
  ['empty.json', '', /must be JSON/],
]

test('a file that is no export is refused whole, and nothing is changed', async () => {
  const { w, run } = await commandLine()
  const alpha = await w.realm('/alpha')
  const before = await held(alpha)
  for (const [name, content, says] of hostile) {
    const { status, err, out } = await run('import', 'keycloak', file(name, content))
    assert.equal(status, 1)
    assert.match(err, says, name)
    assert.equal(out, '')
  }
  const latin = join(folder, 'latin.json')
  writeFileSync(latin, Buffer.from('{"realm":"alph\xe4"}', 'latin1'))
  assert.match((await run('import', 'keycloak', latin)).err, /must be UTF-8/)
  assert.match(
    (await run('import', 'keycloak', join(folder, 'absent'))).err,
    /absent: cannot be read \(ENOENT\)/,
  )
  assert.equal((await run('import', 'nothing', realmFile)).status, 2)
  assert.deepEqual(await held(alpha), before)
})

test('what a foreign file calls something does not reach a terminal as an order', async () => {
  const { run } = await commandLine()
  const path = file('odd-names.json', {
    ...{
      realm: 'alpha',
      clients: [{ clientId: 'a\u001b[2Jb', 'x\u001b]0;y': 1, redirectUris: [] }],
    },
  })
  const { out } = await run('import', 'keycloak', path)
  assert.match(out, /client: x\?\]0;y/)
  assert.doesNotMatch(out, /\u001b/)
})

test('names that a language gives a meaning, and what has no name, are an object like any other or are refused by their place', async () => {
  const { w, run } = await commandLine()
  const odd = '{"__proto__":{"admin":true},"constructor":["x"],"locale":["de"]}'
  const named = JSON.stringify({ ...keycloakUser(1), username: '__proto__' }).replace(
    /"attributes":\{[^}]*\}/,
    `"attributes":${odd}`,
  )
  const users = `[${named},{"enabled":true},null,7,{"username":"a\\u0000b","id":"../../x"}]`
  const path = file(
    'odd.json',
    `{"realm":"alpha","users":${users},"clients":[{"clientId":"__proto__","publicClient":true},{"redirectUris":"x"}],"groups":[{"name":"__proto__"},{}]}`,
  )
  const { status, out } = await run('import', 'keycloak', path)
  assert.equal(status, 1)
  assert.match(out, /user users\[1\]\n {4}username: must be given/)
  const user = await findByUsername(await w.realm('/alpha'), '__proto__')
  assert.deepEqual(user?.roles, [])
  assert.equal(user?.attributes.locale, 'de')
  assert.equal(({} as JsonObject).admin, undefined)
})
