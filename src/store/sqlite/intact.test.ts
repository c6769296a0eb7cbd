import assert from 'node:assert/strict'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { acceptStores } from '../accept.ts'
import { openStores, type Stores } from '../index.ts'
import { never } from '../store.ts'

const value = Buffer.alloc(500, 'value')

/** What a server that was killed leaves: it had been told of every commit. */
interface Left {
  readonly directory: string
  /** The same, some commits earlier. */
  readonly earlier: string
  file(name: string): string
}

function url(directory: string): string {
  return `sqlite:${directory}`
}

function open(directory: string): Promise<Stores> {
  return openStores({ url: url(directory), now, random, writer: 'here' })
}

/** Writes a store and copies its files as they lie there while it is open, as kill -9 would leave them. */
async function left(t: TestContext): Promise<Left> {
  const root = mkdtempSync(join(tmpdir(), 'parapet-intact-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const live = join(root, 'live')
  const stores = await open(live)
  t.after(() => stores.close())
  const directory = join(root, 'left')
  const earlier = join(root, 'earlier')
  for (let i = 0; i < 40; i += 1) {
    if (i === 20) copy(live, earlier)
    await stores.records.insert(`r${i}`, value, never)
    await stores.settings.insert(`s/${i}`, value, never)
  }
  copy(live, directory)
  return { directory, earlier, file: (name) => join(directory, name) }
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('-shm') })
}

function cut(file: string, keep: number): void {
  truncateSync(file, Math.floor(statSync(file).size * keep))
}

function change(file: string, at: number, length: number): void {
  const bytes = readFileSync(file)
  const from = Math.floor(bytes.length * at)
  bytes.fill(0xa5, from, from + length)
  writeFileSync(file, bytes)
}

/** Moves the log into the database, as a server that stops does. */
async function settled({ directory }: Left): Promise<void> {
  await (await open(directory)).close()
}

type Spoil = (left: Left, shelf: string) => void | Promise<void>

const spoiled: Readonly<Record<string, readonly [spoil: Spoil, said: RegExp]>> = {
  'whose log was cut': [
    ({ file }, shelf) => cut(file(`${shelf}.db-wal`), 0.5),
    /holds \d+ commits, and 4\d were acknowledged/,
  ],
  'whose log lost its last page': [
    ({ file }, shelf) => cut(file(`${shelf}.db-wal`), 0.99),
    /commits, and 4\d were acknowledged/,
  ],
  'whose log is gone': [
    ({ file }, shelf) => rmSync(file(`${shelf}.db-wal`)),
    /holds 0 commits, and 4\d were acknowledged|no such table|malformed|acknowledged/,
  ],
  'whose log has wrong bytes': [
    ({ file }, shelf) => change(file(`${shelf}.db-wal`), 0.7, 16),
    /commits, and 4\d were acknowledged/,
  ],
  'that is an older copy': [
    ({ file, earlier }, shelf) => {
      for (const end of ['.db', '.db-wal'])
        copyFileSync(join(earlier, shelf + end), file(shelf + end))
    },
    /holds 2\d commits, and 4\d were acknowledged/,
  ],
  'with a page of something else': [
    async (left, shelf) => {
      await settled(left)
      change(left.file(`${shelf}.db`), 0.5, 4096)
    },
    /is not as it was left|malformed/,
  ],
  'that was cut': [
    async (left, shelf) => {
      await settled(left)
      cut(left.file(`${shelf}.db`), 0.5)
    },
    /malformed/,
  ],
  'that is no database': [
    async (left, shelf) => {
      await settled(left)
      change(left.file(`${shelf}.db`), 0, 200)
    },
    /file is not a database/,
  ],
  'without its mark': [
    ({ file }, shelf) => rmSync(file(`${shelf}.mark`)),
    /\.mark is missing or cut off/,
  ],
  'whose mark was cut': [
    ({ file }, shelf) => cut(file(`${shelf}.mark`), 0.5),
    /\.mark is missing or cut off/,
  ],
}

const beyondHelp = new Set(['with a page of something else', 'that was cut', 'that is no database'])

