import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { test } from 'node:test'
import { callsIn } from '../scripts/reference/events.ts'
import { folder, pages, byHand as rulesPage } from '../scripts/reference/pages.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../src/base/json.ts'
import { readClientDocument } from '../src/client/metadata.ts'
import { clientAttributes } from '../src/protocol/client-metadata.ts'
import { readDocument } from '../src/protocol/document.ts'
import { problemLine } from '../src/protocol/problem.ts'
import { providerAttributes } from '../src/realm/oauth2-provider.ts'
import { configVariable, readServerSettings, serverSettings } from '../src/server/settings.ts'
import { urlVariables } from '../src/server/url-variables.ts'
import { anchors, documents, links, spans } from './markdown.ts'
import { sources } from './source.ts'

const root = resolve(import.meta.dirname, '..')
const all = documents()
const byHand = all.filter(
  ({ path }) => !path.startsWith(`${folder}/`) || path === `${folder}/${rulesPage}`,
)
const text = (path: string): string | undefined => all.find((d) => d.path === path)?.text

test('house: every reference page is what the tables make of it now (npm run docs)', async () => {
  const made = await pages()
  const there = [...made.keys(), rulesPage].sort()
  assert.deepEqual(readdirSync(resolve(root, folder)).sort(), there)
  const stale = [...made].filter(([name, page]) => text(`${folder}/${name}`) !== page)
  assert.deepEqual(
    stale.map(([name]) => name),
    [],
  )
})

test('house: fields of an event that another function makes are read there, and are an error where they cannot be', () => {
  const fields = (call: string, rest = ''): readonly string[] | undefined =>
    callsIn('a.ts', `${call}\n${rest}`)[0]?.fields
  const made = 'function made(rows) {\n  return rows ? { of: rows.map(({ id }) => id) } : {}\n}\n'
  assert.deepEqual(fields("event('a', { id, ...made(rows) })", made), ['id', 'of'])
  assert.deepEqual(
    fields("event('a', none ? all : { ...all, ...made(rows) })", `const all = { id }\n${made}`),
    ['id', 'of'],
  )
  assert.deepEqual(fields("event('a', what)", 'const what = { id: { a: 1 }, of }'), ['id', 'of'])
  assert.deepEqual(fields("event('a', { ...(one ? { id } : {}) })"), ['id'])
  assert.throws(() => fields("event('a', { id, ...from })"), /a\.ts: a: .*\.\.\.from/)
})

test('house: the index of the documents names every one', () => {
  const index = all.find(({ path }) => path === 'docs/README.md')
  const named = index === undefined ? [] : links(index).map((target) => posix.join('docs', target))
  const there = all.map(({ path }) => path).filter((path) => /^docs\/.*(?<!README)\.md$/.test(path))
  assert.deepEqual(
    there.filter((path) => !named.includes(path)),
    [],
  )
})

test('house: every link of a document leads somewhere', () => {
  const dead = all.flatMap((document) =>
    links(document)
      .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(document.path, target))
      .map((target) => `${document.path}: ${target}`),
  )
  assert.deepEqual(dead, [])
})

test('house: every table of a document has a head, without which its rows are plain text', () => {
  const headless = all.flatMap(({ path, prose }) =>
    prose
      .split(/\n\n+/)
      .filter((block) => block.startsWith('|') && !/^.*\n\|[ :|-]+\|(?:\n|$)/.test(block))
      .map((block) => `${path}: ${block.slice(0, 80)}`),
  )
  assert.deepEqual(headless, [])
})

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : posix.join(posix.dirname(from), file)
  if (!existsSync(resolve(root, path))) return false
  const document = all.find((each) => each.path === path)
  return anchor === undefined || (document !== undefined && anchors(document).has(anchor))
}

test('house: documents name no setting that does not exist', () => {
  const known = new Set<string>(Object.values(serverSettings).map((row) => row.environment))
  for (const name of [configVariable, ...Object.values(urlVariables)]) known.add(name)
  for (const { text: code } of sources('test/**/*.ts')) {
    const lines = code.split('\n').filter((line) => line.includes('process.env'))
    for (const [name] of lines.join('\n').matchAll(/\bPARAPET_\w+/g)) known.add(name)
  }
  const named = all.flatMap(({ path, text: whole }) =>
    [...whole.matchAll(/\bPARAPET_[A-Z_]+\b/g)].map(([name]) => ({ path, name })),
  )
  assert.ok(named.length > 20)
  assert.deepEqual(
    named.filter(({ name }) => !known.has(name)),
    [],
  )
})

