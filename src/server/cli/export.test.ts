import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { commandLine } from '../../../test/command-line.ts'
import { fitsSchema } from '../../../test/fits-schema.ts'
import { type JsonObject, parseJsonObject } from '../../base/json.ts'
import { readClient } from '../../client/registration.ts'
import { readDocumentText } from '../../config/document/text.ts'
import { keptKind } from '../../config/kept/document.ts'
import { anyState } from '../../config/kind.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import { authenticateEndUser } from '../../user/password.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-export-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const shop = file(
  'shop.yaml',
  `
realms:
  - path: /shop
    aliases: [shop.example]
    provider: { advancedOAuth2Config: { parRequestUriLifetime: 60 } }
    clients:
      - _id: web
        coreOAuth2ClientConfig: { clientName: ['a $\${b} c'], redirectionUris: [https://shop.example/cb], userpassword: chosen by a person }
      - _id: app
        coreOAuth2ClientConfig: { userpassword: 0123456789012345678901234567890123456789abc }
        advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: client_secret_jwt }
        signEncOAuth2ClientConfig: { tokenEndpointAuthSigningAlgorithm: HS256 }
    users:
      - { username: ann, mail: [ann@example.com], userpassword: a long pass phrase }
`,
)

test('parapet export: is without secrets and hashes, the same text again, and apply takes it back without a change', async () => {
  const { run } = await commandLine()
  assert.equal((await run('apply', shop)).err, '')
  const { out, err, status } = await run('export')
  assert.deepEqual([status, err], [0, ''])
  assert.equal((await run('export')).out, out)
  assert.doesNotMatch(out, /argon|sha256|chosen by|0123456789|pass phrase|sealed/)
  const read = await readDocumentText(out)
  assert.ok('document' in read)
  assert.deepEqual((await run('apply', file('all.yaml', out))).out, 'nothing to change\n')
  const json = await run('export', '--format', 'json')
  assert.deepEqual(parseJsonObject(json.out), read.document)
  const one = await run('export', '--realm', '/shop')
  assert.match(one.out, /^realms:\n {2}- path: \/shop\n {4}aliases:\n/)
  assert.doesNotMatch(one.out, /path: \/alpha/)
  assert.match((await run('export', '--realm', '/none')).err, /no realm \/none/)
})

test('C-39 parapet export: documents that are only kept go back to where they were, whatever they call themselves', async () => {
  const { run, w } = await commandLine()
  const realm = await w.realm()
  const change = { by: 'test', condition: anyState }
  const names = ['email', 'push', '', '/elsewhere', 'realm-config/agents/J2EEAgent/x', 5]
  for (const [i, _id] of names.entries())
    await keptKind.save(realm, `realm-config/services/s${i}`, { _id, a: i }, change)
  await keptKind.save(realm, 'realm-config/webhooks', { a: 1 }, change)
  const { out } = await run('export', '--realm', '/alpha', '--format', 'json')
  const all = file('kept.json', out)
  assert.deepEqual(await run('apply', all), { status: 0, out: 'nothing to change\n', err: '' })
  const read = async (i: number): Promise<unknown> =>
    (await keptKind.read(realm, `realm-config/services/s${i}`))?.value
  assert.deepEqual(await read(0), { _id: 'email', a: 0 })
  for (const [i] of names.entries())
    await keptKind.remove(realm, `realm-config/services/s${i}`, change)
  assert.equal((await run('apply', all)).err, '')
  for (const [i] of names.entries()) assert.deepEqual(await read(i), { a: i })
})

test('parapet export: secrets that are sealed come back in another store by the same passphrase, and by no other', async () => {
  const from = await commandLine()
  await from.run('apply', shop)
  const phrase = file('phrase', 'a passphrase for backups\n')
  const { out } = await from.run('export', '--realm', '/shop', '--secrets-passphrase-file', phrase)
  assert.match(out, /^sealed: scrypt-aes256gcm-1\./m)
  assert.doesNotMatch(out, /argon|sha256|chosen by|0123456789|pass phrase/)
  const backup = file('backup.yaml', out)
  const to = await commandLine()
  const other = file('other', 'another passphrase\n')
  for (const wrong of [[], ['--secrets-passphrase-file', other]]) {
    const { status, err } = await to.run('apply', backup, ...wrong)
    assert.deepEqual([status, /sealed: /.test(err)], [1, true])
  }
  const { err } = await to.run('apply', backup, '--secrets-passphrase-file', phrase)
  assert.equal(err, '')
  assert.equal(
    (await to.run('apply', backup, '--secrets-passphrase-file', phrase)).out,
    'nothing to change\n',
  )
  const realm = await to.w.realm('/shop')
  assert.ok(await authenticateEndUser(realm, 'ann', 'a long pass phrase', '::1'))
  for (const id of ['web', 'app']) {
    const before = await readClient(await from.w.realm('/shop'), id)
    assert.deepEqual((await readClient(realm, id))?.record.secrets, before?.record.secrets)
  }
  const changed = file(
    'changed.yaml',
    out.replace(/^sealed: .+$/m, (line) => altered(line, 68)),
  )
  assert.equal((await to.run('apply', changed, '--secrets-passphrase-file', phrase)).status, 1)
  assert.match(
    (await to.run('export', '--secrets-passphrase-file', file('s', 'short'))).err,
    /at least/,
  )
})

const uris = (uri: unknown): JsonObject => ({ redirectionUris: [uri] as string[] })
const client = (core: JsonObject): JsonObject => ({
  realms: [{ path: '/alpha', clients: [{ _id: 'x', coreOAuth2ClientConfig: core }] }],
})
const users = (...all: JsonObject[]): JsonObject => ({ realms: [{ path: '/alpha', users: all }] })

/** Documents, and whether apply takes them. */
const documents: readonly (readonly [right: boolean, document: JsonObject])[] = [
  [
    true,
    { $schema: './parapet.schema.json', port: 8080, baseUrls: ['https://as.example'], realms: [] },
  ],
  [true, client(uris('https://a.example/cb'))],
  [true, client(uris('https://${env:HOST}/cb'))],
  [true, users({ username: 'bob', mail: ['b@example.com'], inetUserStatus: ['Active'] })],
  [true, { realms: [{ path: '/alpha', aliases: ['a.example'], active: true, provider: {} }] }],
  [false, { relams: [] }],
  [false, { realms: [{}] }],
  [false, { realms: [{ path: 'alpha' }] }],
  [false, { realms: {} }],
  [false, { realms: [{ path: '/alpha', client: [] }] }],
  [false, { realms: [{ path: '/alpha', clients: {} }] }],
  [false, { realms: [{ path: '/alpha', clients: [{ coreOAuth2ClientConfig: {} }] }] }],
  [false, { realms: [{ path: '/alpha', aliases: ['a b'] }] }],
  [false, client({ redirectionUri: [] })],
  [false, client({ clientType: 'x' })],
  [false, client(uris(7))],
  [false, users({ username: 'bob', mail: [7] })],
  [false, users({ username: 7 })],
]

test('parapet export --schema: what the schema says of a document is what apply says', async () => {
  const { run } = await commandLine({ HOST: 'h.example' })
  const { out } = await run('export', '--schema')
  const schema = parseJsonObject(out, 40) as JsonSchema
  for (const [right, document] of documents) {
    const text = JSON.stringify(document)
    assert.equal(fitsSchema(schema, document), right, text)
    const { err } = await run('apply', file('one.json', text), '--dry-run')
    assert.equal(err === '', right, `${text}\n${err}`)
  }
})
