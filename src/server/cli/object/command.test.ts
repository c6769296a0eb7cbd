import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../../test/command-line.ts'
import type { JsonObject } from '../../../base/json.ts'
import { kinds } from '../../../config/index.ts'
import { authenticateEndUser } from '../../../user/password.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-object-'))
after(() => rmSync(folder, { recursive: true }))

const alpha = ['--realm', '/alpha'] as const
const shop = [
  'tokenEndpointAuthMethod=none',
  'clientType=Public',
  'redirectionUris=https://a.example/cb,https://b.example/cb',
  'accessTokenLifetime=60',
] as const

test('parapet client: is added, listed, shown, set and removed by words that its schema understands', async () => {
  const { run } = await commandLine()
  const ok = (out: string) => ({ status: 0, out, err: '' })
  assert.deepEqual(
    await run('client', 'add', 'shop', ...shop, ...alpha),
    ok('created client shop\n'),
  )
  assert.match((await run('client', 'list', ...alpha)).out, /^shop$/m)
  const filter = ['--filter', 'coreOAuth2ClientConfig/clientType eq "Public" and _id sw "sh"']
  assert.deepEqual(await run('client', 'list', ...filter, ...alpha), ok('shop\n'))
  const listed = await run('client', 'list', ...filter, '--json', ...alpha)
  assert.deepEqual(
    (JSON.parse(listed.out) as JsonObject[]).map(({ _id }) => _id),
    ['shop'],
  )
  const shown = async () =>
    JSON.parse((await run('client', 'show', 'shop', ...alpha)).out) as JsonObject
  const { _id, coreOAuth2ClientConfig: core } = await shown()
  assert.deepEqual(
    [_id, core],
    [
      'shop',
      {
        clientType: 'Public',
        redirectionUris: ['https://a.example/cb', 'https://b.example/cb'],
        accessTokenLifetime: 60,
      },
    ],
  )
  const set = [
    'coreOAuth2ClientConfig.accessTokenLifetime=',
    'redirectionUris=["https://c.example/"]',
  ]
  assert.deepEqual(
    await run('client', 'set', 'shop', ...set, ...alpha),
    ok('updated client shop\n'),
  )
  assert.deepEqual((await shown()).coreOAuth2ClientConfig, {
    clientType: 'Public',
    redirectionUris: ['https://c.example/'],
  })
  assert.deepEqual(await run('client', 'remove', 'shop', ...alpha), ok('removed client shop\n'))
  for (const verb of ['show', 'set', 'remove']) {
    const { status, err } = await run('client', verb, 'shop', ...alpha)
    assert.deepEqual([status, /there is no client shop in \/alpha/.test(err)], [1, true])
  }
})

test('parapet client: what is wrong is told with path and value, all at once, and nothing is stored', async () => {
  const { run, w } = await commandLine()
  const before = w.settings.changeCount()
  const { status, out, err } = await run(
    'client',
    'add',
    'x',
    'redirectionUris=nix',
    'clientType=y',
    ...alpha,
  )
  assert.deepEqual([status, out], [1, ''])
  assert.match(err, /redirectionUris\[0\]: not an absolute URI \(it is "nix"\)\n/)
  assert.match(err, /clientType: must be one of "Confidential", "Public" \(it is "y"\)\n/)
  assert.match(
    (await run('client', 'add', 'myClient', ...shop, ...alpha)).err,
    /myClient is there already/,
  )
  assert.match((await run('client', 'list', '--realm', '/none')).err, /no realm \/none/)
  assert.match((await run('client', 'list', '--filter', '(')).err, /is no filter/)
  assert.equal(w.settings.changeCount(), before)
})

