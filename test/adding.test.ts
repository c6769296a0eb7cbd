/** CONTRIBUTING.md says what it takes to add one of each: here all of them are, in one copy of the source. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { random } from '../src/base/random.ts'
import { now } from '../src/base/time.ts'
import { openStores } from '../src/store/index.ts'
import { around } from './adding/around.ts'
import { pathOf } from './adding/change.ts'
import { inProtocol } from './adding/protocol.ts'
import { settings } from './adding/setting.ts'
import { told } from './adding/told.ts'
import { adminRest } from './clients/admin-rest.ts'
import { documents } from './markdown.ts'
import { type RunningServer, startServer } from './server.ts'
import { jsonOf, type Wire, wire } from './wire.ts'
import { challenge } from './world.ts'

const run = promisify(execFile)
const additions = { ...inProtocol, ...settings, ...around, ...told }
const root = join(import.meta.dirname, '..')
const copy = fs.mkdtempSync(join(tmpdir(), 'parapet-adding-'))

/** What the compiler says of the copy; it runs beside the server. */
let types: Promise<string>
let server: RunningServer
let at: Wire

before(async () => {
  for (const name of ['src', 'test', 'bench', 'scripts', 'docs', 'package.json', 'tsconfig.json'])
    fs.cpSync(join(root, name), join(copy, name), { recursive: true })
  fs.symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const change of Object.values(additions).flat()) {
    const path = join(copy, pathOf(change))
    fs.mkdirSync(dirname(path), { recursive: true })
    fs.writeFileSync(path, change.edit(fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : ''))
  }
  types = typesOf(copy)
  server = await startServer({
    demo: true,
    root: copy,
    env: { PARAPET_STORE: 'drawer:', PARAPET_METRICS: '/metrics' },
  })
  at = wire(Number(new URL(server.origin).port))
})
after(async () => {
  at?.close()
  await Promise.all([server?.stop(), types])
  fs.rmSync(copy, { recursive: true })
})

/** What the compiler has against a tree. */
async function typesOf(tree: string): Promise<string> {
  const compiler = join(root, 'node_modules/.bin/tsc')
  // One checker: several take less time on a machine that has nothing else to do, and more of its processors.
  return run(compiler, ['-p', tree, '--checkers', '1']).then(
    () => '',
    (error: unknown) => String((error as { stdout: unknown }).stdout),
  )
}