test('house: documents name no attribute, word or file that the source does not have', () => {
  const attributes = [...Object.values(providerAttributes), ...Object.values(clientAttributes)]
  const full = new Set(attributes.map(({ section, name }) => `${section}.${name}`))
  const words = new Set(
    sources(
      ...['src/**/*.ts', 'test/**/*.ts', 'package.json'],
      'test/recipes/**/*.{mjs,py,java,rs}',
    ).flatMap(({ text: code }) => code.match(/\w+/g) ?? []),
  )
  const wrong = byHand.flatMap((document) =>
    spans(document)
      .filter((span) => {
        if (/^[a-z]\w+Config\.\w+$/.test(span)) return !full.has(span)
        if (/^(src|test|bench|scripts|docs)\/[\w./*-]+$/.test(span)) {
          return globSync(span, { cwd: root }).length === 0
        }
        return /^[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(span) && !words.has(span)
      })
      .map((span) => `${document.path}: ${span}`),
  )
  assert.deepEqual(wrong, [])
})

test('house: documents name no npm script that does not exist', () => {
  const scripts = parseJson(sources('package.json')[0]?.text ?? '') as JsonObject
  const known = Object.keys(scripts.scripts as JsonObject)
  const named = byHand.flatMap(({ path, text: all }) =>
    [...all.matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g)].map(([, run, own]) => ({
      path,
      name: run ?? own ?? '',
    })),
  )
  assert.deepEqual(
    named.filter(({ name }) => !known.includes(name)),
    [],
  )
})

/** Every JSON object of the documents that is a registration, a realm's settings or the server's. */
const examples = byHand.flatMap(({ path, fences }) =>
  fences.flatMap(({ lang, text: inner }) => {
    const texts =
      lang === 'json' ? [inner] : [...inner.matchAll(/-d '(\{[^']*\})'/g)].map((m) => m[1])
    return texts.map((one) => ({ path, json: parseJson(one ?? '') }))
  }),
)

test('house: settings and registrations in the documents would be accepted', () => {
  let checked = 0
  for (const { path, json } of examples) {
    assert.ok(json !== undefined || path !== 'docs/guide/install.md', path)
    if (!isObject(json)) continue
    const read = readerOf(json)
    if (read === undefined) continue
    checked++
    assert.deepEqual(read(json), { problems: [], unknown: false }, path)
  }
  assert.ok(checked >= 3, `${checked} examples`)
})

type Read = (json: JsonObject) => { problems: readonly string[]; unknown: boolean }

function readerOf(json: JsonObject): Read | undefined {
  const [first = ''] = Object.keys(json)
  if (Object.hasOwn(serverSettings, first)) {
    return (file) => {
      const { problems } = readServerSettings({}, { path: 'file', text: JSON.stringify(file) })
      return { problems, unknown: false }
    }
  }
  const has = (table: typeof providerAttributes): boolean =>
    Object.values(table).some(({ section }) => section === first)
  if (has(clientAttributes))
    return (document) => verdict(readClientDocument(withoutSecret(document)))
  if (has(providerAttributes))
    return (document) => verdict(readDocument(providerAttributes, document))
  return undefined
}

function verdict({ problems, unknown }: ReturnType<typeof readDocument>): ReturnType<Read> {
  return { problems: problems.map(problemLine), unknown: unknown.length > 0 }
}

function withoutSecret(document: JsonObject): JsonObject {
  const core: Json | undefined = document.coreOAuth2ClientConfig
  if (!isObject(core)) return document
  const { userpassword: _, ...rest } = core
  return { ...document, coreOAuth2ClientConfig: rest }
}

test('house: the map in the README is the folders of src', () => {
  const named = (text('README.md') ?? '').match(/^src\/\w+(?= {2})/gm) ?? []
  const there = readdirSync(resolve(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`)
  assert.deepEqual([...named].sort(), there.sort())
})
