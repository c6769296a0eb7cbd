import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyDocument } from '../src/config/document/apply.ts'
import { readDocumentText } from '../src/config/document/text.ts'
import { documentProblemLine } from '../src/config/document/told.ts'
import { documents } from './markdown.ts'
import { world } from './world.ts'

/** What a file that an example names may have in it, where it is no secret. */
const files: Readonly<Record<string, string>> = {
  '/run/secrets/deploy.jwks': JSON.stringify({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
  }),
}

const options = {
  by: 'test',
  dryRun: true,
  // What stands beside `realms` in a file for the server.
  beside: ['baseUrls'],
  references: {
    env: () => 'a secret of some length',
    file: (path: string) => files[path] ?? 'a secret of some length',
  },
}

test('house: every document of realms that a page shows is one that is taken', async () => {
  const shown = documents().flatMap(({ path, fences }) =>
    fences
      .filter(({ lang, text }) => ['yaml', 'json'].includes(lang) && /^\W*realms\W/m.test(text))
      .map(({ text }) => ({ path, text })),
  )
  assert.ok(shown.length >= 5)
  const root = await (await world()).realm('/')
  for (const { path, text } of shown) {
    const read = await readDocumentText(text)
    assert.ok('document' in read, path)
    const applied = await applyDocument(root, [{ file: path, document: read.document }], options)
    const problems = applied.outcome === 'invalid' ? applied.problems.map(documentProblemLine) : []
    assert.deepEqual(problems, [])
  }
})