/** The files that each row of the table names; what its last column names follows by itself. */
function table(): Readonly<Record<string, readonly string[]>> {
  const { text } = documents().find(({ path }) => path === 'CONTRIBUTING.md') ?? { text: '' }
  const [, section = ''] = text.split(/^## Adding one of each$/m)
  const rows = [...section.matchAll(/^\| (?!to add)([^|]+?) \|([^|]+)\|([^|]*)\|[^|]*\|$/gm)]
  return Object.fromEntries(
    rows.map(([, name = '', ...cells]) => [
      name,
      [...cells.join(' ').matchAll(/`((?:src|docs|test)\/[^`]+)`/g)]
        .map(([, path = '']) => path)
        .sort(),
    ]),
  )
}

test('house: what CONTRIBUTING.md says about adding one of each names every file it takes, and no other', () => {
  const taken = Object.entries(additions).map(([name, changes]) => [
    name,
    changes.map(({ named }) => named).sort(),
  ])
  assert.deepEqual(Object.fromEntries(taken), table())
})

test('house: one of each, added as CONTRIBUTING.md says, compiles', async () => {
  assert.equal(await types, '')
})

const alpha = '/am/oauth2/realms/root/realms/alpha'
const json = '/am/json/realms/root/realms/alpha'
const protocol = { 'accept-api-version': 'resource=2.0, protocol=1.0' }
const redirect_uri = 'https://rp.example/cb'
const client = { client_id: 'added', word: 'sesame' }

/** A client that has everything added. */
async function register(): Promise<void> {
  const admin = await adminRest(server)
  const { parapet } = await admin('PUT', 'alpha/realm-config/agents/OAuth2Client/added', {
    coreOAuth2ClientConfig: {
      redirectionUris: [redirect_uri],
      scopes: ['write'],
      wordOfTheDay: 'sesame',
      loudness: 11,
    },
    advancedOAuth2ClientConfig: {
      tokenEndpointAuthMethod: 'password_of_the_day',
      grantTypes: ['authorization_code', 'for_the_asking'],
      responseTypes: ['code'],
      mascot: 'an owl',
    },
  })
  assert.match(JSON.stringify(parapet), /advancedOAuth2ClientConfig\.mascot/)
  const service = 'alpha/realm-config/services/oauth-oidc'
  const { parapetConfig, ...rest } = await admin('GET', service)
  assert.deepEqual([parapetConfig?.echoes, parapetConfig?.loudness], [3, 5])
  await admin('PUT', service, {
    ...rest,
    parapetConfig: {
      ...parapetConfig,
      loudness: 7,
      journeys: [...((parapetConfig?.journeys ?? []) as readonly string[]), 'Greeting'],
    },
  })
}

test('house: what was added is in discovery, on the wire and in the record', async () => {
  await register()
  const metadata = jsonOf(await at.call('GET', `${alpha}/.well-known/openid-configuration`))
  assert.equal(metadata.echo_endpoint, `${server.origin}${alpha}/echo`)
  for (const [member, name] of [
    ['token_endpoint_auth_methods_supported', 'password_of_the_day'],
    ['response_modes_supported', 'matrix'],
    ['grant_types_supported', 'for_the_asking'],
    ['ui_locales_supported', 'nl'],
  ] as const)
    assert.ok((metadata[member] as readonly string[]).includes(name), member)
  const form = {
    ...{ ...client, redirect_uri, response_type: 'code', scope: 'write', response_mode: 'matrix' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256', mood: 'glad', tempo: 'slow' },
  }
  const { request_uri } = jsonOf(await at.call('POST', `${alpha}/par`, { form }), 201)
  const echo = (uri: unknown) => at.call('GET', `${alpha}/echo?request_uri=${String(uri)}`)
  assert.deepEqual(jsonOf(await echo(request_uri)), { mood: 'glad', tempo: 'SLOW', loudness: 11 })
  assert.equal(jsonOf(await echo('nothing'), 418).error, 'no_echo')
  assert.match((await at.call('GET', '/metrics')).text, /^echoes_total 2$/m)
  const csrf = await logIn()
  const answer = await at.call('POST', `${alpha}/authorize`, {
    form: { client_id: 'added', request_uri: String(request_uri), csrf, decision: 'allow' },
    cookie: `iPlanetDirectoryPro=${csrf}`,
  })
  assert.match(String(answer.headers.location), /^https:\/\/rp\.example\/cb;code=/, answer.text)
  const asking = { ...client, grant_type: 'for_the_asking', scope: 'write' }
  const token = jsonOf(await at.call('POST', `${alpha}/access_token`, { form: asking }))
  assert.equal(token.token_type, 'Bearer')
  const sealed = await at.call('POST', `${alpha}/access_token`, {
    form: asking,
    headers: { wax: 'red' },
  })
  assert.equal(jsonOf(sealed).token_type, 'DPoP')
})

/** The demo user's session token. */
async function logIn(): Promise<string> {
  const user = { 'x-openam-username': 'demo', 'x-openam-password': 'Ch4ng31t' }
  const answer = await at.call('POST', `${json}/authenticate`, {
    headers: { ...protocol, ...user },
  })
  return String(jsonOf(answer).tokenId)
}

test('house: an added node asks its question in the added journey that has it', async () => {
  const journey = `${json}/authenticate?authIndexType=service&authIndexValue=Greeting`
  const asked = jsonOf(await at.call('POST', journey, { headers: protocol }))
  const callbacks = asked.callbacks as readonly { readonly output: readonly unknown[] }[]
  assert.deepEqual(
    callbacks.map(({ output }) => output[0]),
    [{ name: 'prompt', value: 'Greeting' }],
  )
})

test('house: an added language is spoken, an added command and its setting are there', async () => {
  const headers = { 'accept-language': 'nl' }
  const page = await at.call('GET', '/am/XUI/?realm=/alpha', { headers })
  assert.match(page.text, /<html lang="nl">[\s\S]*<h1>Aanmelden<\/h1>/)
  const main = join(copy, 'src/main.ts')
  const said = await run(process.execPath, [main, 'motto'], {
    env: { ...process.env, PARAPET_MOTTO: 'yes' },
  })
  assert.equal(said.stdout, 'the motto is yes\n')
})

test('house: people of an added system come in with an added kind of hash', async () => {
  const file = join(copy, 'cards.txt')
  fs.writeFileSync(file, 'cora\n')
  const env = { ...process.env, PARAPET_DATA: join(copy, 'brought'), PARAPET_STORE: '' }
  const brought = await run(
    process.execPath,
    [join(copy, 'src/main.ts'), 'import', 'cards', file],
    {
      env,
    },
  )
  assert.equal(brought.stdout, 'user: 1 created, 0 changed, 0 as they are\n')
})

test('house: a store in the format of today is led to the added one', async () => {
  const added = (await import(join(copy, 'src/store/index.ts'))) as {
    openStores: typeof openStores
  }
  const data = join(copy, 'data')
  for (const open of [openStores, added.openStores]) {
    const stores = await open({ url: `sqlite:${data}`, now, random })
    await stores.close()
  }
  const db = new DatabaseSync(join(data, 'records.db'))
  assert.deepEqual({ ...db.prepare('SELECT count(*) AS rows FROM echoes').get() }, { rows: 0 })
  db.close()
})

test('house: an added event is in the log, and nothing else there is an alarm', async () => {
  await server.stop()
  const [line = '', ...more] = server.alarms
  assert.match(line, /"event":"echo\.made".*"client_id":"added"/)
  assert.deepEqual(more, [])
})
