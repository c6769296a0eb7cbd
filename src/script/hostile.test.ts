import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { trials } from '../../test/scale.ts'
import { scripting } from '../../test/scripts.ts'
import type { JsonObject } from '../base/json.ts'
import { execute } from './execute.ts'
import { ScriptFailed } from './run.ts'
import type { Script } from './script.ts'

const bounds = {
  ...{ computing: 10, whole: 3000, memory: 8 * 1024 * 1024 },
  ...{ calls: 20, threads: 3 },
}
const { alpha } = await people()
const realm = scripting(alpha, bounds)

/** For those that come to their end by another bound than time. */
const patient = scripting(alpha, { ...bounds, computing: 300, whole: 20_000 })

const nothing: JsonObject = {
  ...{ state: { shared: {}, secure: {}, transient: {} }, legacy: { shared: {}, transient: {} } },
  ...{ callbacks: [], headers: {}, parameters: {}, cookies: {}, session: null, resumed: false },
  ...{ locales: [], cookieName: 'x', journey: {} },
}

/** What a script left behind, or why it was ended. */
async function run(
  source: string,
  version: Script['version'] = '2.0',
  at = realm,
  id = 'x',
): Promise<JsonObject | string> {
  const script = { ...{ id, name: 'x', context: '', language: 'JAVASCRIPT' }, version, source }
  const left = await execute(at, script, { kind: 'decision', given: nothing }).catch(
    (error: unknown) => error,
  )
  if (left instanceof ScriptFailed) return left.message
  if (left instanceof Error) throw left
  return left as JsonObject
}

const tooLong = /^it took too long$/
const memory =
  /out of memory|^it took too long$|^it gives back too much|string too long|its thread|too much/i
const stack = /stack|^it took too long$|recursion/i

/** By kinds: what a script tries, and how it ends. `{n}` is another number in each variant. */
const hostile: [kind: string, source: string, ends: RegExp][] = [
  ['a loop', 'for (;;) { {n} }', tooLong],
  [
    'a loop that catches',
    'for (;;) { try { for (;;) { {n} } } catch (e) { } finally { continue } }',
    tooLong,
  ],
  [
    'a loop in a getter of a result',
    'Object.defineProperty(globalThis, "outcome", { get() { for (;;) { {n} } } })',
    tooLong,
  ],
  [
    'a loop in toJSON',
    'nodeState.putShared = null; Object.prototype.toJSON = function () { for (;;) { {n} } }; outcome = {}',
    tooLong,
  ],
  ['a loop in toString of an error', 'throw { get message() { for (;;) { {n} } } }', tooLong],
  ['a regular expression without end', '/^(a+)+$/.test("a".repeat({n} + 40) + "b")', tooLong],
  [
    'promises that call each other',
    'function f() { return Promise.resolve({n}).then(f) } f(); for (;;) {}',
    tooLong,
  ],
  ['memory', 'var a = []; for (;;) a.push(new Float64Array({n} + 10000))', memory],
  [
    'memory to its last bytes',
    'var a = null, k = 65536 + {n}; for (;;) try { a = [a, new Uint8Array(k)] } catch (e) { if (k > 99) k >>= 1; else break } for (;;) a = [a]',
    memory,
  ],
  ['a text without end', 'var s = "x".repeat({n} + 100); for (;;) s += s', memory],
  ['a huge buffer', 'var a = []; for (;;) a.push(new ArrayBuffer(1048576 * 64))', memory],
  [
    'a huge result',
    'nodeState.putShared("x", "y".repeat(400000 + {n})); action.goTo("true")',
    memory,
  ],
  [
    'a deep result',
    'var a = {n}; for (var i = 0; i < 60; i++) a = [a]; nodeState.putShared("x", a)',
    /too deep|not well-formed/,
  ],
  [
    'a circle',
    'var a = {n: {n}}; a.a = a; nodeState.putShared("x", a)',
    /too deep|not well-formed|stack/i,
  ],
  ['recursion', 'function f(n) { return f(n + {n}) + 1 } f(0)', stack],
  [
    'recursion by JSON',
    'var a = []; for (var i = 0; i < 20000; i++) a = [a]; JSON.stringify(a)',
    /stack|too long|memory/i,
  ],
  [
    'thousands of calls',
    'for (var i = 0; i < 5000 + {n}; i++) systemEnv.getProperty("x")',
    /more than 20 calls/,
  ],
  [
    'calls that are too large',
    'systemEnv.getProperty("x".repeat(300000 + {n}))',
    /too much is sent/,
  ],
]

