import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import { allItems } from '../config/document/items.ts'
import { userKind } from '../config/user.ts'
import { findByUsername } from '../user/end-user.ts'
import { authenticateEndUser } from '../user/password.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-ldif-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** With all that the form allows: folded lines, base64, comments, options, and CRLF in its second half. */
const directory = `version: 1
# a comment that goes
 on: in the next line

dn: dc=example,dc=org
objectClass: top
objectClass: domain
dc: example

dn: uid=ann,ou=people,dc=example,dc=org
objectClass: top
objectClass: inetOrgPerson
uid: ann
entryUUID: 7c9e6679-7425-40de-944b-e07fc1f90ae7
cn:: ${base64('Änn Miller')}
sn: Mil
 ler
# another one
mail: ann@example.org
mail: ann@example.com
userPassword:: ${base64('{SSHA}oIrm/jZ2cShDA7cn5c1Saz+68dwBAgMEBQYHCA==')}
title: Head of everything
cn;lang-de: Anne
jpegPhoto:: /9j/4AAQ

${`dn: UID=bob , ou=people,dc=example,dc=org
objectclass: person
uid: bob
sn: Smith
userPassword: in clear, of course
nsAccountLock: TRUE

dn: cn=staff,ou=groups,dc=example,dc=org
objectClass: groupOfUniqueNames
cn: staff
description: Who works here
uniqueMember: uid=ann,ou=People,dc=example,dc=org
uniqueMember: uid=nobody,dc=example,dc=org

dn: cn=board,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: board
member:: ${base64('uid=ann, ou=people, dc=example, dc=org')}
`.replaceAll('\n', '\r\n')}`

test('RFC 2849 people and groups of a directory come in, and log in with their old passwords', async () => {
  const { w, run } = await commandLine()
  const path = file('directory.ldif', directory)
  const { status, out, err } = await run('import', 'ldif', path, '--realm', '/alpha')
  assert.equal(status, 0, out + err)
  assert.match(out, /^group: 2 created, 0 changed, 0 as they are\nuser: 2 created/m)
  const alpha = await w.realm('/alpha')
  const ann = await userKind.read(alpha, 'ann')
  assert.equal(ann?.id, '7c9e6679-7425-40de-944b-e07fc1f90ae7')
  assert.deepEqual(ann?.value, {
    ...{ username: 'ann', inetUserStatus: ['Active'], cn: ['Änn Miller'], sn: ['Miller'] },
    ...{ mail: ['ann@example.org', 'ann@example.com'], groups: ['board', 'staff'] },
  })
  assert.equal((await authenticateEndUser(alpha, 'ann', 'Grünes Tor 42', 'a'))?.sub, ann?.id)
  const bob = await findByUsername(alpha, 'bob')
  assert.deepEqual([bob?.status, bob?.password], ['Inactive', ''])
  for (const left of [
    /entry: objectClass domain/,
    /user: title,/,
    /user: cn;lang-de/,
    /user: jpegphoto is no text/,
    /user: password is in clear/,
  ])
    assert.match(out, left)
  assert.doesNotMatch(out + err, /of course|Head|oIrm|ann@|Miller/)
  // Without an id of the file it is the same one each time.
  const before = await allItems(userKind, alpha)
  const again = await run('import', 'ldif', path, '--realm', 'alpha')
  assert.match(again.out, /^user: 0 created, 0 changed, 2 as they are$/m)
  assert.deepEqual(await allItems(userKind, alpha), before)
})

const person = 'dn: uid=x,dc=y\nobjectClass: person\nuid: x\n'

const refused: readonly (readonly [content: string | Buffer, says: RegExp])[] = [
  [
    `${person}\ndn: uid=z,dc=y\nchangetype: modify\nreplace: sn\nsn: z\n-\n`,
    /line 6: holds changes \(changetype\)/,
  ],
  [`${person}sn:< file:///etc/passwd\n`, /line 4: names another file \(:<\), which is not read/],
  [`${person}sn\n`, /line 4: must be "attribute: value"/],
  [`${person}sn:: %%%\n`, /line 4: must be base64/],
  [`${person}\n sn: z\n`, /line 5: goes on where nothing begins/],
  ['objectClass: person\n', /line 1: must begin an entry with its dn/],
  [`${person}sn: a\u0000b\n`, /line 4: has a NUL/],
  [Buffer.from(`${person}sn: \xe4\n`, 'latin1'), /line 4: must be UTF-8/],
  [`${person}sn: ${'x'.repeat(5_000_000)}\n`, /line 4: has more than 4194304 bytes/],
  [
    `${person}sn: x\n${` ${'x'.repeat(4_000_000)}\n`.repeat(5)}`,
    /line 4: has more than 16777216 characters/,
  ],
]

