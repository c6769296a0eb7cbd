import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { isObject, type JsonObject, parseJson } from '../src/base/json.ts'
import { startParapet } from '../src/testing.ts'
import { documents } from './markdown.ts'
import { recipes } from './recipes/cases.ts'
import { libraries } from './recipes/secured/libraries.ts'
import { trials } from './recipes/secured/trials.ts'

const folder = resolve(import.meta.dirname, 'recipes')
// What was tried by hand has versions of its own.
const guides = documents().filter(
  ({ path }) => path.startsWith('docs/guide/connect') && path !== 'docs/guide/connect/others.md',
)
const secured = 'docs/guide/connect/secured.md'
const files = readdirSync(folder).filter((name) => /\.(mjs|py)$/.test(name))

test('house: every recipe is tried, has at most 60 lines, and its guide shows exactly its code', () => {
  assert.deepEqual(recipes.map(({ file }) => file).sort(), files.sort())
  const shown = new Set(guides.flatMap(({ fences }) => fences.map(({ text }) => text)))
  const wrong = files.filter((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return !shown.has(text) || text.split('\n').length > 61
  })
  assert.deepEqual(wrong, [])
})

test('house: the guides say of each library the version that is tried', () => {
  const npm = parseJson(readFileSync(join(folder, 'package.json'), 'utf8')) as JsonObject
  assert.ok(isObject(npm.dependencies))
  const python = readFileSync(join(folder, 'requirements.txt'), 'utf8').trim().split('\n')
  const tried = Object.values(npm.dependencies).concat(
    python.map((line) => line.split('==')[1] ?? ''),
  )
  // What stands on the page of more than the plain flow is compared by row, below.
  const plain = guides.filter(({ path }) => path !== secured)
  const said = plain.flatMap(({ prose }) => prose.match(/\b\d+\.\d+\.\d+\b/g) ?? [])
  assert.ok(said.length > 12)
  assert.deepEqual(
    said.filter((version) => !/^127\.0/.test(version) && !tried.includes(version)),
    [],
  )
})

test('house: the guide says of each library that is tried with more than the plain flow where it is, its version, and what it lacks', () => {
  const guide = guides.find(({ path }) => path === secured)
  const row = /^\| \[([\w-]+)\]\(\S+?\/recipes\/secured\/(\S+)\) \| ([\d.]+) \|(.*)\|$/gm
  const said = [...(guide?.text ?? '').matchAll(row)].map(
    ([, name, program, version, cells = '']) => {
      const lacked = cells.split('|').map((cell) => cell.trim() === '–')
      return { name, program, version, lacked }
    },
  )
  const columns = [...new Set(trials.map(({ of }) => of))]
  const tried = libraries.map(({ name, program, version, lacks }) => {
    const [file, pattern] = version
    const found = new RegExp(pattern).exec(readFileSync(join(folder, file), 'utf8'))
    return { name, program, version: found?.[1], lacked: columns.map((of) => lacks.includes(of)) }
  })
  assert.deepEqual(said, tried)
  for (const { program } of libraries) assert.ok(existsSync(join(folder, 'secured', program)))
})

test('house: the document with which the guide registers its clients is one that a server takes', async (t) => {
  const guide = guides.find(({ path }) => path === 'docs/guide/connect.md')
  const document = guide?.fences.find(({ lang }) => lang === 'yaml')?.text ?? ''
  const made = mkdtempSync(join(tmpdir(), 'parapet-connect-'))
  t.after(() => rmSync(made, { recursive: true }))
  writeFileSync(join(made, 'realms.yaml'), document)
  const config = join(made, 'realms.yaml')
  const parapet = await startParapet({ config, env: { APP_SECRET: 'the secret of the app' } })
  t.after(() => parapet.stop())
  const answer = await fetch(`${parapet.issuer('/alpha')}/par`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('app:the secret of the app')}` },
    body: new URLSearchParams({
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: 'http://localhost:3000/callback',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }),
  })
  assert.equal(answer.status, 201)
})
