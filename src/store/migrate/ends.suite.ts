/** Two stores of files with a clock that is set by hand, and a migration from one to the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { random } from '../../base/random.ts'
import type { StoresOptions } from '../backend.ts'
import { openStores, type Stores } from '../index.ts'
import { keyTime, never } from '../store.ts'
import { type Migrated, migrate } from './migrate.ts'
import type { Migration } from './migration.ts'
import { openEnds } from './open.ts'

export const start = 1_800_000_000
const keyText = `7:${random(32).toString('hex')}`
export const value = Buffer.from('value')

export interface Places {
  readonly clock: { now: number }
  readonly at: (name: string, settings?: string) => StoresOptions
}

export function places(t: TestContext): Places {
  const directory = mkdtempSync(join(tmpdir(), 'parapet-migrate-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const clock = { now: start }
  const now = (): number => clock.now
  const at = (name: string, settings = name): StoresOptions => ({
    url: `sqlite:${join(directory, name)}`,
    settingsUrl: `sqlite:${join(directory, settings)}`,
    ...{ keyText, now, random, writer: 'here' },
  })
  return { clock, at }
}

export async function within<T>(
  options: StoresOptions,
  use: (stores: Stores) => Promise<T>,
): Promise<T> {
  const stores = await openStores(options)
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}

export async function moved(
  [from, to]: readonly [StoresOptions, StoresOptions],
  asked: Partial<Migration> = {},
): Promise<Migrated> {
  const { moves, close } = await openEnds(from, to)
  const migration = {
    ...{ moves, now: from.now, random, tell: () => undefined, settle: 0 },
    ...{ stopped: async () => true, holder: () => undefined },
  }
  try {
    return await migrate({ ...migration, ...asked })
  } finally {
    await close()
  }
}

/** A few hundred records of each kind, so that there are several pages. */
export async function filled({ settings, records }: Stores): Promise<void> {
  const all = Array.from({ length: 600 }, (_, i) => i)
  await Promise.all([
    ...all.map((i) => settings.insert(`client/a/${i}`, Buffer.from(`client ${i}`), never)),
    ...all.map((i) => records.insert(`${keyTime(start + 90)}${i}`, value, start + 90)),
    settings.insert('turn', value, start + 30),
    records.insert('ended', value, start - 1),
  ])
}
