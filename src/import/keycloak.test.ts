import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import {
  keycloakPassword,
  keycloakRealm,
  keycloakSecret,
  keycloakUser,
  uuidOf,
} from '../../test/keycloak-realm.ts'
import type { JsonObject } from '../base/json.ts'
import { allItems } from '../config/document/items.ts'
import { kinds } from '../config/index.ts'
import type { Realm } from '../realm/realm.ts'
import { findByUsername, findEndUser } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'
import { usernameKeys } from '../user/username.ts'
import { keycloak } from './keycloak/keycloak.ts'
import { importFrom } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-import-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const people = 24
const realmFile = file('realm.json', keycloakRealm(people))

/** Everything a realm holds, with the revisions it has. */
async function held(realm: Realm): Promise<unknown> {
  const made = kinds.filter(({ name }) => ['client', 'provider', 'group', 'user'].includes(name))
  return Promise.all(made.map(async (kind) => [kind.name, await allItems(kind, realm)]))
}

const withoutRevisions = (all: unknown): unknown =>
  JSON.parse(JSON.stringify(all, (name, value) => (name === 'rev' ? undefined : value)))

test('a realm of Keycloak comes in whole: clients, groups and people, who log in with their old passwords', async () => {
  const { w, run } = await commandLine()
  const dry = await run('import', 'keycloak', realmFile, '--dry-run')
  assert.equal(dry.status, 2)
  assert.match(dry.out, /^user: 24 would be created, 0 would be changed, 0 as they are$/m)
  assert.equal(await w.realms.find({ path: '/shop', url: '', issuer: '' }), undefined)
  const made = await run('import', 'keycloak', realmFile)
  assert.equal(made.status, 0, made.out + made.err)
  assert.match(made.out, /^user: 24 created, 0 changed, 0 as they are$/m)
  const shop = await w.realm('/shop')
  for (const i of [0, 1]) {
    const user = await authenticateEndUser(shop, `person${i}`, keycloakPassword, `peer ${i}`)
    assert.equal(user?.sub, uuidOf(`user ${i}`))
    assert.equal(
      await authenticateEndUser(shop, `person${i}`, 'another one', `peer ${i}`),
      undefined,
    )
  }
  assert.equal(await authenticateEndUser(shop, 'person7', keycloakPassword, 'a'), undefined)
  const user = await kinds.find(({ name }) => name === 'user')?.read(shop, 'person4')
  assert.deepEqual(user?.value, {
    ...{
      username: 'person4',
      inetUserStatus: ['Active'],
      cn: ['First4 Last4'],
      givenName: ['First4'],
    },
    ...{ sn: ['Last4'], mail: ['person4@example.org'], email_verified: ['false'] },
    ...{
      telephoneNumber: ['+49 30 100004'],
      preferredLocale: ['de'],
      groups: ['staff', 'staff.board'],
    },
  })
})

test('attributes of a Keycloak client become what they are here, and what has no counterpart is told with its count', async () => {
  const { w, run } = await commandLine()
  const { out } = await run('import', 'keycloak', realmFile, '--json')
  const shop = await w.realm('/shop')
  const client = async (id: string): Promise<JsonObject> =>
    (await kinds.find(({ name }) => name === 'client')?.read(shop, id))?.value ?? {}
  assert.deepEqual(await client('web'), {
    coreOAuth2ClientConfig: {
      ...{ status: 'Active', clientType: 'Confidential', clientName: ['The shop'] },
      redirectionUris: ['https://shop.example/callback'],
      scopes: [
        'openid',
        'profile',
        'email',
        'address',
        'phone',
        'offline_access',
        'microprofile-jwt',
      ],
      ...{ defaultScopes: ['profile', 'email'], accessTokenLifetime: 120 },
    },
    advancedOAuth2ClientConfig: {
      ...{ name: ['The shop'], isConsentImplied: true, clientUri: ['https://shop.example/'] },
      ...{ grantTypes: ['authorization_code', 'refresh_token'], responseTypes: ['code'] },
      ...{
        tokenEndpointAuthMethod: 'client_secret_basic',
        javascriptOrigins: ['https://shop.example'],
      },
      require_pushed_authorization_requests: true,
    },
    coreOpenIDClientConfig: {
      postLogoutRedirectUri: ['https://shop.example/bye', 'https://shop.example/callback'],
    },
    parapetClientConfig: {
      ...{ codeVerifierEnforced: 'true', eitherSecretMethod: true },
      dpopBoundAccessTokens: true,
    },
  })
  const { advancedOAuth2ClientConfig: app } = await client('app')
  assert.deepEqual(app, {
    ...{ isConsentImplied: false, grantTypes: ['authorization_code'], responseTypes: ['code'] },
    ...{ tokenEndpointAuthMethod: 'none', javascriptOrigins: ['http://localhost:3000'] },
  })
  const { advancedOAuth2ClientConfig: job, signEncOAuth2ClientConfig: keys } = await client('job')
  assert.deepEqual((job as JsonObject).grantTypes, ['client_credentials'])
  assert.deepEqual(keys, { mTLSCertificateBoundAccessTokens: true })
  const provider = await kinds.find(({ name }) => name === 'provider')?.read(shop, '')
  assert.deepEqual(provider?.value, {
    coreOAuth2Config: { accessTokenLifetime: 300, codeLifetime: 60 },
    advancedOAuth2Config: { parRequestUriLifetime: 60 },
    parapetConfig: { sessionMaxTime: 600, sessionIdleTime: 30 },
  })
  const report = JSON.parse(out) as {
    missing: { kind: string; attribute: string; why?: string; count: number; examples: string[] }[]
  }
  const missing = report.missing.map(({ kind, attribute, why = '' }) =>
    `${kind} ${attribute} ${why}`.trim(),
  )
  assert.deepEqual(missing.sort(), [
    'client client is of another protocol',
    'client client is one of Keycloak’s own',
    'client directAccessGrantsEnabled',
    'client protocolMappers oidc-usermodel-attribute-mapper',
    'client redirectUris has a pattern: register whole URIs',
    'group attributes',
    'realm passwordPolicy',
    'realm roles.realm has no counterpart but groups',
  ])
  assert.ok(!out.includes(keycloakSecret))
})

