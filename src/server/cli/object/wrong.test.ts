import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../../test/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-wrong-'))
after(() => rmSync(folder, { recursive: true }))

/** A file that holds a text. */
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const good = file('good', 'a long pass phrase\n')
const { run } = await commandLine()
assert.equal((await run('realm', 'add', '/alpha/below')).status, 0)

const byPath = (there: string, meant: string) =>
  `there is no realm ${there}: a realm is named by its path, as in ${meant}`
const removals: readonly (readonly [realm: string, says: string])[] = [
  ['/', 'realm /: The root realm is never removed, only what is in it'],
  ['/alpha', 'realm /alpha: There are realms below it: remove them first'],
  ['/nowhere', 'there is no realm /nowhere: parapet realm list tells which there are'],
  ['alpha', byPath('alpha', '/alpha')],
  ['/alpha/', byPath('/alpha/', '/alpha')],
  ['root', byPath('root', '/')],
  ['//', byPath('//', '/')],
  ['', 'no realm is named: the root realm is /'],
]
for (const [realm, says] of removals) {
  test(`parapet realm remove ${realm || 'nothing'}: ${says}`, async () => {
    const told = await run('realm', 'remove', realm)
    assert.deepEqual(told, {
      status: 1,
      out: '',
      err: `parapet: a problem with the realm:\n  ${says}\n`,
    })
  })
}

test('a realm that is named by --realm is looked for in the same words, whatever is done there', async () => {
  for (const words of [
    ['user', 'list'],
    ['compliance'],
    ['admin', 'set-password', '--password-file', good],
  ]) {
    const { status, err } = await run(...words, '--realm', 'alpha')
    assert.deepEqual([status, err.includes(byPath('alpha', '/alpha'))], [1, true], err)
  }
})

const passwords: readonly (readonly [words: readonly string[], says: string])[] = [
  [
    ['--password-file', good, 'nobody'],
    'there is no user nobody in /: parapet user list tells who there is',
  ],
  [['--password-file', good, ''], 'no name is given: leave it out for amadmin'],
  [
    ['--password-file', good, 'demo', '--realm', '/alpha'],
    'demo is no administrator: parapet user set demo --password --realm /alpha is for others',
  ],
  [['--password-file', file('short', 'short')], 'the password must be at least 8 characters'],
  [
    ['--password-file', file('two', 'a long first line\nand one more\n')],
    `${join(folder, 'two')}: has more than one line, and is to hold the password alone`,
  ],
  [['--password-file', file('empty', '')], `${join(folder, 'empty')}: is empty`],
  [['--password-file', join(folder, 'none')], `${join(folder, 'none')}: cannot be read (ENOENT)`],
]
for (const [words, says] of passwords) {
  test(`parapet admin set-password: ${says.replace(folder, '')}`, async () => {
    const told = await run('admin', 'set-password', ...words)
    const err = `parapet: a problem with the password:\n  ${says}\n`
    assert.deepEqual(told, { status: 1, out: '', err })
  })
}

test('parapet admin set-password: a password among the words is refused, and not said again', async () => {
  const { status, err } = await run('admin', 'set-password', 'amadmin', 'a secret word')
  assert.equal(status, 2)
  assert.match(err, /^parapet admin: takes at most 2 words beside its options, not 3\n\nUsage:/)
  assert.ok(!err.includes('a secret word'))
})

test('parapet admin set-password: nothing typed says how a password may come, and who was made is said to be made', async () => {
  const { run: alone, answers } = await commandLine()
  answers.push('', '')
  const nothing = 'no password was given: type one, or name its file by --password-file'
  assert.ok((await alone('admin', 'set-password')).err.includes(nothing))
  const made = 'amadmin of /alpha is made, an administrator with that password\n'
  const again = 'amadmin of /alpha has another password\n'
  for (const out of [made, again]) {
    const words = ['--realm', '/alpha', '--password-file', good]
    assert.equal((await alone('admin', 'set-password', ...words)).out, out)
  }
})

test('parapet realm remove: an option of other verbs is refused, instead of passed over', async () => {
  for (const [name, value] of [
    ['filter', 'true'],
    ['file', good],
  ] as const) {
    const { status, err } = await run('realm', 'remove', '/alpha/below', `--${name}`, value)
    assert.deepEqual([status, err], [2, `parapet realm: remove takes no --${name}\n`])
  }
  assert.equal((await run('realm', 'show', '/alpha/below')).status, 0)
})
