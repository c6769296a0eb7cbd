import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { remoteConsentKind } from '../config/agent/remote-consent.ts'
import { clientKind } from '../config/client.ts'
import { oauth2ProviderKind } from '../config/oauth2-provider.ts'

const root = mkdtempSync(join(tmpdir(), 'parapet-frodo-'))
after(() => rmSync(root, { recursive: true }))

/** A folder of these files. */
function folder(name: string, files: Readonly<Record<string, unknown>>): string {
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, name, path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return join(root, name)
}

const meta = { origin: 'https://tenant.example/am', exportTool: 'frodo' }
const wrapped = (value: Json): JsonObject => ({ inherited: false, value })

/** As frodo has it: beside its sections what AM tells about it. */
const client = (_id: string, redirect: string): JsonObject => ({
  _id,
  _type: { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true },
  _provider: { _id: '', advancedOAuth2Config: {} },
  coreOAuth2ClientConfig: {
    ...{ userpassword: null, redirectionUris: wrapped([redirect]) },
    clientType: wrapped('Confidential'),
  },
  advancedOAuth2ClientConfig: { mixUpMitigation: true, subjectType: 'Pairwise', shoeSize: 44 },
})
const settings = (codeLifetime: number, location: string): JsonObject => ({
  ...{ _id: '', _type: { _id: 'oauth-oidc' }, location, nextDescendents: [] },
  coreOAuth2Config: { codeLifetime },
})
const realm = (name: string, parentPath: string): JsonObject => ({
  ...{ _id: Buffer.from(`${parentPath}/${name}`).toString('base64'), active: true, aliases: [] },
  ...{ name, parentPath },
})

test('frodo’s files of single kinds come in: realms before their settings, settings before clients', async () => {
  const { w, run } = await commandLine()
  const path = folder('single', {
    'a/web.oauth2.app.json': {
      meta,
      theme: { x: {} },
      application: { web: client('web', 'https://a.example/cb') },
    },
    'b/all.service.json': {
      meta,
      service: { 'oauth-oidc': settings(33, '/shop'), email: { _id: '' } },
    },
    'c/all.realm.json': { meta, realm: { one: realm('shop', '/') } },
    'notes.txt': 'not read',
  })
  const { status, out, err } = await run('import', 'frodo', path, '--realm', '/shop')
  assert.equal(status, 0, out + err)
  assert.match(out, /^realm: 1 created.*\nprovider: 0 created, 1 changed.*\nclient: 1 created/m)
  for (const left of [
    /theme: theme is not a kind of object that is managed here, such as x/,
    /service: service is not .*such as email/,
    /client: advancedOAuth2ClientConfig.mixUpMitigation is kept, and not served/,
    /client: advancedOAuth2ClientConfig.shoeSize is kept/,
  ])
    assert.match(out, left)
  const shop = await w.realm('/shop')
  const { coreOAuth2ClientConfig } = (await clientKind.read(shop, 'web'))?.value ?? {}
  assert.deepEqual((coreOAuth2ClientConfig as JsonObject).redirectionUris, ['https://a.example/cb'])
  assert.deepEqual((await oauth2ProviderKind.read(shop, ''))?.value, {
    coreOAuth2Config: { codeLifetime: 33 },
  })
  const again = await run('import', 'frodo', path, '--realm', '/shop')
  assert.match(
    again.out,
    /^realm: 0 created, 0 changed, 1 as .*\nprovider: 0 created, 0 changed, 1 as .*\nclient: 0 created, 0 changed, 1 as/m,
  )
})

test('frodo’s agents come in that are remote consent services, and the others are named', async () => {
  const { w, run } = await commandLine()
  const type = (_id: string): JsonObject => ({ _type: { _id, name: _id, collection: true } })
  const rcs = {
    ...{ _id: 'rcs', ...type('RemoteConsentAgent'), userpassword: null },
    remoteConsentRedirectUrl: wrapped('https://rcs.example/'),
    remoteConsentResponseSigningAlg: wrapped('PS256'),
    jwksUri: wrapped('https://rcs.example/jwks'),
  }
  const path = folder('agents', {
    'all.agent.json': { meta, agent: { rcs, gate: { _id: 'gate', ...type('WebAgent') } } },
  })
  const { status, out } = await run('import', 'frodo', path, '--realm', '/alpha')
  assert.equal(status, 0, out)
  assert.match(out, /^remote consent agent: 1 created/m)
  assert.match(out, /agent: agent is not a kind of object that is managed here, such as gate/)
  const stored = await remoteConsentKind.read(await w.realm('/alpha'), 'rcs')
  assert.deepEqual(stored?.value, {
    remoteConsentRedirectUrl: 'https://rcs.example/',
    remoteConsentResponseSigningAlg: 'PS256',
    jwksUri: 'https://rcs.example/jwks',
  })
})