test('a file that is no LDIF of entries is refused by its line, before anything is written', async () => {
  const { w, run } = await commandLine()
  for (const [i, [content, says]] of refused.entries()) {
    const { status, err, out } = await run(
      'import',
      'ldif',
      file(`${i}.ldif`, content),
      '--realm',
      'alpha',
    )
    assert.equal(status, 1)
    assert.match(err, says)
    assert.equal(out, '')
  }
  assert.equal(await findByUsername(await w.realm('/alpha'), 'x'), undefined)
  const path = file('ok.ldif', person)
  assert.match((await run('import', 'ldif', path)).err, /--realm \/alpha/)
  const nowhere = await run('import', 'ldif', path, '--realm', '/nowhere')
  assert.equal(nowhere.status, 1)
  assert.match(nowhere.out, /there is no realm \/nowhere/)
  assert.equal((await run('import', 'ldif', path, '--realm', 'alpha', '--dry-run')).status, 2)
  assert.equal(await findByUsername(await w.realm('/alpha'), 'x'), undefined)
})

const lines = [
  {
    userName: 'cy',
    givenName: 'Cy',
    mail: 'cy@example.org',
    userPassword: '{SSHA}oIrm/jZ2cShDA7cn5c1Saz+68dwBAgMEBQYHCA==',
    groups: ['staff'],
    roles: ['admin'],
    enabled: true,
  },
  {
    username: 'di',
    firstName: 'Di',
    email: ['di@example.org'],
    emailVerified: true,
    passwordHash: '$2b$05$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e',
    _id: '7c9e6679-7425-40de-944b-e07fc1f90ae8',
    shoeSize: 44,
  },
  { username: 'ed', status: 'inactive', mail: 7 },
]

test('people of a file of JSON lines come in; nobody becomes an administrator by it', async () => {
  const { w, run } = await commandLine()
  const path = file(
    'people.jsonl',
    `\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n\r\n')}`,
  )
  const { status, out } = await run('import', 'jsonl', path, '--realm', 'alpha')
  assert.equal(status, 0, out)
  const alpha = await w.realm('/alpha')
  const cy = await userKind.read(alpha, 'cy')
  assert.deepEqual(
    [cy?.value.groups, cy?.value.roles, cy?.value.givenName],
    [['staff'], undefined, ['Cy']],
  )
  for (const name of ['cy', 'di'])
    assert.equal((await authenticateEndUser(alpha, name, 'Grünes Tor 42', 'a'))?.username, name)
  const di = await userKind.read(alpha, '7c9e6679-7425-40de-944b-e07fc1f90ae8')
  assert.deepEqual([di?.value.mail, di?.value.email_verified], [['di@example.org'], ['true']])
  assert.equal((await userKind.read(alpha, 'ed'))?.value.mail, undefined)
  for (const left of [
    /user: roles,? such as line 1/,
    /user: shoeSize/,
    /user: mail must be .*such as line 5/,
  ])
    assert.match(out, left)
  assert.match(
    (await run('import', 'jsonl', path, '--realm', 'alpha')).out,
    /^user: 0 created, 0 changed, 3 as/m,
  )
})

test('a line that is no object of JSON is refused by its number, before anything is written', async () => {
  const { w, run } = await commandLine()
  const good = '{"username":"fay"}\n'
  const deep = `{"a":${'['.repeat(30)}${']'.repeat(30)}}`
  for (const bad of ['{"username":"x","username":"y"}', '[]', '{', deep, '"x"']) {
    const { status, err } = await run(
      'import',
      'jsonl',
      file('bad.jsonl', good + bad),
      '--realm',
      'alpha',
    )
    assert.equal(status, 1)
    assert.match(err, /line 2: must be an object of JSON/)
  }
  assert.equal(await findByUsername(await w.realm('/alpha'), 'fay'), undefined)
})
