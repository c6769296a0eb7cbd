import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import { clientKind } from '../config/client.ts'
import type { Kind } from '../config/kind.ts'
import { userKind } from '../config/user.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-twice-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const sub = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const client = (more: object) => ({ clientId: 'web', enabled: true, ...more })
const ldifPerson = (unit: string, mail: string) =>
  `dn: uid=ann,ou=${unit},dc=example\nobjectClass: person\nuid: ann\nsn: Lee\nmail: ${mail}\n\n`
const frodo = join(folder, 'frodo')
mkdirSync(frodo)
for (const [name, host] of [
  ['a', 'first'],
  ['b', 'second'],
] as const) {
  const coreOAuth2ClientConfig = { redirectionUris: [`https://${host}.example/cb`] }
  file(`frodo/${name}.json`, { application: { web: { coreOAuth2ClientConfig } } })
}

/** Files of each system with something twice: how many of it are refused, where the report says so, and what is there then. */
const files: readonly (readonly [
  words: readonly string[],
  refused: RegExp,
  kind: Kind,
  id: string,
  has: RegExp,
])[] = [
  [
    [
      'keycloak',
      file('clients.json', {
        realm: 'alpha',
        clients: [
          client({ redirectUris: ['https://first.example/cb'] }),
          client({ redirectUris: ['https://second.example/cb'] }),
        ],
      }),
    ],
    /client web \(clients\[1\]\)\n +is there twice, and the first counts \(clients\[0\]\)/,
    clientKind,
    'web',
    /first\.example/,
  ],
  [
    [
      'keycloak',
      file('users.json', {
        realm: 'alpha',
        users: [
          { id: sub, username: 'bob', enabled: true, email: 'first@example.com' },
          { id: sub, username: 'rob', enabled: true, email: 'second@example.com' },
          { username: 'BOB', enabled: true, email: 'third@example.com' },
        ],
      }),
    ],
    /users\[1\]\n +is there twice, by name or id, and the first counts[\s\S]*users\[2\]\n +is there twice/,
    userKind,
    sub,
    /"username":"bob".*first@example/,
  ],
  [
    ['ldif', file('people.ldif', ldifPerson('a', 'first@x.org') + ldifPerson('b', 'second@x.org'))],
    /user line 7\n +is there twice, by name or id/,
    userKind,
    'ann',
    /first@x\.org/,
  ],
  [
    [
      'jsonl',
      file('people.jsonl', '{"uid":"cid","mail":"first@x.org"}\n{"uid":"Cid","mail":"b@x.org"}\n'),
    ],
    /user line 2\n +is there twice, by name or id/,
    userKind,
    'cid',
    /first@x\.org/,
  ],
  [
    ['frodo', frodo],
    /client web \(b\.json\)\n +is there twice, and the first counts \(a\.json\)/,
    clientKind,
    'web',
    /first\.example/,
  ],
]

for (const [words, refused, kind, id, has] of files) {
  test(`${words[0]} ${kind.name}: of two with one name the first is taken, and the report says so`, async () => {
    const { w, run } = await commandLine()
    const dry = await run('import', ...words, '--realm', '/alpha', '--dry-run')
    const { status, out, err } = await run('import', ...words, '--realm', '/alpha')
    for (const told of [dry.out + dry.err, out + err]) assert.match(told, refused)
    assert.equal(status, 1)
    assert.match(JSON.stringify((await kind.read(await w.realm(), id))?.value), has)
    // Which one it is does not change when it is run again.
    const again = await run('import', ...words, '--realm', '/alpha')
    assert.doesNotMatch(again.out, /[1-9]\d* (?:created|changed)/)
  })
}

test('frodo: what two files say alike is no mistake', async () => {
  const { run } = await commandLine()
  writeFileSync(
    join(frodo, 'b.json'),
    JSON.stringify({
      application: {
        web: { coreOAuth2ClientConfig: { redirectionUris: ['https://first.example/cb'] } },
      },
    }),
  )
  assert.equal((await run('import', 'frodo', frodo, '--realm', '/alpha')).status, 0)
})

test('keycloak: a client that a file has twice, alike, is one, and what of it has no counterpart is told once', async () => {
  const { run } = await commandLine()
  const one = client({ redirectUris: ['https://first.example/cb'], surrogateAuthRequired: true })
  const told = async (name: string, clients: readonly object[]): Promise<string> => {
    const path = file(`${name}.json`, { realm: 'alpha', clients })
    return (await run('import', 'keycloak', path, '--realm', '/alpha', '--dry-run')).out
  }
  assert.equal(await told('double', [one, one]), await told('single', [one]))
})