const everything = (realms: JsonObject, ...parts: readonly string[]): JsonObject => ({
  global: { realm: realms, variable: { esv: { value: 'not told' } } },
  realm: Object.fromEntries(
    parts.map((part) => [
      part,
      { application: { web: client('web', `https://${part}.example/cb`) } },
    ]),
  ),
})

test('frodo’s file of everything says itself which realm is which, dashes or not', async () => {
  const { w, run } = await commandLine()
  const realms = { 1: realm('a-b', '/'), 2: realm('c', '/a-b') }
  const path = folder('all', {
    'all.config.json': everything(realms, 'root', 'root-a-b', 'root-a-b-c'),
  })
  const { status, out, err } = await run('import', 'frodo', path)
  assert.equal(status, 0, out + err)
  assert.doesNotMatch(out, /not told/)
  for (const [at, host] of [
    ['/', 'root'],
    ['/a-b', 'root-a-b'],
    ['/a-b/c', 'root-a-b-c'],
  ] as const) {
    const stored = (await clientKind.read(await w.realm(at), 'web'))?.value
    assert.match(JSON.stringify(stored), new RegExp(`https://${host}.example/cb`))
  }
})

const refused: readonly (readonly [file: unknown, says: RegExp])[] = [
  [
    everything({ 1: realm('a-b', '/'), 2: realm('b', '/a') }, 'root-a-b'),
    /which realm a-b is cannot be told/,
  ],
  [everything({}, 'root-a-b'), /which realm a-b is cannot be told/],
  ['{"application":{},"application":{}}', /names nothing twice/],
  [`{"application":${'{"a":'.repeat(90)}1${'}'.repeat(91)}`, /nested at most 40 deep/],
  ['', /must be JSON/],
]

test('a folder with one file that cannot be read is refused whole, before anything is written', async () => {
  const { w, run } = await commandLine()
  for (const [i, [content, says]] of refused.entries()) {
    const good = { meta, application: { web: client('web', 'https://a.example/cb') } }
    const path = folder(`refused${i}`, { 'a.oauth2.app.json': good, 'b.config.json': content })
    const { status, err, out } = await run('import', 'frodo', path)
    assert.deepEqual([status, out], [1, ''])
    assert.match(err, says)
  }
  const named = folder('named', {
    'x.oauth2.app.json': { application: { x: client('x', 'https://x.example/') } },
    'y.json': '{',
  })
  assert.equal((await run('import', 'frodo', named, '--realm', 'alpha')).status, 1)
  assert.equal(await clientKind.read(await w.realm('/alpha'), 'x'), undefined)
  assert.match(
    (await run('import', 'frodo', join(root, 'absent'))).err,
    /absent: cannot be read \(ENOENT\)/,
  )
  const other = folder('other', { 'realm-export.json': { a: {} } })
  const { out, status } = await run('import', 'frodo', other)
  assert.match(out, /^nothing was found that can be brought in\n/)
  assert.equal(status, 1)
  mkdirSync(join(root, 'empty'))
  assert.match(
    (await run('import', 'frodo', join(root, 'empty'))).err,
    /has no file that ends in .json/,
  )
})

test('links in a folder are not followed, and what a name looks like leads nowhere', async () => {
  const { w, run } = await commandLine()
  const outside = folder('outside', {
    'x.oauth2.app.json': { application: { stolen: client('stolen', 'https://x.example/') } },
  })
  const odd = {
    '../../etc/passwd': client('../../etc/passwd', 'https://a.example/cb'),
    __proto__: null,
    constructor: client('constructor', 'https://c.example/cb'),
  }
  const path = folder('links', {
    'odd.oauth2.app.json': { application: odd },
    'other.json': { hello: 1 },
  })
  symlinkSync(outside, join(path, 'folder'))
  symlinkSync(join(outside, 'x.oauth2.app.json'), join(path, 'file.json'))
  const { out } = await run('import', 'frodo', path, '--realm', 'alpha')
  assert.match(
    out,
    /file: file is a symbolic link, and not followed \(2 times\), such as file.json, folder/,
  )
  const alpha = await w.realm('/alpha')
  assert.equal(await clientKind.read(alpha, 'stolen'), undefined)
  assert.notEqual(await clientKind.read(alpha, 'constructor'), undefined)
  assert.equal((await run('import', 'frodo', path)).status, 1)
  assert.match(
    (await run('import', 'frodo', path)).out,
    /which realm it is of is not said: --realm/,
  )
})