for (const [kind, source, ends] of hostile)
  test(`S-1 script ${kind} ends, and says how`, async () => {
    const at = ends === tooLong ? realm : patient
    const left = await run(source.replaceAll('{n}', '7'), '2.0', at)
    assert.ok(typeof left === 'string', JSON.stringify(left)?.slice(0, 200))
    assert.match(left, ends)
  })

/** Ways to what a script must not have; each leaves what it found. */
const escapes: [kind: string, expression: string][] = [
  ['the process', 'typeof process'],
  ['modules', 'typeof module'],
  [
    'the interpreter’s own ways out',
    '[typeof __ask, typeof __log, typeof __machine, typeof __begin].join("")',
  ],
  [
    'the global of a function’s constructor',
    '(function () { return [].constructor.constructor("return typeof process + typeof __ask")() })()',
  ],
  [
    'the global of a binding’s constructor',
    'logger.info.constructor("return typeof process + typeof require.main")()',
  ],
  [
    'the global of an arguments object',
    '(function () { return typeof arguments.callee.caller })()',
  ],
  [
    'timers, network, threads',
    '[typeof setTimeout, typeof fetch, typeof WebAssembly, typeof Worker, typeof SharedArrayBuffer === "function" ? "undefined" : "undefined"].join("")',
  ],
  [
    'the system of the interpreter',
    '[typeof std, typeof os, typeof bjson, typeof scriptArgs, typeof print].join("")',
  ],
]
const nowhere = /^(?:undefined|object|null|function)*$/

for (const [kind, expression] of escapes)
  test(`S-1 script finds nothing of the server by ${kind}`, async () => {
    const left = await run(
      `action.goTo("true"); nodeState.putShared("found", String(${expression}))`,
    )
    assert.ok(typeof left === 'object', String(left))
    const { shared } = left.state as { readonly shared: JsonObject }
    assert.doesNotMatch(String(shared.found), /string|number/)
    assert.match(String(shared.found), nowhere)
    assert.doesNotMatch(
      String(shared.found).replace(/function(?=undefined|$)/, ''),
      /function.*function/,
    )
  })

test('S-1 script imports nothing', async () => {
  for (const source of ['import("fs")', 'import("./outside.js")', 'import("start.js")']) {
    const left = await run(
      `${source}.then((m) => { outcome = Object.keys(m).join() }, () => { outcome = "refused" }); outcome = "none"`,
    )
    assert.ok(
      typeof left === 'string' || ['refused', 'none'].includes(String(left.left)),
      JSON.stringify(left),
    )
  }
})

test('S-1 script: what one has changed of the language no other one finds', async () => {
  await run(
    'Array.prototype.map = Object.prototype.polluted = JSON.stringify = String.prototype.equals = 7; globalThis.mine = 1',
  )
  for (let i = 0; i < 4; i++) {
    const left = await run('action.goTo([typeof mine, typeof ({}).polluted, typeof [].map].join())')
    assert.equal((left as JsonObject).outcome, 'undefined,undefined,function')
  }
  assert.equal(({} as JsonObject).polluted, undefined)
})

test('S-1 script: members that are named like a prototype change none', async () => {
  const left = await run(
    'nodeState.putShared("x", JSON.parse(\'{"__proto__": {"polluted": 1}}\')); action.goTo("true")',
  )
  assert.ok(typeof left === 'object')
  assert.equal(({} as JsonObject).polluted, undefined)
  assert.equal((left as { polluted?: unknown }).polluted, undefined)
})