for (const shelf of ['records', 'settings']) {
  for (const [name, [spoil, said]] of Object.entries(spoiled)) {
    test(`stores: a ${shelf} file ${name} is not served until a command accepts it`, async (t) => {
      const found = await left(t)
      await spoil(found, shelf)
      for (const _ of [1, 2]) {
        await assert.rejects(open(found.directory), (error: Error) => {
          assert.match(error.message, said)
          assert.ok(error.message.startsWith(found.file(`${shelf}.db`)))
          assert.match(error.message, /parapet accept-store/)
          return true
        })
      }
      const accept = () => acceptStores({ url: url(found.directory), now, random }, false)
      if (shelf === 'settings' && beyondHelp.has(name)) {
        await assert.rejects(
          accept,
          /settings\.db is damaged .*: bring it back from a backup first/,
        )
        return
      }
      assert.match(
        (await accept()).join('\n'),
        /records\.db: not read, .*\nWhatever had been issued is void/,
      )
      const stores = await open(found.directory)
      t.after(() => stores.close())
      for (let i = 0; i < 40; i += 1) assert.equal(await stores.records.get(`r${i}`), undefined)
      if (shelf === 'records') assert.ok(await stores.settings.get('s/39'))
      assert.ok(Math.abs(stores.accepted - now()) < 60)
    })
  }
}

test('stores: what kill -9 or loss of power leaves is served as it is', async (t) => {
  const found = await left(t)
  // The mark may be behind, for it is not forced onto the disk.
  for (const shelf of ['records', 'settings'])
    copyFileSync(join(found.earlier, `${shelf}.mark`), found.file(`${shelf}.mark`))
  const stores = await open(found.directory)
  t.after(() => stores.close())
  assert.ok(await stores.records.get('r39'))
  assert.equal(stores.accepted, 0)
})

test('stores: records that are gone beside their settings are not begun anew until a command accepts it', async (t) => {
  const found = await left(t)
  await settled(found)
  rmSync(found.file('records.db'))
  rmSync(found.file('records.mark'))
  await assert.rejects(open(found.directory), /records\.db is not as it was left: it is missing/)
  assert.equal(existsSync(found.file('records.db')), false)
  const options = { url: url(found.directory), now, random }
  await assert.rejects(acceptStores(options, true), /there are no records to keep/)
  await acceptStores(options, false)
  const stores = await open(found.directory)
  t.after(() => stores.close())
  assert.equal(await stores.records.get('r1'), undefined)
  assert.ok(await stores.settings.get('s/39'))
})

test('stores: an operator may keep the records, and then everything issued goes on', async (t) => {
  const found = await left(t)
  cut(found.file('records.db-wal'), 0.5)
  const said = await acceptStores({ url: url(found.directory), now, random }, true)
  assert.match(said.join('\n'), /All records are kept/)
  const stores = await open(found.directory)
  t.after(() => stores.close())
  assert.ok(await stores.records.get('r0'))
  assert.equal(await stores.records.get('r39'), undefined)
  assert.equal(stores.accepted, 0)
})

test('stores: what was set aside does not pass for the store again', async (t) => {
  const found = await left(t)
  const options = { url: url(found.directory), now, random }
  await acceptStores(options, false)
  const aside = readdirSync(found.directory).find((name) => /set-aside-\d+\.db$/.test(name)) ?? ''
  copyFileSync(found.file(aside), found.file('records.db'))
  copyFileSync(found.file(`${aside}-wal`), found.file('records.db-wal'))
  await assert.rejects(open(found.directory), /records\.mark belongs to another file/)
  await acceptStores(options, true)
  const stores = await open(found.directory)
  t.after(() => stores.close())
  assert.ok(await stores.records.get('r39'))
})

test('stores: nothing is accepted while a server runs on the store', async (t) => {
  const found = await left(t)
  const stores = await open(found.directory)
  const accept = () => acceptStores({ url: url(found.directory), now, random }, false)
  await assert.rejects(
    accept,
    /settings\.db is open in a server: stop all that run on this store first/,
  )
  assert.ok(await stores.records.get('r39'))
  await stores.close()
  await accept()
  await assert.rejects(
    acceptStores({ url: 'memory:', now, random }, false),
    /nothing of such a store/,
  )
})
