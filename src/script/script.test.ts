import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { writeScript } from '../../test/scripts.ts'
import type { Store } from '../store/store.ts'
import { findLibrary } from './script.ts'

test('S-1 script: library scripts are looked through once, until the settings change', async () => {
  const { alpha } = await people()
  const library = (name: string, source: string) =>
    writeScript(alpha, { name, source, context: 'LIBRARY' })
  for (let i = 0; i < 20; i++) await library(`n${i}`, '')
  let asked = 0
  const count = <T>(work: T): T => {
    asked += 1
    return work
  }
  const settings: Store = {
    ...alpha.settings,
    get: (key) => count(alpha.settings.get(key)),
    list: (...args) => count(alpha.settings.list(...args)),
  }
  const at = { ...alpha, settings }
  assert.equal((await findLibrary(at, 'n7'))?.name, 'n7')
  const once = asked
  const found = await Promise.all(['n3', 'n19', 'none', 'n7'].map((name) => findLibrary(at, name)))
  assert.deepEqual([asked, found.map((each) => each?.name)], [once, ['n3', 'n19', undefined, 'n7']])
  await library('none', 'exports.a = 1')
  assert.equal((await findLibrary(at, 'none'))?.source, 'exports.a = 1')
})

test('PingAM: scripts a script runs as it was written, however short it is, and whatever is in it', async () => {
  const { alpha } = await people()
  const sources = ['', ';', '{}', '1', '12', "text.replaceAll('\ufffd', '?')", 'a = "é😀"']
  for (const [i, source] of sources.entries()) {
    await writeScript(alpha, { name: `s${i}`, source, context: 'LIBRARY' })
    assert.equal((await findLibrary(alpha, `s${i}`))?.source, source)
  }
})
