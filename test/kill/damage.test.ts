import assert from 'node:assert/strict'
import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { ask, closed, pushed, pushParameters, visit } from '../party.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { type Started, start } from './restart.ts'

async function started(t: TestContext): Promise<Started & { readonly data: string }> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-damage-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  return { ...(await startedOn(t, data)), data }
}

async function startedOn(t: TestContext, data: string): Promise<Started> {
  const running = await start(data)
  t.after(async () => {
    running.w.close()
    await running.server.stop()
  })
  return running
}

async function readiness(w: Wire): Promise<number> {
  return (await w.call('GET', '/am/json/health/ready')).status
}

/** Asks until the answer is there; the test's own time limit ends what never comes. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await delay(20)
}

const replaced: Readonly<Record<string, (file: string) => Promise<void>>> = {
  deleted: (file) => rm(file),
  'another one': async (file) => {
    await writeFile(`${file}.new`, await readFile(file))
    await rename(`${file}.new`, file)
  },
}

for (const [how, spoil] of Object.entries(replaced)) {
  for (const name of how === 'deleted' ? ['records.db', 'settings.db'] : ['records.db']) {
    test(`house: ${name} is ${how} while a server runs: not ready, an alarm, and nothing more is promised`, {
      timeout: 120_000,
    }, async (t) => {
      const { server, w, data } = await started(t)
      jsonOf(await ask(w, closed, '/par', pushParameters), 201)
      await spoil(join(data, name))
      await until(async () => (await readiness(w)) === 503)
      if (!name.startsWith('settings')) {
        const answer = await ask(w, closed, '/par', pushParameters)
        assert.equal(answer.status, 503, answer.text)
        assert.ok(answer.headers['retry-after'])
      }
      await until(async () => server.alarms.length > 0)
      assert.match(String(server.alarms), new RegExp(`"store.replaced".*${name}`))
      assert.equal(server.alarms.length, 1, 'one alarm, however many requests')
    })
  }
}

test('house: a file that comes back is served on', { timeout: 120_000 }, async (t) => {
  const { w, data } = await started(t)
  const [file, elsewhere] = [join(data, 'records.db'), join(data, 'elsewhere')]
  await rename(file, elsewhere)
  await until(async () => (await readiness(w)) === 503)
  await rename(elsewhere, file)
  await until(async () => (await readiness(w)) === 200)
  jsonOf(await ask(w, closed, '/par', pushParameters), 201)
})

/** Writes over all records of a database, and has whoever holds it read the file anew. */
async function spoilPages(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  const { size } = await handle.stat()
  // What tables there are, where the records begin, and the state of the file stay.
  const from = 3 * 4096
  await handle.write(Buffer.alloc(size - from, 0xa5), 0, size - from, from)
  await handle.close()
  const db = new DatabaseSync(file)
  db.exec('UPDATE state SET commits = commits + 1')
  db.close()
}

test('T-3 pages that cannot be read: 503, not ready, one alarm, and it is no bug', {
  timeout: 120_000,
}, async (t) => {
  const first = await started(t)
  const uris: string[] = []
  for (let i = 0; i < 100; i += 1) uris.push(await pushed(first.w, closed))
  await first.server.stop()
  const { server, w } = await startedOn(t, first.data)
  await spoilPages(join(first.data, 'records.db'))
  const statuses = new Set<number>()
  for (const uri of uris) statuses.add((await visit(w, closed, uri, undefined)).status)
  // The first page of the records still holds a few.
  assert.ok(statuses.delete(503), [...statuses].join())
  for (const status of statuses) assert.equal(status, 302)
  assert.equal(await readiness(w), 503)
  await until(async () => server.alarms.length > 0)
  assert.equal(server.alarms.length, 1, String(server.alarms))
  assert.match(String(server.alarms), /"store.damaged".*records/)
})
