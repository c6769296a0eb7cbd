import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../test/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-apply-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const shop = `
port: 9090
realms:
  - path: /shop
    clients:
      - _id: web
        coreOAuth2ClientConfig:
          redirectionUris: [https://shop.example/cb]
          userpassword: \${env:WEB_SECRET}
`
const environment = { WEB_SECRET: 'kept by the platform' }

test('parapet apply: --dry-run tells the difference and ends with 2 where there is one, with 0 where none is', async () => {
  const { run, absent } = await commandLine(environment)
  const path = file('shop.yaml', shop)
  const difference = '+ realm /shop\n+ client web of /shop\n'
  assert.deepEqual(await run('apply', path, '--dry-run'), { status: 2, out: difference, err: '' })
  assert.deepEqual(await run('apply', path), { status: 0, out: difference, err: '' })
  const none = { status: 0, out: 'nothing to change\n', err: '' }
  assert.deepEqual(await run('apply', path, '--dry-run'), none)
  assert.deepEqual(await run('apply', path), none)
  assert.deepEqual(absent, ['pretend', 'make', 'pretend', 'make'])
  const changed = file('shop.yaml', shop.replace('/cb]', '/callback]'))
  const { status, out } = await run('apply', changed, '--dry-run')
  assert.equal(status, 2)
  assert.match(out, /^~ client web of \/shop\n {4}core\S+: \["\S+cb"\] → \["\S+callback"\]\n$/)
})

test('C-39 parapet apply: what a document holds and is only kept is told', async () => {
  const { run } = await commandLine(environment)
  const path = file('kept.yaml', `${shop}        otherRelease: { some: 1 }\n`)
  const { status, out } = await run('apply', path, '--dry-run')
  assert.equal(status, 2)
  assert.match(out, /\+ client web of \/shop\n {4}only kept, does nothing here: otherRelease\n$/)
})

test('C-39 parapet apply: of what is only kept no value is told, since nobody knows which are secret', async () => {
  const { run } = await commandLine(environment)
  const text = (word: string): string => `${shop}        otherRelease: { some: old ${word} }
    kept:
      - _id: realm-config/services/SomeService
        pin: old ${word}
`
  assert.equal((await run('apply', file('untold.yaml', text('Tr0ub4dor')))).status, 0)
  const changed = file('untold.yaml', text('c0rrecth0rse').replaceAll('old', 'new'))
  const { out } = await run('apply', changed, '--dry-run')
  assert.match(out, /~ client web of \/shop\n {4}otherRelease\.some: …\n/)
  assert.match(out, /~ kept realm-config\/services\/SomeService of \/shop\n {4}pin: …\n/)
  const { out: json } = await run('apply', changed, '--dry-run', '--json')
  assert.match(json, /"path": "otherRelease\.some"/)
  assert.doesNotMatch(out + json, /Tr0ub4dor|c0rrecth0rse/)
})

test('parapet apply: --json tells the same for programs', async () => {
  const { run } = await commandLine(environment)
  const { out } = await run('apply', file('json.yaml', shop), '--json', '--dry-run')
  const told = JSON.parse(out) as { outcome: string; changes: { what: string; id: string }[] }
  assert.equal(told.outcome, 'planned')
  assert.deepEqual(
    told.changes.map(({ what, id }) => `${what} ${id}`),
    ['created /shop', 'created web'],
  )
})

test('parapet apply: a directory is one document in parts, and every problem is told with its file', async () => {
  const { run } = await commandLine({})
  const parts = mkdtempSync(join(folder, 'parts-'))
  writeFileSync(join(parts, '1-realm.json'), '{"realms":[{"path":"/shop"}]}')
  writeFileSync(join(parts, '2-clients.yml'), shop)
  writeFileSync(join(parts, 'notes.txt'), '{')
  const { status, out, err } = await run('apply', parts)
  assert.deepEqual([status, out], [1, ''])
  const place = join(
    parts,
    '2-clients.yml: realms[0].clients[0].coreOAuth2ClientConfig.userpassword',
  )
  assert.equal(
    err,
    `parapet: a problem in ${parts}: nothing is changed:\n  ${place}: needs the variable WEB_SECRET, which is not set\n`,
  )
  writeFileSync(join(parts, '3.json'), '{"a":1,"a":2}')
  assert.match(
    (await run('apply', parts)).err,
    /3\.json: line 1, column 8: is a name that has come before/,
  )
  assert.match((await run('apply', join(folder, 'none'))).err, /none: cannot be read \(ENOENT\)/)
  assert.equal((await run('apply')).status, 2)
})
