import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { caller } from '../../test/administrator.ts'
import { commandLine } from '../../test/command-line.ts'
import { bodyOf, origin } from '../../test/world.ts'
import { first, insertEndUser } from '../user/account/account.ts'
import { createEndUser, findByUsername } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'
import { groupKind } from './group.ts'
import { anyState } from './kind.ts'
import { userKind } from './user.ts'

const { w, run } = await commandLine()
const alpha = await w.realm()
const change = { by: 'test', condition: anyState }
const folder = mkdtempSync(join(tmpdir(), 'parapet-names-'))
after(() => rmSync(folder, { recursive: true }))

/** One of each kind, and the ends of the ranges. */
const unfit = [
  ...['\0', '\t', '\n', '\r', '\x1f', '\x7f', '\x80', '\x85', '\x9f', '\u2028', '\u2029'],
  ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069', '\ud800', '\udfff'],
]
const code = (mark: string): string => `U+${mark.charCodeAt(0).toString(16)}`

test('house: nobody new is called what cannot be told from another name, and a name in any script is taken', async () => {
  for (const mark of unfit) {
    const username = `x${mark}y`
    const saved = await userKind.save(alpha, '', { username }, change)
    assert.equal(saved.outcome, 'invalid', code(mark))
    const [problem] = saved.outcome === 'invalid' ? saved.problems : []
    assert.deepEqual(
      [problem?.path, problem?.policy?.policyRequirement],
      ['username', 'VALID_USERNAME'],
    )
    assert.equal(await createEndUser(alpha, { username, password: 'x' }), undefined, code(mark))
    assert.equal((await groupKind.save(alpha, username, {}, change)).outcome, 'invalid', code(mark))
    assert.equal(await authenticateEndUser(alpha, username, 'x', '127.0.0.1'), undefined)
  }
  for (const username of ['Ann Lee', 'Zoë', '李安', 'نازنین‌زهرا', '😀'])
    assert.equal(
      (await userKind.save(alpha, '', { username }, change)).outcome,
      'created',
      username,
    )
})

test('house: every door refuses such a name, and says which member it is', async () => {
  const { call } = await caller(w, '/alpha', ['admin'])
  const name = 'eve\u202enimda'
  const created = await call('POST', '/users?_action=create', { username: name })
  assert.deepEqual([created.status, bodyOf(created).code], [400, 400])
  const managed = `${origin}/openidm/managed/alpha_user?_action=create`
  const root = await caller(w, '/', ['admin'])
  const user = { userName: name, givenName: 'x', sn: 'x', mail: 'x@example.com' }
  const answer = await root.call('POST', managed, user)
  assert.equal(answer.status, 403)
  assert.match(String(answer.body), /VALID_USERNAME/)
  const added = await run('user', 'add', name, '--realm', '/alpha')
  assert.equal(added.status, 1)
  assert.match(added.err, /username.*must be without control characters/)
  const file = (base: string, text: string): string => {
    const path = join(folder, base)
    writeFileSync(path, text)
    return path
  }
  const lines = file('users.jsonl', JSON.stringify({ username: name }))
  const imported = await run('import', 'jsonl', lines, '--realm', '/alpha')
  assert.match(imported.out + imported.err, /must be without control characters/)
  const yaml = file(
    'realm.yaml',
    JSON.stringify({ realms: [{ path: '/alpha', users: [{ username: name }] }] }),
  )
  assert.match((await run('apply', yaml)).err, /username: must be without control characters/)
  assert.equal(await findByUsername(alpha, name), undefined)
})

test('house: an account of before that has such a name can be read, changed and removed', async () => {
  for (const mark of unfit.filter((each) => each.isWellFormed())) {
    const username = `old${mark}one`
    const settled = { username, password: '', attributes: {}, roles: [], status: 'Active' } as const
    const sub = crypto.randomUUID()
    await insertEndUser(alpha, { ...first, ...settled, sub })
    const read = await userKind.read(alpha, username)
    assert.equal(read?.id, sub, code(mark))
    const again = { ...read?.value, mail: ['old@example.com'] }
    assert.equal((await userKind.save(alpha, sub, again, change)).outcome, 'updated', code(mark))
    const id = mark === '\0' ? sub : username
    assert.equal((await userKind.remove(alpha, id, change)).outcome, 'removed', code(mark))
    assert.equal(await findByUsername(alpha, username), undefined, code(mark))
  }
})
