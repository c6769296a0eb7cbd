import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { storedKinds } from '../scripts/reference/stored-kinds.ts'
import { needsCurl } from './curl.ts'
import { type Document, documents } from './markdown.ts'
import { adminPassword, type RunningServer, startServer } from './server.ts'

const main = resolve(import.meta.dirname, '../src/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'parapet-guide-'))
let server: RunningServer | undefined

before(async () => {
  // A document that says nothing new, so that a start with one is among what is tried.
  const config = join(folder, 'parapet.json')
  writeFileSync(config, '{"realms":[{"path":"/alpha"}]}')
  const env = { PARAPET_CONFIG: config }
  if (needsCurl.skip === undefined) server = await startServer({ demo: true, env })
})

after(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

/**
 * Every command that talks to a server, in order. A request that is refused ends it. What begins with
 * `npm` or `parapet` is left to tests of their own: it installs, asks questions, or serves until it is stopped.
 */
function script({ fences }: Document): string {
  const blocks = fences
    .filter(({ lang, text }) => lang === 'sh' && !/^(?:npm|parapet) /m.test(text))
    .map(({ text }) => text)
  const first = blocks.findIndex((block) => /\bcurl\b|localhost:8080/.test(block))
  const strict = 'set -euo pipefail\ncurl() { command curl --fail --silent --show-error "$@"; }\n'
  return (
    strict +
    blocks
      .slice(first)
      .join('\n')
      .replaceAll('http://localhost:8080', server?.origin ?? '')
      .replaceAll("PARAPET_ADMIN_PASSWORD='…'", `PARAPET_ADMIN_PASSWORD='${adminPassword}'`)
  )
}

/** What a script prints; rejects when it fails, with what it said. */
function run(commands: string): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    // The commands say it themselves: whoever pastes them has it in no variable.
    PARAPET_ADMIN_PASSWORD: undefined,
  }
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', commands], { cwd: folder, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${stderr}\n${stdout}`))
    })
  })
}

/** What each page's commands must have printed in the end. */
const pages: readonly (readonly [path: string, ...printed: RegExp[]])[] = [
  ['README.md', /"request_uri":"urn:ietf:params:oauth:request_uri:[\w-]{43}","expires_in":90/],
  [
    'docs/guide/push.md',
    /"request_uri":/,
    /\/callback\?code=[\w-]+&iss=/,
    /"id_token":/,
    /"name":"Dana Maria Monroe"/,
    /"active":true/,
    /Successfully logged out/,
  ],
  ['docs/guide/clients.md', /"_id":"shop"/],
  ['docs/guide/config-manager.md', /SERVICE_ACCOUNT_ID=[\da-f-]{36}\n/],
  ['docs/guide/remote-consent.md', /"_id":"rcs"/, /"_id":"asked"/],
  ['docs/guide/client-authentication.md', /"_id":"bank"/, /"request_uri":/],
  ['docs/guide/signed-answers.md', /"_id":"sealed"/, /"request_uri":/],
  ['docs/guide/rich-authorization-requests.md', /"_id":"payment"/, /"request_uri":/],
  ['docs/guide/request-objects.md', /"_id":"signer"/, /(?:"request_uri":.*){2}/s],
  ['docs/guide/resources.md', /"identifier":"https:\/\/api.example\/notes"/, /"access_token":"/],
  ['docs/guide/sender-constrained.md', /"token_type":"DPoP".*"cnf":\{"jkt":"[\w-]{43}"\}/],
  [
    'docs/guide/realms.md',
    /"corsOrigins":\["https:\/\/app.example"\]/,
    /"_id":"L3Nob3A","_rev":"\d+","parentPath":"\/","active":true/,
    /"active":false,"name":"shop"/,
    /"username":"anna"/,
  ],
  [
    'docs/guide/users.md',
    /"username":"bea","uid":\["bea"\]/,
    /"uniqueMember":\["[0-9a-f-]{36}"\]/,
    /"userName":"bea","givenName":"Bea"/,
  ],
  [
    'docs/guide/service-accounts.md',
    /"name":"deploy"/,
    /"_id":"myClient"/,
    /"userName":"demo"/,
    /"accountStatus":"Inactive"/,
  ],
  [
    'docs/guide/coming-from-pingam.md',
    /"port":465.*"parapet":\{"unserved":\["\*"\]\}/,
    /"_id":"kept\/realm-config\/services\/email","kind":"kept"/,
  ],
  ['docs/guide/monitoring.md', /x-request-id: order-4711/i],
  ['docs/guide/journeys.md', /"NameCallback"/, /"tokenId":"[\w-]{43}"/],
]

for (const [path, ...printed] of pages) {
  test(`house: the commands of ${path} do what it says`, needsCurl, async () => {
    const document = documents().find((each) => each.path === path)
    assert.ok(document)
    const output = await run(script(document))
    for (const expression of printed) assert.match(output, expression)
  })
}

test(
  'house: the page on storage lists what was stored by all this, and nothing else',
  needsCurl,
  async () => {
    const push = documents().find(({ path }) => path === 'docs/guide/push.md')
    assert.ok(push)
    await run(script(push).replace("'decision=allow'", "'decision=allow' -d save_consent=on"))
    await run(`PARAPET_DATA='${server?.data}' node '${main}' accept-time`)
    // A second key that seals nothing: the server goes on with the one it has.
    const keys = `$(cat '${server?.data}/parapet.key'),2:${randomBytes(32).toString('hex')}`
    await run(
      `PARAPET_DATA='${server?.data}' PARAPET_KEY="${keys}" node '${main}' rotate-keys --reseal`,
    )
    const missing = new Set(storedKinds)
    for (const shelf of ['settings', 'records'] as const) {
      const kinds = storedKinds.filter((kind) => kind.shelf === shelf || kind.shelf === 'both')
      for (const key of keysIn(join(server?.data ?? '', `${shelf}.db`))) {
        const fitting = kinds.filter(({ keys }) => keys.test(key))
        assert.equal(fitting.length, 1, `${shelf}: ${key}`)
        for (const kind of fitting) missing.delete(kind)
      }
    }
    assert.deepEqual(
      [...missing].filter(({ shownBy }) => shownBy === undefined).map(({ name }) => name),
      [],
    )
    for (const { name, shownBy } of missing)
      assert.ok(existsSync(join(import.meta.dirname, '..', shownBy ?? '')), name)
    for (const { example, keys } of storedKinds) assert.match(example, keys)
  },
)

function keysIn(file: string): readonly string[] {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db.prepare('SELECT key FROM records').all()
  db.close()
  return rows.map(({ key }) => String(key))
}

test('house: every guide whose commands talk to a server is tried', () => {
  const talking = documents().filter(({ fences }) =>
    fences.some(({ lang, text }) => lang === 'sh' && /\bcurl\b/.test(text)),
  )
  assert.deepEqual(
    talking.map(({ path }) => path).filter((path) => !pages.some(([tried]) => tried === path)),
    [],
  )
})
