import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { random } from '../../base/random.ts'
import { delay, now } from '../../base/time.ts'
import type { WriterPlace } from '../backend.ts'
import { never, type Store, StoreUnavailable } from '../store.ts'
import { stateOf } from './format.ts'
import { readMark } from './mark.ts'
import { sqliteStore } from './sqlite.ts'

const script = fileURLToPath(new URL('./process.suite.ts', import.meta.url))
const places: readonly WriterPlace[] = ['here', 'thread']

function newFile(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-process-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return join(path, 'records.db')
}

function opened(t: TestContext, file: string, writer: WriterPlace): Store {
  const store = sqliteStore({ file, now, random, writer })
  t.after(() => store.close())
  return store
}

interface Peer {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<unknown>
  /** The next line it says; undefined when it has ended. */
  line(): Promise<string | undefined>
  ask(line: string): Promise<string | undefined>
}

/** Another process on the file; `limit` is the size no file of it may exceed (512-byte blocks). */
function peer(t: TestContext, file: string, place: string, command: string, limit?: number): Peer {
  const args = [process.execPath, script, file, place, command]
  const child =
    limit === undefined
      ? spawn(args[0] ?? '', args.slice(1))
      : spawn('sh', ['-c', `ulimit -f ${limit} && exec "$@"`, 'sh', ...args])
  child.stderr.pipe(process.stderr)
  t.after(() => child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const line = async (): Promise<string | undefined> => (await lines.next()).value
  return {
    child,
    ended: once(child, 'exit'),
    line,
    ask(text) {
      child.stdin.write(`${text}\n`)
      return line()
    },
  }
}

test('sqlite: four processes make one file at once', async (t) => {
  const file = newFile(t)
  const peers = [1, 2, 3, 4].map(() => peer(t, file, 'here', 'open'))
  await Promise.all(peers.map((one) => one.line()))
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(peers.map((one) => one.ask(`${file}${round}`)))
    assert.deepEqual(answers, ['opened', 'opened', 'opened', 'opened'])
  }
})

test('sqlite: four processes lead one file of an older format on at once', async (t) => {
  const file = newFile(t)
  const peers = [1, 2, 3, 4].map(() => peer(t, file, 'here', 'open'))
  await Promise.all(peers.map((one) => one.line()))
  for (let round = 0; round < 5; round += 1) {
    const db = new DatabaseSync(`${file}${round}`)
    db.exec(`PRAGMA journal_mode = WAL; CREATE TABLE records (key TEXT PRIMARY KEY, version INTEGER NOT NULL,
      expiry INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID; PRAGMA user_version = 1`)
    db.close()
    const answers = await Promise.all(peers.map((one) => one.ask(`${file}${round}`)))
    assert.deepEqual(answers, ['opened', 'opened', 'opened', 'opened'])
  }
})