test('an import that is done changes nothing: no revision moves, not even of who has a better hash since', async () => {
  const { w, run } = await commandLine()
  await run('import', 'keycloak', realmFile)
  const shop = await w.realm('/shop')
  await authenticateEndUser(shop, 'person1', keycloakPassword, 'a')
  const before = await held(shop)
  const password = (await findByUsername(shop, 'person1'))?.password
  const again = await run('import', 'keycloak', realmFile)
  assert.equal(again.status, 0)
  assert.match(again.out, /^user: 0 created, 0 changed, 24 as they are$/m)
  assert.deepEqual(await held(shop), before)
  assert.equal((await findByUsername(shop, 'person1'))?.password, password)
  assert.equal((await run('import', 'keycloak', realmFile, '--dry-run')).status, 0)
  const replaced = await run('import', 'keycloak', realmFile, '--replace-passwords')
  assert.match(replaced.out, /^user: 0 created, 1 changed, 23 as they are$/m)
})

test('an import that was interrupted goes on, and ends as one that was not', async () => {
  const [whole, broken] = [await commandLine(), await commandLine()]
  await whole.run('import', 'keycloak', realmFile)
  const root = await broken.w.realm('/')
  const asked = { realm: undefined, clear: false }
  const options = { dryRun: false, names: false, replacePasswords: false }
  const { items } = await keycloak(realmFile, asked)
  const interrupted = importFrom(
    root,
    {
      async *items() {
        let left = 15
        for await (const found of items()) {
          if (left-- === 0) throw new Error('interrupted')
          yield found
        }
      },
    },
    options,
  )
  await assert.rejects(interrupted, /interrupted/)
  const shop = await broken.w.realm('/shop')
  const some =
    (await allItems(kinds.find(({ name }) => name === 'user') as (typeof kinds)[number], shop)) ??
    []
  assert.ok(some.length > 0 && some.length < people, String(some.length))
  // As if the process had ended between the two writes of an account.
  const [one] = some
  const name = usernameKeys(shop, String(one?.value.username)).at(-1) ?? ''
  await shop.settings.delete(name)
  await broken.run('import', 'keycloak', realmFile)
  const expected = withoutRevisions(await held(await whole.w.realm('/shop')))
  assert.deepEqual(withoutRevisions(await held(shop)), expected)
  assert.equal((await findByUsername(shop, String(one?.value.username)))?.sub, one?.id)
})

test('a folder of Keycloak’s is its realm and its users, file after file; --realm names another realm', async () => {
  const { w, run } = await commandLine()
  const { users: _, ...realm } = keycloakRealm(0)
  const users = (from: number, to: number) => ({
    realm: 'shop',
    users: Array.from({ length: to - from }, (__, i) => keycloakUser(from + i)),
  })
  const inside = mkdtempSync(join(folder, 'dir-'))
  writeFileSync(join(inside, 'shop-realm.json'), JSON.stringify(realm))
  writeFileSync(join(inside, 'shop-users-0.json'), JSON.stringify(users(0, 3)))
  writeFileSync(join(inside, 'shop-users-1.json'), JSON.stringify(users(3, 5)))
  const { out, status } = await run('import', 'keycloak', inside, '--realm', 'alpha')
  assert.equal(status, 0, out)
  assert.match(out, /^user: 5 created/m)
  assert.notEqual(await findEndUser(await w.realm('/alpha'), uuidOf('user 4')), undefined)
})
