import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../test/command-line.ts'
import { mostOfSecret, readText } from '../../base/read-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-endless-'))
after(() => rmSync(folder, { recursive: true }))

/** Every command that reads a file, with a file that has no end. */
const endless: readonly (readonly [...words: string[]])[] = [
  ...['keycloak', 'frodo', 'ldif', 'jsonl'].map((system) => [
    'import',
    system,
    '/dev/zero',
    '--realm',
    '/alpha',
  ]),
  ['apply', '/dev/zero'],
  ['check', '--config', '/dev/zero'],
  ['user', 'add', 'ann', '--file', '/dev/zero'],
  ['user', 'add', 'ann', '--password-file', '/dev/zero'],
  ['export', '--secrets-passphrase-file', '/dev/zero'],
]

test('house: a file without an end is refused by every command that reads one, with the limit or what it is', async () => {
  const { run } = await commandLine()
  for (const words of endless) {
    const { status, out, err } = await run(...words)
    assert.deepEqual([status, out], [1, ''], words.join(' '))
    assert.match(
      err,
      /(?:has more than \d+ bytes|zero: (?:is a device: a file, or a pipe, is wanted|must be a file: it is read twice, .*))\n/,
    )
  }
})

test('house: a reference to a file, and a certificate, have at most a mebibyte', async () => {
  const { run } = await commandLine({ PARAPET_TLS_CERT: '/dev/zero', PARAPET_TLS_KEY: '/dev/zero' })
  const path = join(folder, 'realm.yaml')
  writeFileSync(
    path,
    'realms: [{ path: /shop, users: [{ username: ann, userpassword: "${file:/dev/zero}" }] }]',
  )
  const { err } = await run('check')
  assert.match(err, /PARAPET_TLS_CERT: the file has more than 1048576 bytes/)
  const { run: plain } = await commandLine()
  assert.match((await plain('apply', path)).err, /\/dev\/zero, which has more than 1048576 bytes/)
})

test('house: a large export is refused with the limit, and one that comes by a pipe is read', async () => {
  const { run } = await commandLine()
  const large = join(folder, 'large.json')
  writeFileSync(large, '')
  truncateSync(large, 268_435_457)
  const { err } = await run('import', 'keycloak', large)
  assert.match(err, /large\.json: has more than 268435456 bytes: export it in several files/)
  const main = resolve(import.meta.dirname, '../../main.ts')
  const script = `"$0" "${main}" import keycloak <(echo "$1") --dry-run; "$0" "${main}" import jsonl <(echo "$1") --realm /`
  const realm = JSON.stringify({ realm: 'shop', users: [{ username: 'ann', enabled: true }] })
  const env = { ...process.env, PARAPET_DATA: join(folder, 'data') }
  const told = await new Promise<string>((done) => {
    execFile('bash', ['-c', script, process.execPath, realm], { env }, (_, stdout, stderr) =>
      done(stdout + stderr),
    )
  })
  assert.match(told, /user: 1 would be created/)
  assert.match(told, /must be a file: it is read twice, which a pipe cannot be/)
})

test('house: a line of standard input without an end ends the command', async () => {
  const main = resolve(import.meta.dirname, '../../main.ts')
  const child = spawn(process.execPath, [main, 'explain'], {
    env: { ...process.env, PARAPET_DATA: join(folder, 'explain') },
  })
  let told = ''
  child.stderr.on('data', (chunk) => {
    told += String(chunk)
  })
  // It closes its end while there is more to come.
  child.stdin.on('error', () => {})
  child.stdin.write(Buffer.alloc(2_097_152, 'x'))
  const [status] = (await new Promise<unknown[]>((done) => {
    child.on('close', (...all) => done(all))
  })) as [number]
  assert.equal(status, 1)
  assert.match(told, /a line of standard input has more than 1048576 characters/)
})

test('house: a text is read to its end and no further than its limit', () => {
  const path = join(folder, 'text')
  writeFileSync(path, 'ü'.repeat(100_000))
  assert.equal(readText(path, 200_000), 'ü'.repeat(100_000))
  assert.throws(() => readText(path, 199_999), /^NotRead: has more than 199999 bytes|has more than/)
  assert.throws(() => readText(folder, mostOfSecret), /cannot be read \(EISDIR\)/)
})
