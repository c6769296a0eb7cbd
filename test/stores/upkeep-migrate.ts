/** `parapet migrate` as somebody types it, and what is in both stores then. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import type { StoresOptions } from '../../src/store/backend.ts'
import { openStores } from '../../src/store/index.ts'
import { openEnds } from '../../src/store/migrate/open.ts'
import { never, type Outcome, type Shelf } from '../../src/store/store.ts'
import { bareEnvironment } from '../bare.ts'

const root = join(import.meta.dirname, '..', '..')
const killing = new URL('./upkeep-killing.ts', import.meta.url).href
const key = `1:${random(32).toString('hex')}`

/** The words of the command, and its environment. */
export const command = [process.execPath, join(root, 'src', 'main.ts'), 'migrate'] as const
export const environment = { ...bareEnvironment, PARAPET_KEY: key }

/** Records of a store that is moved: several pages of each shelf. */
export const many = 1700

export interface Ran {
  /** Null where it was killed. */
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command, in a pipe; with `kill` as `upkeep-killing.ts` has it. */
export async function migrated(
  ends: Ends,
  options: readonly string[] = [],
  kill?: { readonly at: string; readonly pid?: number },
): Promise<Ran> {
  const [node, main, name] = command
  const preload = kill === undefined ? [] : ['--import', killing]
  const pid = kill?.pid === undefined ? {} : { KILL_PID: String(kill.pid) }
  const child = spawn(node, [...preload, main, name, ...argumentsOf(ends), ...options], {
    env: { ...environment, ...pid, ...(kill && { KILL_AT: kill.at }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[status], out, err] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return { status, out, err }
}

/** The URLs of both. */
export interface Ends {
  readonly from: string
  readonly to: string
}

export const argumentsOf = ({ from, to }: Ends): readonly string[] => ['--from', from, '--to', to]

export async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parapet-migrate-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

function optionsOf(url: string): StoresOptions {
  return { url, keyText: key, now, random, writer: 'here' }
}

const value = Buffer.alloc(100, 'v')

/** Fills a store with so many settings and records. */
export async function fill(url: string): Promise<void> {
  const { settings, records, close } = await openStores(optionsOf(url))
  const ends = now() + 3600
  const all = Array.from({ length: many }, (_, i) => i)
  await Promise.all(all.map((i) => settings.insert(`client/a/${i}`, value, never)))
  await Promise.all(all.map((i) => records.insert(`${i % 7}x${i}`, value, ends)))
  await close()
}

/** Spends an id as a server on that store does. @throws Error where it must not be served. */
export async function spend(url: string, jti: string): Promise<Outcome> {
  const { records, close } = await openStores(optionsOf(url))
  try {
    return await records.insert(jti, Buffer.alloc(0), now() + 3600)
  } finally {
    await close()
  }
}

/** Everything of a shelf, each key once, with its value and its end. */
async function contents(shelf: Shelf): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>()
  let cursor: string | undefined
  do {
    const page = await shelf.walk(1000, cursor)
    for (const { key, value, expiry } of page.records)
      if (key !== 'migration') all.set(key, `${expiry} ${value.toString('hex')}`)
    cursor = page.cursor
  } while (cursor !== undefined)
  return all
}

/** How many records of each shelf are in the new store. */
export async function arrived({ from, to }: Ends): Promise<readonly number[]> {
  const { moves, close } = await openEnds(optionsOf(from), optionsOf(to))
  const counts = await Promise.all(moves.map(async (move) => (await contents(move.to)).size))
  await close()
  return counts
}

/** Both hold the same, to the last record. */
export async function assertSame({ from, to }: Ends): Promise<void> {
  const { moves, close } = await openEnds(optionsOf(from), optionsOf(to))
  for (const move of moves) {
    const [old, fresh] = [await contents(move.from), await contents(move.to)]
    assert.ok(old.size >= many, move.name)
    assert.deepEqual(fresh, old)
  }
  await close()
}