for (const place of places) {
  test(`sqlite, written ${place}: of 64 writes in two processes one wins`, async (t) => {
    const file = newFile(t)
    const store = opened(t, file, 'here')
    const peers = [peer(t, file, 'here', 'race'), peer(t, file, place, 'race')]
    await Promise.all(peers.map((one) => one.line()))
    const race = async (line: string): Promise<void> => {
      const won = await Promise.all(peers.map((one) => one.ask(line)))
      assert.equal(
        won.reduce((sum, n) => sum + Number(n), 0),
        1,
        line,
      )
    }
    for (let round = 0; round < 10; round += 1) {
      await race(`insert k${round}`)
      await race(`replace k${round} ${(await store.get(`k${round}`))?.version}`)
      await race(`delete k${round}`)
      await race(`mark m${round}`)
      assert.equal((await store.list(`m${round}`, 64)).keys.length, 1)
    }
    const db = new DatabaseSync(file)
    assert.equal(readMark(file)?.commits, stateOf(db).commits, 'who wrote last noted the last')
    db.close()
  })

  test(`sqlite, written ${place}: the stamp tells what another process wrote`, async (t) => {
    const file = newFile(t)
    const store = opened(t, file, place)
    const other = peer(t, file, place, 'race')
    await other.line()
    for (let round = 0; round < 20; round += 1) {
      const before = await store.changeCount()
      assert.equal(await store.changeCount(), before)
      assert.equal(await other.ask(`insert k${round}`), '1')
      await delay(2)
      assert.notEqual(await store.changeCount(), before)
      assert.equal((await store.get(`k${round}`))?.value.toString(), 'value')
    }
  })

  test(`sqlite, written ${place}: a store that is open keeps its lock on the file`, async (t) => {
    const file = newFile(t)
    const store = opened(t, file, place)
    for (const key of ['a', 'b']) {
      await store.insert(key, Buffer.from('value'), never)
      assert.equal(await peer(t, file, place, 'lock').line(), 'not alone')
      assert.ok(await store.get(key))
    }
    await store.close()
    assert.equal(await peer(t, file, place, 'lock').line(), 'alone')
  })

  test(`sqlite, written ${place}: kill -9 under load loses no acknowledged write`, async (t) => {
    const file = newFile(t)
    for (let round = 0; round < 3; round += 1) {
      const victim = peer(t, file, place, 'load')
      const acknowledged: string[] = []
      for (let key = await victim.line(); key !== undefined; key = await victim.line()) {
        acknowledged.push(key)
        if (acknowledged.length === 300) victim.child.kill('SIGKILL')
      }
      await victim.ended
      assert.equal(victim.child.signalCode, 'SIGKILL')
      const store = opened(t, file, place)
      for (const key of acknowledged) {
        assert.match((await store.get(key))?.value.toString() ?? '', /^other/)
        assert.ok(await store.get(`${key}/mark`))
      }
      await store.close()
      const db = new DatabaseSync(file)
      assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok'])
      db.close()
    }
  })

  test(`sqlite, written ${place}: a failed COMMIT rejects its whole group only`, async (t) => {
    const file = newFile(t)
    const full = peer(t, file, place, 'fill', 4096)
    const outcomes = new Map<string, string>()
    let read: string | undefined
    while (read === undefined) {
      const [key = '', outcome = ''] = (await full.line())?.split(' ') ?? ['read', 'ended']
      if (key === 'read') read = outcome
      else outcomes.set(key, outcome)
    }
    assert.equal(read, '2000', 'reading goes on')
    const store = opened(t, file, place)
    for (const [key, outcome] of outcomes) {
      assert.equal((await store.get(key)) !== undefined, outcome === 'won', `${key} ${outcome}`)
    }
    const failed = [...outcomes].filter(([, outcome]) => outcome === 'unavailable')
    assert.equal(failed.length, 20)
    assert.equal(new Set(failed.map(([key]) => key.split('/')[0])).size, 1, 'one group')
    assert.ok(outcomes.size >= 200)
    // The process whose COMMIT failed still runs, and holds no lock.
    assert.equal(await store.insert(failed[0]?.[0] ?? '', Buffer.from('value'), never), 'won')
  })

  test(`sqlite, written ${place}: a lock that another holds delays the write alone`, async (t) => {
    const file = newFile(t)
    const store = opened(t, file, place)
    await store.insert('first', Buffer.from('value'), never)
    const holder = peer(t, file, place, 'hold')
    await holder.line()
    assert.equal(await holder.ask('hold'), 'held')
    let written = false
    const write = store.insert('k', Buffer.from('value'), never).finally(() => {
      written = true
    })
    // Far more turns than there would be if each try to write held up those who read.
    for (let turns = 0; turns < 100; turns += 1) {
      await delay(1)
      assert.equal((await store.get('first'))?.value.toString(), 'value')
    }
    assert.equal(written, false)
    assert.equal(await holder.ask('release'), 'free')
    assert.equal(await write, 'won')
  })
}

test('sqlite: a lock held for longer than three seconds makes the store unavailable', async (t) => {
  const file = newFile(t)
  const store = opened(t, file, 'here')
  const holder = peer(t, file, 'here', 'hold')
  await holder.line()
  assert.equal(await holder.ask('hold'), 'held')
  const writes = [1, 2].map((i) => store.insert(`k${i}`, Buffer.from('value'), never))
  for (const write of writes) await assert.rejects(write, StoreUnavailable)
  assert.equal(await holder.ask('release'), 'free')
  assert.equal(await store.insert('k1', Buffer.from('value'), never), 'won')
  holder.child.stdin.end()
  await holder.ended
  assert.equal(await store.get('k2'), undefined)
})
