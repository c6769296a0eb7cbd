import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { format } from '../../src/store/sqlite/format.ts'
import {
  ask,
  codeOf,
  codeParameters,
  cookieOf,
  logIn,
  open,
  pushed,
  refreshParameters,
  visit,
} from '../party.ts'
import { type RunningServer, startServer } from '../server.ts'
import { refusal } from '../start/refused.ts'
import { freePorts, jsonOf, type Wire, wire } from '../wire.ts'
import { fixtures } from './fixture.ts'
import { commitOf, needsCommit, treeOf } from './older.ts'

const baseUrl = 'https://as.localhost:8443'

interface Version {
  start(): Promise<{ readonly w: Wire; readonly server: RunningServer }>
  /** Tries to start, which must fail; gives the line that says why. */
  refusal(): Promise<string>
}

/** A version on a data directory: the one of a tree, or the one that lies here. */
function version(t: TestContext, data: string, root?: string): Version {
  const tree = root === undefined ? {} : { root }
  const attempt = { demo: true, data, ...tree }
  return {
    async start() {
      const [port = 0] = await freePorts(1)
      const env = { PORT: String(port), PARAPET_BASE_URL: baseUrl }
      const server = await startServer({ ...attempt, env })
      const w = wire(port, baseUrl)
      t.after(async () => {
        w.close()
        await server.stop()
      })
      return { w, server }
    },
    refusal: () => refusal(attempt),
  }
}

function formatOf(data: string): number {
  const db = new DatabaseSync(join(data, 'records.db'))
  try {
    return Number(db.prepare('PRAGMA user_version').get()?.user_version)
  } finally {
    db.close()
  }
}

/** What one begins the other goes on with, at every step. */
async function assertOneStore(a: Wire, b: Wire): Promise<void> {
  const cookie = cookieOf(await logIn(a))
  const code = codeOf(await visit(b, open, await pushed(a, open), cookie))
  assert.ok(code, 'pushed here, opened there, with a session of here')
  const tokens = jsonOf(await ask(a, open, '/access_token', codeParameters(code)))
  const refresh = refreshParameters(String(tokens.refresh_token))
  assert.ok(jsonOf(await ask(b, open, '/access_token', refresh)).access_token)
  const again = await ask(b, open, '/access_token', codeParameters(code))
  assert.match(again.text, /invalid_grant/)
}

const commits = ['HEAD^', ...fixtures.map(({ commit }) => commit)]

for (const name of commits) {
  test(`house: beside a server of ${name.slice(0, 7)} this one serves the same store, or refuses and says what to do`, {
    ...needsCommit(name),
    timeout: 120_000,
  }, async (t) => {
    const tree = treeOf(commitOf(name) ?? name)
    const data = mkdtempSync(join(tmpdir(), 'parapet-beside-'))
    const [older, newer] = [version(t, data, tree.root), version(t, data)]
    const first = await older.start()
    t.after(() => {
      tree.remove()
      rmSync(data, { recursive: true, force: true })
    })
    const kept = await pushed(first.w, open)
    if (formatOf(data) === format) {
      const second = await newer.start()
      await assertOneStore(first.w, second.w)
      await assertOneStore(second.w, first.w)
      return
    }
    assert.match(
      await newer.refusal(),
      /settings\.db: an older parapet serves it in an older format: stop that one first, then start this one/,
    )
    await assertOneStore(first.w, first.w)
    await first.server.stop()
    const { w } = await newer.start()
    assert.ok(codeOf(await visit(w, open, kept, cookieOf(await logIn(w)))))
    await assertOneStore(w, w)
    // The way back is refused by the version before, which names the number.
    assert.match(await older.refusal(), new RegExp(`(layout|format) ${format}\\b`))
    await assertOneStore(w, w)
  })
}
