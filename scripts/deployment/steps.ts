/** The guide to two servers on one store, every command of it in its order, with a real PostgreSQL and a real Redis. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { documents } from '../../test/markdown.ts'
import { pathOf } from '../../test/program.ts'
import { startPostgres } from '../../test/stores/postgres.ts'
import { startRedis } from '../../test/stores/redis.ts'
import { freePorts } from '../../test/wire.ts'
import { root } from './tools.ts'

const page = 'docs/guide/several-servers.md'

/** What is there before the first step: a server's directory, with a client that has to be there at the end. */
const before = `
export PARAPET_LOG_FORMAT=pretty
parapet apply realms.yaml
echo 'a long one for amadmin' > password
parapet admin set-password --password-file password
`
const realms = `
realms:
  - path: /alpha
    clients:
      - _id: shop
        coreOAuth2ClientConfig: { redirectionUris: ['https://shop.example/cb'] }
`
/** The page says of that command that it ends with 2. */
const twice = /^(parapet migrate (?!.*--switch).*)$/gm

const after = `
parapet client list --realm /alpha
kill $(jobs -p)
wait
`

/** Runs it in `folder`. @throws AssertionError with what was printed. */
export async function trySteps(folder: string): Promise<void> {
  const here = join(folder, 'steps')
  mkdirSync(here)
  writeFileSync(join(here, 'realms.yaml'), realms)
  const fences = documents().find(({ path }) => path === page)?.fences ?? []
  const textOf = (lang: string): string =>
    fences.flatMap((each) => (each.lang === lang ? [each.text] : [])).join('\n')
  const postgres = await startPostgres()
  const redis = await startRedis({ config: { 'maxmemory-policy': 'noeviction' } })
  try {
    // The role of each test's server may be anybody; here it is as the page makes it.
    await postgres.query('DROP OWNED BY parapet; DROP ROLE parapet')
    for (const statement of textOf('sql').split('\n').filter(Boolean))
      await postgres.query(statement)
    await redis.ask('acl', 'setuser', 'parapet', ...userOfRedis())
    const ports = await freePorts(2)
    const script = (before + textOf('sh') + after)
      .replaceAll(twice, '$1 || [ $? = 2 ]')
      .replaceAll('secret@localhost/parapet', `secret@${postgres.host}:${postgres.port}/parapet`)
      .replaceAll(/secret@localhost(?=\s)/g, `secret@${redis.host}:${redis.port}`)
      .replaceAll(/808([12])\b/g, (_, n: string) => String(ports[Number(n) - 1]))
    assert.match(await run(script, here), /^shop$/m)
    const logs = ['server-1.log', 'server-2.log'].map((log) =>
      readFileSync(join(here, log), 'utf8'),
    )
    for (const log of logs) assert.ok((log.match(/ server\.started /g)?.length ?? 0) >= 3, log)
    for (const log of logs) assert.doesNotMatch(log, / alarm /)
  } finally {
    await Promise.all([postgres.close(), redis.close()])
  }
}

/** As the page on stores gives Redis a user. */
function userOfRedis(): readonly string[] {
  const guide = readFileSync(join(root, 'docs/guide/stores.md'), 'utf8')
  const [, rules] = /^user parapet (.+)$/m.exec(guide) ?? []
  assert.ok(rules !== undefined)
  return rules.split(' ')
}

/** What commands print. @throws AssertionError with all of it when one fails. */
async function run(script: string, cwd: string): Promise<string> {
  const bin = join(cwd, 'bin')
  mkdirSync(bin)
  // A program, as the installed one is: a signal to it is one to the server.
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src/main.ts')}' "$@"\n`
  writeFileSync(join(bin, 'parapet'), program, { mode: 0o755 })
  const path = [bin, pathOf('postgresql'), process.env.PATH ?? ''].join(delimiter)
  // A step that fails leaves no server behind.
  const all = `set -eu\ntrap 'jobs -p | xargs -r kill' EXIT\n${script}`
  const shell = spawn('bash', ['-c', `{ ${all}\n} 2>&1`], {
    ...{ cwd, env: { ...process.env, PATH: path } },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, closed] = await Promise.all([text(shell.stdout), once(shell, 'close')])
  assert.deepEqual(closed, [0, null], said)
  return said
}