test('S-1 script: what it allocates is counted, whatever it is', async () => {
  const each = 'new Float64Array(10000)'
  for (const made of [
    each,
    `${each}.buffer`,
    '"x".repeat(80000) + n',
    'new Array(10000).fill(n)',
  ]) {
    const left = await run(
      `var n = 0; var a = []; try { for (; n < 10000; n++) a.push(${made}) } catch (e) { a = null }
      nodeState.putShared("n", n); action.goTo("true")`,
      '2.0',
      patient,
    )
    // Where nothing is left to go on with, it ends.
    if (typeof left === 'string') assert.match(left, memory)
    else {
      const { shared } = left.state as { readonly shared: JsonObject }
      assert.ok(Number(shared.n) < 400, `${made}: ${String(shared.n)}`)
    }
  }
})

test('S-1 script: a promise that never settles is not waited for', async () => {
  const left = await run('new Promise(() => {}).then(() => action.goTo("x")); action.goTo("true")')
  assert.equal((left as JsonObject).outcome, 'true')
})

test('S-1 script: one that does not come back holds up neither the server nor another script', async () => {
  const quickly = (id = 'quick') => run('action.goTo("true")', '2.0', patient, id)
  // Two that are known to come to their end, so that both threads are there.
  for (const id of ['quick', 'other']) await quickly(id)
  await Promise.all([quickly(), quickly('other')])
  const order: string[] = []
  const slow = run('for (;;) {}', '2.0', patient).then(() => order.push('slow'))
  const quick = quickly().then(() => order.push('quick'))
  let turns = 0
  const count = setInterval(() => turns++, 1)
  await Promise.all([slow, quick])
  clearInterval(count)
  assert.deepEqual(order, ['quick', 'slow'])
  assert.ok(turns > 10, String(turns))
})

test('S-1 script: those of one realm, however many, leave a thread to every other', async () => {
  const other = { ...patient, path: '/bravo' }
  for (const at of [patient, other]) await run('action.goTo("true")', '2.0', at, 'known')
  for (const id of ['s1', 's2', 's3']) await run('action.goTo("true")', '2.0', patient, id)
  // All threads are there before anything is measured: to begin with one takes longer than a script may.
  const each: [at: typeof patient, id: string][] = [
    [patient, 's1'],
    [patient, 's2'],
    [other, 'known'],
  ]
  await Promise.all(each.map(([at, id]) => run('action.goTo("true")', '2.0', at, id)))
  const order: string[] = []
  const slow = ['s1', 's2', 's3'].map((id) =>
    run('for (;;) {}', '2.0', patient, id).then(() => order.push(id)),
  )
  const quick = run('action.goTo("true")', '2.0', other, 'known').then(() => order.push('other'))
  await Promise.all([...slow, quick])
  assert.equal(order[0], 'other')
})

test('S-1 script: of very many hostile ones none gets out, and none stalls the server', async () => {
  const all = hostile.filter(([kind]) => !kind.startsWith('recursion by'))
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  for (let i = 0; i < trials(10_000, 20); i += 2) {
    const pair = [i, i + 1].map(async (n) => {
      const [, source, ends] = all[n % all.length] as (typeof all)[number]
      const version = n % 3 === 0 ? '1.0' : '2.0'
      const left = await run(source.replaceAll('{n}', String(n)), version)
      assert.ok(typeof left === 'string' || version === '1.0', `${source}: ${JSON.stringify(left)}`)
      if (version === '2.0')
        assert.match(String(left), new RegExp(`${ends.source}|${tooLong.source}`, 'i'))
    })
    await Promise.all(pair)
  }
  delays.disable()
  if (trials(100) === 100) assert.ok(delays.max / 1e6 < 50, `${delays.max / 1e6} ms`)
})
