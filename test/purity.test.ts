import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imports, isTest, places, sources } from './source.ts'

const all = sources('src/**/*.ts')
const code = all.filter(({ path }) => !isTest(path))

/** What makes a function's answer depend on more than its arguments, and the files that may have it. */
const impure: readonly [name: string, pattern: RegExp, ...files: readonly string[]][] = [
  [
    'the clock',
    /\bDate\.now\b|\bnew Date\(|\bDate\(\)|\bperformance\.|\bhrtime\b|\buptime\(/g,
    'src/base/time.ts',
  ],
  [
    'randomness',
    /\b(randomBytes|randomUUID|randomFill\w*|randomInt|getRandomValues)\b|\bMath\.random\b/g,
    'src/base/random.ts',
  ],
  ['the environment', /\bprocess\.env\b/g, 'src/main.ts'],
  ['the console', /\bconsole\./g],
]

for (const [name, pattern, ...files] of impure) {
  test(`house: ${name} is read in its own file only`, () => {
    const wrong = code
      .filter(({ path }) => !files.includes(path))
      .flatMap((source) => places(source, pattern))
    assert.deepEqual(wrong, [])
  })
}

for (const [library, folder] of [
  ['jose', 'src/jose/'],
  ['yaml', 'src/config/'],
  ['ioredis', 'src/store/redis/'],
  ['@cfworker/json-schema', 'src/details/'],
  ['postgres', 'src/store/postgres/'],
  ['nodemailer', 'src/mail/'],
  ['quickjs-emscripten-core', 'src/script/'],
  ['@jitl/quickjs-ng-wasmfile-release-sync', 'src/script/'],
] as const) {
  test(`house: only ${folder} imports ${library}`, () => {
    const wrong = all.filter((s) => imports(s).includes(library) && !s.path.startsWith(folder))
    assert.deepEqual(
      wrong.map((s) => s.path),
      [],
    )
  })
}

test('house: only src/base/node-http.ts loads node:http, so that no process loads undici with it', () => {
  const loads = /^(import|export) (?!type\b).* from 'node:http'/gm
  const wrong = code.flatMap((source) => places(source, loads))
  assert.deepEqual(wrong, [])
})

test('house: spec and jose know neither network, disk nor processes', () => {
  const machines = /^node:(?!crypto$|buffer$|util$|zlib$|test$|assert)/
  const wrong = code
    .filter(({ path }) => /^src\/(spec|jose)\//.test(path))
    .flatMap((s) =>
      imports(s)
        .filter((name) => machines.test(name))
        .map((n) => `${s.path}: ${n}`),
    )
  assert.deepEqual(wrong, [])
})
