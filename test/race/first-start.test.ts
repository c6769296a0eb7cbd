import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { openStores, type Stores } from '../../src/store/index.ts'
import { ask, closed, logIn, oauth2, pushParameters } from '../party.ts'
import { trials } from '../scale.ts'
import { adminPassword, type RunningServer, startServer } from '../server.ts'
import { freePorts, jsonOf, type Wire, wire } from '../wire.ts'
import { baseUrl } from './pair.ts'

const rounds = trials(20)

/** Starts servers on one new directory at once, looks at them, and at what they left. */
async function startTogether(
  env: Readonly<Record<string, string>>,
  look: (servers: readonly RunningServer[], wires: readonly Wire[]) => Promise<void>,
  lookAt: (stores: Stores, data: string) => Promise<void>,
  count = 2,
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-first-'))
  const servers: RunningServer[] = []
  try {
    const ports = await freePorts(count)
    const started = ports.map(async (port) => {
      const own = { PORT: String(port), PARAPET_BASE_URL: baseUrl, PARAPET_LOG_LEVEL: 'alarm' }
      servers.push(await startServer({ demo: true, data, env: { ...own, ...env } }))
    })
    for (const { reason } of await Promise.allSettled(started).then(failures)) throw reason
    const wires = ports.map((port) => wire(port, baseUrl))
    await look(servers, wires)
    for (const each of wires) each.close()
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
  const stores = await openStores({ url: `sqlite:${data}`, keyText: undefined, now, random })
  await lookAt(stores, data)
  await stores.close()
  await rm(data, { recursive: true, force: true })
}

function failures(
  results: readonly PromiseSettledResult<void>[],
): readonly PromiseRejectedResult[] {
  return results.filter((result) => result.status === 'rejected')
}

async function same(wires: readonly Wire[], path: string): Promise<Record<string, unknown>> {
  const texts = await Promise.all(wires.map(async (w) => (await w.call('GET', path)).text))
  assert.equal(new Set(texts).size, 1)
  return JSON.parse(texts[0] as string)
}

async function count({ settings }: Stores, folder: string): Promise<number> {
  return (await settings.list(folder, 100)).keys.length
}

/** One of everything, however many processes began; keys only in realms that were asked for theirs. */
async function oneOfEach(stores: Stores, data: string, asked: readonly string[]): Promise<void> {
  assert.equal(await count(stores, 'realm'), 3)
  for (const realm of ['%2F', '%2Falpha', '%2Fbravo']) {
    assert.equal(await count(stores, `key/${realm}`), asked.includes(realm) ? 6 : 0, 'keys')
    assert.equal(await count(stores, `user/${realm}`), 1, 'accounts')
    assert.equal(await count(stores, `username/${realm}`), 1, 'names')
    assert.equal(await count(stores, `client/${realm}`), realm === '%2F' ? 0 : 2, 'clients')
  }
  const files = (await readdir(data)).filter((name) => !/-(wal|shm)$/.test(name))
  assert.deepEqual(files.sort(), [
    'parapet.key',
    'records.db',
    'records.mark',
    'settings.db',
    'settings.mark',
  ])
}

for (let round = 1; round <= rounds; round++) {
  test(`T-1 four processes start on an empty directory: one set of keys (${round}/${rounds})`, () =>
    startTogether(
      {},
      async (_, wires) => {
        for (const realm of ['/realms/root', '/realms/root/realms/alpha']) {
          const { keys } = await same(wires, `/am/oauth2${realm}/connect/jwk_uri`)
          assert.equal((keys as unknown[]).length, 6)
        }
        await same(wires, `${oauth2}/.well-known/openid-configuration`)
        for (const w of wires) {
          jsonOf(await ask(w, closed, '/par', pushParameters), 201)
          await logIn(w)
          await logIn(w, ['amadmin', adminPassword], '/am/json/realms/root')
        }
      },
      (stores, data) => oneOfEach(stores, data, ['%2F', '%2Falpha']),
      4,
    ))
}

test('two processes start on an empty directory: one of them says the password it made', () => {
  let password = ''
  return startTogether(
    { PARAPET_ADMIN_PASSWORD: '' },
    async (servers, wires) => {
      const said = servers.flatMap((server) => /amadmin \/ (\S+)/.exec(server.said)?.[1] ?? [])
      assert.equal(said.length, 1)
      password = said[0] as string
      for (const w of wires) await logIn(w, ['amadmin', password], '/am/json/realms/root')
    },
    async (stores, data) => {
      await oneOfEach(stores, data, [])
      const server = await startServer({ demo: true, data, env: { PARAPET_ADMIN_PASSWORD: '' } })
      const { port } = new URL(server.origin)
      await logIn(wire(Number(port)), ['amadmin', password], '/am/json/realms/root')
      assert.doesNotMatch(server.said, /amadmin/)
      assert.equal(await server.stop(), 0)
    },
  )
})
