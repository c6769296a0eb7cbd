import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { scripting } from '../../test/scripts.ts'
import type { JsonObject } from '../base/json.ts'
import { execute } from './execute.ts'
import { ScriptFailed } from './run.ts'

const { alpha } = await people()
const bounds = { computing: 300, memory: 8 * 1024 * 1024, threads: 3 }
const large = { variables: { 'esv.large': 'Z'.repeat(100_000) } }
const realm = scripting(alpha, bounds, large)

const given: JsonObject = {
  ...{ state: { shared: {}, secure: {}, transient: {} }, legacy: { shared: {}, transient: {} } },
  ...{ callbacks: [], headers: {}, parameters: {}, cookies: {}, session: null, resumed: false },
  ...{ locales: [], cookieName: 'x', journey: {} },
}

/** What a script left behind, or why it was ended. */
async function run(source: string): Promise<JsonObject | string> {
  const script = { ...{ id: 'x', name: 'x', context: '', language: 'JAVASCRIPT' }, source }
  try {
    return await execute(realm, { ...script, version: '2.0' }, { kind: 'decision', given })
  } catch (error) {
    if (error instanceof ScriptFailed) return error.message
    throw error
  }
}

test('S-1 script: why it failed says something, whatever was thrown', async () => {
  const thrown: [source: string, reason: RegExp][] = [
    ['throw null', /^out of memory, or null was thrown$/],
    ['throw new TypeError()', /^TypeError: it says nothing more \(line 1\)$/],
    ['throw {name: "", message: 7}', /^Error: it says nothing more$/],
    ['throw ""', /^it failed$/],
    ['throw "x".repeat(100000)', /^an error with too many words$/],
  ]
  for (const [source, reason] of thrown) assert.match(String(await run(source)), reason)
})

test('S-1 script: without memory an answer is written nowhere, and the next script has a whole interpreter', async () => {
  const left = await run(
    `var a = new Array(5000).fill(0), i = 0
    for (var k = 262144; k >= 4096; k >>= 1) try { for (;;) a[i++] = new ArrayBuffer(k) } catch (e) {}
    try { systemEnv.getProperty("esv.large"); outcome = "answered" } catch (e) { a = null; outcome = String(e) }`,
  )
  assert.equal((left as JsonObject).left, 'Error: out of memory')
  const next = await run('action.goTo("true")')
  assert.equal((next as JsonObject).outcome, 'true')
})
