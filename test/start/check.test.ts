import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/base/json.ts'
import { startProblems, withRealms } from '../../src/maintain.ts'
import { allRealms } from '../../src/realm/realms.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { directory, fingerprint } from './refused.ts'

const administrator = { username: 'amadmin', userpassword: 'a long pass phrase', roles: ['admin'] }
const references = { env: () => undefined, file: () => '' }

test('house: check tries the document where nothing is stored: what it makes is there for what is asked next', async (t) => {
  const data = await directory(t)
  const { settings } = readServerSettings({ PARAPET_DATA: data })
  assert.ok(settings)
  const check = (document: JsonObject) =>
    startProblems(settings, { parts: [{ file: 'p.yaml', document }], references })
  const wrong = { path: '/', users: [administrator, { username: 'ann', mail: 7 }] }
  const both = async (): Promise<void> => {
    assert.match((await startProblems(settings))[0] ?? '', /no administrator yet/)
    assert.deepEqual(await check({ realms: [{ path: '/', users: [administrator] }] }), [])
    const [first, ...more] = await check({ port: 8080, realms: [wrong] })
    assert.match(first ?? '', /^p\.yaml: realms\[0\]\.users\[1\]\.mail/)
    assert.deepEqual(more, [])
  }
  await both()
  assert.deepEqual(await fingerprint(data), {})
  const paths = (): Promise<readonly string[]> =>
    withRealms(settings, 'refuse', async (world) =>
      (await allRealms(world.settings)).map(({ record }) => record.path),
    )
  await assert.rejects(paths(), /there is no store at/)
  await withRealms(settings, 'make', async () => undefined)
  assert.deepEqual(await paths(), ['/', '/alpha', '/bravo'])
  await both()
  await withRealms(settings, 'refuse', async ({ settings: store }) => {
    assert.deepEqual((await store.list('user/%2F', 10)).keys, [])
  })
})