test('C-39 parapet client: an attribute outside its section is refused, and what is only kept is told', async () => {
  const { run } = await commandLine()
  for (const slip of ['redirectionUri=x', 'coreOAuth2ClientConfig/redirectionUri=x']) {
    const { status, err } = await run('client', 'add', 'slip', slip, ...alpha)
    assert.equal(status, 1, slip)
    assert.match(err, /redirectionUri: is no attribute of a client: did you mean redirectionUris\?/)
  }
  const file = join(folder, 'flat.json')
  writeFileSync(file, '{"redirectionUris":["https://a.example/cb"]}')
  const { status, err } = await run('client', 'add', 'slip', '--file', file, ...alpha)
  assert.equal(status, 1)
  assert.match(err, /in this place: the attribute of that name stands in a section/)
  const words = ['add', 'other', ...shop, 'otherRelease.some=1', ...alpha]
  assert.deepEqual(await run('client', ...words), {
    status: 0,
    out: 'created client other\nonly kept, does nothing here: otherRelease\n',
    err: '',
  })
})

test('parapet provider: a rule for passwords is a setting like others, and no secret', async () => {
  const { run } = await commandLine()
  const set = await run('provider', 'set', 'passwordMinLength=12', ...alpha)
  assert.deepEqual(set, { status: 0, out: 'updated provider\n', err: '' })
  const { out } = await run('provider', 'show', ...alpha)
  assert.equal((JSON.parse(out).parapetConfig as JsonObject).passwordMinLength, 12)
})

