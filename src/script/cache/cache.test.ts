import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import { endingIn, keepIn, scripting, writeScript } from '../../../test/scripts.ts'
import type { JsonObject } from '../../base/json.ts'

const { alpha, root, clock } = await people()
const realm = scripting(alpha, { computing: 1000, calls: 500 })
const ends = endingIn(realm)
const service = 'realm-config/services/cache-manager'

const loading = await writeScript(realm, {
  context: 'CACHE_LOADER',
  source: `function load(key) { logger.info("load"); return { of: key.a, big: "x".repeat(key.size || 1) } }
    function reload(key, before) { logger.info("reload"); return { of: before.of + "+" } }`,
})

async function configured(name: string, settings: JsonObject = {}): Promise<void> {
  await keepIn(realm, service, { enabled: true })
  await keepIn(realm, `${service}/caches/${name}`, {
    ...{
      script: loading,
      evictionPolicy: 'EXPIRE_AFTER_WRITE',
      durationUnit: 'MINUTES',
      evictionPeriod: 1,
    },
    ...settings,
  })
}

/** Runs a script that leaves a text; that text, and how often something was loaded. */
async function told(expression: string): Promise<readonly [text: unknown, ...loads: unknown[]]> {
  const { state, events, reason } = await ends(
    `nodeState.putShared("told", String(${expression})); action.goTo("true")`,
  )
  const loads = events.filter(({ name }) => name === 'script.log').map(({ fields }) => fields.text)
  return [reason ?? state.shared.told, ...loads]
}

test('PingAM: cacheManager loads what is not there, and knows it until it is over or taken away', async () => {
  assert.deepEqual(await told('cacheManager.exists("one") + "" + cacheManager.named("one")'), [
    'falsenull',
  ])
  await configured('one')
  const get = 'cacheManager.named("one").get({a: "x", b: 1}).of'
  assert.deepEqual(await told(`cacheManager.exists("one") + ${get}`), ['truex', 'load'])
  assert.deepEqual(await told('cacheManager.named("one").get({b: 1, a: "x"}).of'), ['x'])
  clock.now += 61
  assert.deepEqual(await told(get), ['x', 'load'])
  assert.deepEqual(await told(`cacheManager.named("one").invalidate({a: "x", b: 1}) + ${get}`), [
    'undefinedx',
    'load',
  ])
  assert.deepEqual(await told(`cacheManager.named("one").invalidateAll() + ${get}`), [
    'undefinedx',
    'load',
  ])
  assert.deepEqual(await told('cacheManager.named("one").refresh({a: "x", b: 1}).of'), [
    'x+',
    'reload',
  ])
  assert.deepEqual(await told(get), ['x+'])
})

test('PingAM: a cache that refreshes asks its script with what it had, one that never ends keeps it, one switched off nothing', async () => {
  await configured('two', { evictionPolicy: 'REFRESH_AFTER_WRITE' })
  await configured('three', { evictionPolicy: 'NEVER' })
  for (const name of ['two', 'three']) await told(`cacheManager.named("${name}").get({a: "y"}).of`)
  clock.now += 61
  assert.deepEqual(await told('cacheManager.named("two").get({a: "y"}).of'), ['y+', 'reload'])
  assert.deepEqual(await told('cacheManager.named("three").get({a: "y"}).of'), ['y'])
  await keepIn(realm, service, { enabled: false })
  await keepIn(realm, `${service}/caches/off`, { script: loading })
  for (let i = 0; i < 2; i++)
    assert.deepEqual(await told('cacheManager.named("off").get({a: "z"}).of'), ['z', 'load'])
})

test('S-1 a cache has no more than its bounds, and what another realm has put there is none of it', async () => {
  await configured('five')
  for (let i = 0; i < 2; i++)
    assert.deepEqual(await told('cacheManager.named("five").get({a: "big", size: 6000}).of'), [
      'big',
      'load',
    ])
  const all = await told(
    '(function () { var c = cacheManager.named("five"); for (var i = 0; i < 100; i++) c.get({a: "n" + i, size: 4900}); return "done" })()',
  )
  assert.equal(all[0], 'done')
  const other = endingIn(scripting(root, { calls: 500 }))
  const { state } = await other(
    'nodeState.putShared("told", cacheManager.exists("five")); action.goTo("true")',
  )
  assert.equal(state.shared.told, false)
})

test('S-1 a cache whose script cannot load says so, and keeps nothing', async () => {
  await configured('six', { script: 'none' })
  const [reason] = await told('cacheManager.named("six").get({a: 1})')
  assert.match(String(reason), /the cache has no script that loads it/)
})
