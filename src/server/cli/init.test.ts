import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../test/command-line.ts'
import { authenticateEndUser } from '../../user/password.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-init-'))
after(() => rmSync(folder, { recursive: true }))
let count = 0
const fresh = (): string => join(folder, `${count++}.yaml`)

test('parapet init: asks four questions, and what it writes passes check', async () => {
  const { run, w, answers, absent } = await commandLine()
  const file = fresh()
  answers.push('', '', 'shop', 'a long pass phrase')
  const { status, out, err } = await run('init', file)
  assert.deepEqual([status, out, err], [0, `wrote ${file}: parapet serve --config ${file}\n`, ''])
  assert.deepEqual([answers.length, absent], [0, ['make']])
  const text = readFileSync(file, 'utf8')
  assert.match(
    text,
    /^baseUrls: \["http:\/\/localhost:8080"\]\nhost: "127\.0\.0\.1"\nport: 8080\n/m,
  )
  assert.match(text, /^ {2}- path: "\/shop"$/m)
  assert.doesNotMatch(text, /pass phrase/)
  assert.ok(await w.realm('/shop'))
  assert.ok(await authenticateEndUser(await w.realm('/'), 'amadmin', 'a long pass phrase', '::1'))
  assert.match((await run('check', '--config', file)).out, /^port +8080$/m)
  assert.match((await run('init', file)).err, /is there already/)
})

test('parapet init: a server behind a proxy listens to this machine only, and a password that is made is told once', async () => {
  const { run, w, answers } = await commandLine()
  const file = fresh()
  answers.push('https://as.example', '', '/shop', '')
  const { out } = await run('init', file)
  const password = /^the password of amadmin is (\S{20})\n/.exec(out)?.[1] ?? ''
  assert.ok(await authenticateEndUser(await w.realm('/'), 'amadmin', password, '::1'))
  assert.match(readFileSync(file, 'utf8'), /host: "127\.0\.0\.1"\nport: 8080\n/)
  const again = fresh()
  answers.push('http://as.example:81', '', '', 'another pass phrase')
  assert.equal((await run('init', again)).status, 0)
  assert.match(readFileSync(again, 'utf8'), /host: "0\.0\.0\.0"\nport: 81\n/)
  assert.ok(await authenticateEndUser(await w.realm('/'), 'amadmin', password, '::1'))
})

for (const [url, host] of [
  ['http://[::1]:8080', '::1'],
  ['http://127.0.0.5:8080', '127.0.0.5'],
  ['http://[2001:db8::1]', '::'],
  ['http://192.0.2.1', '0.0.0.0'],
] as const)
  test(`parapet init: a server that clients reach at ${url} listens where that leads to`, async () => {
    const { run, answers } = await commandLine()
    const file = fresh()
    answers.push(url, '', '', 'a long pass phrase')
    assert.equal((await run('init', file)).status, 0)
    assert.equal(/^host: "(.*)"$/m.exec(readFileSync(file, 'utf8'))?.[1], host)
  })

test('parapet init: with answers that are wrong it writes nothing and tells all of them', async () => {
  const { run, answers, w } = await commandLine()
  const before = w.settings.changeCount()
  const password = join(folder, 'password')
  writeFileSync(password, '')
  answers.push('as.example', '', '/no/../realm')
  const file = fresh()
  const { status, err } = await run('init', file, '--password-file', password)
  assert.equal(status, 1)
  assert.match(
    err,
    /3 problems with the answers:\n.*is empty\n.*as\.example: must be.*\n.*realm: must be/,
  )
  for (const all of [
    ['https://as.example', 'none.pem, none.key', '/shop', ''],
    ['http://as.example', 'none.pem, none.key', '/shop', ''],
    ['https://as.example/path', '', '/shop', ''],
  ]) {
    answers.push(...all)
    assert.equal((await run('init', file)).status, 1)
  }
  assert.equal(existsSync(file), false)
  assert.equal(w.settings.changeCount(), before)
  answers.push('', '', '', 'short')
  assert.match((await run('init', file)).err, / {2}the password must be at least 8 characters\n/)
  assert.equal(existsSync(file), false)
})

test('parapet init: a file that cannot be written is a problem that names it, and nothing is made', async () => {
  const { run, answers, absent } = await commandLine()
  const file = join(folder, 'no such folder', 'parapet.yaml')
  answers.push('', '', 'shop', 'a long pass phrase')
  assert.deepEqual(await run('init', file), {
    status: 1,
    out: '',
    err: `parapet: a problem with the answers:\n  ${file}: cannot be written (ENOENT)\n`,
  })
  assert.deepEqual(absent, [])
})