test('parapet user: a password comes from a file, a pipe or a prompt that asks twice, never from an argument', async () => {
  const { run, w, answers } = await commandLine()
  const realm = await w.realm()
  const right = async (password: string): Promise<boolean> =>
    (await authenticateEndUser(realm, 'ann', password, '127.0.0.1')) !== undefined
  for (const word of ['userpassword=a long pass phrase', 'passwordHash=x', 'password=x']) {
    const { status, err } = await run('user', 'add', 'ann', word, ...alpha)
    assert.deepEqual([status, /never as an argument/.test(err)], [1, true], word)
  }
  const file = join(folder, 'password')
  writeFileSync(file, 'from a file 1\n')
  const made = await run(
    'user',
    'add',
    'ann',
    'mail=ann@example.com',
    'cn=Ann, B.',
    '--password-file',
    file,
    ...alpha,
  )
  assert.match(made.out, /^created user [0-9a-f-]{36} ann\n$/)
  assert.ok(await right('from a file 1'))
  answers.push('from a pipe 1')
  assert.equal((await run('user', 'set', 'ann', '--password-file', '-', ...alpha)).status, 0)
  assert.ok(await right('from a pipe 1'))
  answers.push('typed twice 1', 'typed twice 2', 'typed twice 1', 'typed twice 1', 'short', 'short')
  assert.match((await run('user', 'set', 'ann', '--password', ...alpha)).err, /are not the same/)
  assert.equal((await run('user', 'set', 'ann', '--password', ...alpha)).status, 0)
  assert.ok(await right('typed twice 1'))
  const { err } = await run('user', 'set', 'ann', '--password', ...alpha)
  assert.match(err, /userpassword: /)
  assert.doesNotMatch(err, /"short"/)
  const shown = await run('user', 'show', 'ann', ...alpha)
  assert.match(shown.out, /"cn": \[\n\s+"Ann, B\."\n/)
  assert.doesNotMatch(shown.out, /passw|argon/i)
})

test('parapet client: a file and words together make an object; words win', async () => {
  const { run } = await commandLine()
  const file = join(folder, 'client.yaml')
  writeFileSync(file, 'coreOAuth2ClientConfig:\n  clientName: [One]\n  accessTokenLifetime: 60\n')
  await run('client', 'add', 'f', '--file', file, 'accessTokenLifetime=70', ...alpha)
  const { out } = await run('client', 'show', 'f', ...alpha)
  assert.deepEqual((JSON.parse(out) as JsonObject).coreOAuth2ClientConfig, {
    clientName: ['One'],
    accessTokenLifetime: 70,
  })
  assert.match((await run('client', 'add', 'g', '--file', join(folder, 'none'))).err, /ENOENT/)
})

test('parapet realm: is named by its path, and told by the root alone', async () => {
  const { run, w } = await commandLine()
  assert.equal(
    (await run('realm', 'add', '/shop', 'aliases=shop.example')).out,
    'created realm /shop\n',
  )
  assert.equal(await w.realms.aliasOf('shop.example'), '/shop')
  assert.equal((await run('realm', 'set', '/shop', 'active=false')).status, 0)
  assert.match((await run('realm', 'show', '/shop')).out, /"active": false,/)
  assert.equal((await run('realm', 'remove', '/shop')).out, 'removed realm /shop\n')
  assert.match((await run('realm', 'remove', '/')).err, /root realm is never removed/)
})

test('house: every kind has a command, and each of its verbs does it or says why not', async () => {
  const { run } = await commandLine()
  for (const kind of kinds) {
    const { out } = await run(kind.name, '--help')
    assert.match(out, new RegExp(`parapet ${kind.name} `))
    const where = kind.name === 'realm' ? [] : alpha
    for (const verb of ['list', 'show', 'add', 'set', 'remove']) {
      const { status, err } = await run(kind.name, verb, 'absent', ...where)
      assert.ok(status === 0 || err !== '', `${kind.name} ${verb}`)
    }
    assert.equal((await run(kind.name)).status, 2)
    assert.equal((await run(kind.name, 'paint')).status, 2)
  }
})

test('house: the help of a kind names what it has, and what it names no more is refused', async () => {
  const { run } = await commandLine()
  const usage = async (name: string): Promise<string> =>
    (await run(name, '--help')).out.split('\n')[1] ?? ''
  for (const name of ['session', 'consent', 'key']) {
    assert.match(await usage(name), / list\|show\|remove \[<id>\] \[--filter <filter>\] \[--realm/)
    for (const verb of ['add', 'set']) {
      const { status, err } = await run(name, verb, 'x', ...alpha)
      assert.deepEqual([status, err], [2, `parapet ${name}: has the verbs list, show, remove\n`])
    }
  }
  assert.match(await usage('client'), /--password-file <file>/)
  assert.doesNotMatch(await usage('group'), /--password/)
  assert.doesNotMatch(await usage('provider'), /<id>|--filter|--password/)
  assert.doesNotMatch(await usage('realm'), /--realm|--password/)
  for (const args of [
    ['group', 'add', 'g', '--password'],
    ['realm', 'list', ...alpha],
  ])
    assert.equal((await run(...args)).status, 2, args.join(' '))
  assert.equal((await run('group', 'add', 'staff', ...alpha)).out, 'created group staff\n')
  const named = await run('realm', 'add', 'shop')
  assert.match(named.err, /must be a path that begins with "\/"/)
  assert.match((await run('user', 'list', 'x', ...alpha)).err, /list takes no id and no values/)
  const king = await run('user', 'add', 'ann', 'roles=king', ...alpha)
  assert.match(king.err, /roles: must be a list of roles, of which there is only "admin"/)
})

test('house: no command about an object makes a store, and neither do export and admin', async () => {
  const { run, absent, answers } = await commandLine()
  for (const kind of kinds)
    for (const verb of ['list', 'show', 'add', 'set', 'remove'])
      await run(kind.name, verb, ...(kind.single ? [] : ['absent']), ...alpha)
  await run('export')
  answers.push('a long pass phrase', 'a long pass phrase')
  await run('admin', 'set-password')
  assert.ok(absent.length > 2 * kinds.length)
  assert.deepEqual(new Set(absent), new Set(['refuse']))
})

test('parapet admin set-password: of the administrator, who is made where there is none, and of nobody who is none', async () => {
  const { run, w, answers } = await commandLine()
  const root = await w.realm('/')
  for (const [password, what] of [
    ['the first of all', 'is made, an administrator with that password'],
    ['the second of all', 'has another password'],
  ] as const) {
    answers.push(password, password)
    assert.equal((await run('admin', 'set-password')).out, `amadmin of / ${what}\n`)
    assert.ok(await authenticateEndUser(root, 'amadmin', password, '127.0.0.1'))
  }
  answers.push('of somebody else', 'of somebody else')
  const { status, err } = await run('admin', 'set-password', 'demo', ...alpha)
  assert.deepEqual([status, /demo is no administrator/.test(err)], [1, true])
  assert.equal((await run('admin')).status, 2)
})
