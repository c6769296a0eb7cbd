import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { tooOld } from './node-version.ts'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly engines: { readonly node: string }
}

test('house: a Node older than package.json asks for is told so, in numbers and not in letters', () => {
  const least = manifest.engines.node.replace('>=', '')
  for (const good of [`${least}.0`, '24.21.0', '25.0.0', '100.0.0'])
    assert.equal(tooOld(good), undefined)
  for (const old of ['8.17.0', '9.11.2', '20.20.2', '24.2.0', '24.10.9'])
    assert.equal(tooOld(old), `parapet needs Node ${least} or newer; this is v${old}`)
})
