/** What upkeep promises of a store that others keep, tried on a real one. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { random } from '../../src/base/random.ts'
import { delay, now } from '../../src/base/time.ts'
import { acceptStores } from '../../src/store/accept.ts'
import type { Durability, StoresOptions } from '../../src/store/backend.ts'
import { openStores, type Stores } from '../../src/store/index.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { openEnds } from '../../src/store/migrate/open.ts'
import { witnessFile } from '../../src/store/restored/witness.ts'
import { resealStores } from '../../src/store/sealing/reseal.ts'
import { never, type Outcome } from '../../src/store/store.ts'

/** A real store, saved and brought back as its operator does. */
export interface Kept {
  readonly url: string
  /** What it is asked to promise: one that may lose its last writes by a failover is forgiven a minute. */
  readonly durability?: Durability
  /** Saves all of it; gives what puts that in the place of what is there then, under whoever has it open. */
  readonly save: () => Promise<() => Promise<void>>
  /** Connections stay while it is brought back. */
  readonly staysConnected?: true
}

const [old, key] = [1, 2].map((version) => `${version}:${random(32).toString('hex')}`)
const value = Buffer.from('value')

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parapet-upkeep-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

function optionsOf(url: string, data: string, keyText = key): StoresOptions {
  return { url, data, keyText, now, random, writer: 'here' }
}

async function within<T>(options: StoresOptions, use: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores(options)
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}

/** What was spent comes back in a backup, and is refused, running and at the start, until somebody accepts it. */
export async function restoredIsRefused(
  t: TestContext,
  { url, durability, save, staysConnected }: Kept,
): Promise<void> {
  const optionsAt = (data: string): StoresOptions => ({ ...optionsOf(url, data), durability })
  const options = optionsAt(await directory(t))
  const running = await openStores(options)
  t.after(() => running.close())
  const keeping = running.keepGuard?.()
  assert.ok(keeping, 'it is guarded')
  const spend = (jti: string): Promise<Outcome> =>
    running.records.insert(jti, Buffer.alloc(0), never)
  assert.equal(await spend('before'), 'won')
  const restore = await save()
  assert.equal(await spend('after'), 'won')
  await witnessed(running, options)
  await restore()
  // What is asked within the second before a look may still be answered, where nothing tells of it; then nothing is.
  while (!running.records.damaged()) {
    if (staysConnected !== true)
      assert.notEqual(await spend('after').catch(() => 'refused'), 'won', 'it is spent')
    await delay(5)
  }
  await assert.rejects(spend('after'), /not as it was left: .*parapet accept-store/)
  await keeping.stop()
  await assert.rejects(openStores(options), /not as it was left: .*parapet accept-store/)
  // Another machine, which saw nothing of it, was told.
  const elsewhere = optionsAt(await directory(t))
  await assert.rejects(openStores(elsewhere), /a server has noticed/)
  // Nor is it served where files would be moved to that know nothing of it.
  const files = optionsOf(`sqlite:${await directory(t)}`, elsewhere.data ?? '')
  await assert.rejects(moved(elsewhere, files), /not as it was left: .*parapet accept-store/)
  const said = (await acceptStores(options, false)).join('\n')
  assert.match(said, /whatever had been issued is void: \d+ records were deleted/i)
  for (const each of [options, elsewhere])
    await within(each, async ({ records, accepted }) => {
      assert.ok(Math.abs(accepted - now()) < 60, 'assertions made before it are refused')
      assert.equal(await records.get('before'), undefined)
    })
  await moved(options, files)
  await within(files, async ({ accepted }) => {
    assert.ok(Math.abs(accepted - now()) < 60, 'and so they are where it is moved to')
  })
}

/** Until what was written last is counted, and the file has it. */
async function witnessed(running: Stores, options: StoresOptions): Promise<void> {
  const counts = async (): Promise<number> =>
    Math.max(
      ...Object.values(await witnessFile(options.data ?? '').read()).map(({ count }) => count),
    )
  const before = await counts()
  while ((await counts()) < before + 2) {
    await running.records.insert(`k${random(6).toString('hex')}`, value, never)
    await delay(50)
  }
}

/** There and back again: everything arrives, with its end, and only one of both is served. */
export async function movesThereAndBack(t: TestContext, url: string): Promise<void> {
  const data = await directory(t)
  const [files, shared] = [optionsOf(`sqlite:${data}`, data), optionsOf(url, data)]
  const ends = now() + 3600
  await within(files, async ({ settings, records }) => {
    for (let i = 0; i < 700; i += 1) void settings.insert(`client/a/${i}`, value, never)
    for (let i = 0; i < 700; i += 1) void records.insert(`session/a/${i}`, value, ends)
    await records.insert('jti', Buffer.alloc(0), ends)
  })
  assert.deepEqual((await moved(files, shared)).switched, true)
  await assert.rejects(openStores(files), /were moved to/)
  await within(shared, async ({ settings, records }) => {
    assert.equal((await settings.list('client/a', 1000)).keys.length, 700)
    assert.equal((await records.list('session/a', 1000)).keys.length, 700)
    assert.equal(await records.insert('jti', Buffer.alloc(0), ends), 'lost', 'it is spent')
    assert.equal((await settings.get('client/a/699'))?.value.toString(), 'value')
    await records.delete('session/a/5')
    assert.equal(await records.insert('jti2', Buffer.alloc(0), ends), 'won')
  })
  await moved(shared, files)
  await assert.rejects(openStores(shared), /were moved to/)
  await within(files, async ({ records }) => {
    assert.equal(await records.get('session/a/5'), undefined)
    assert.equal(await records.insert('jti2', Buffer.alloc(0), ends), 'lost')
  })
}

async function moved(from: StoresOptions, to: StoresOptions): ReturnType<typeof migrate> {
  const { moves, close } = await openEnds(from, to)
  try {
    return await migrate({
      ...{ moves, now, random, settle: 0, tell: () => undefined },
      ...{ stopped: async () => true, holder: () => undefined },
    })
  } finally {
    await close()
  }
}

/** What an old key sealed is sealed anew, and the old key is not asked for any more. */
export async function resealed(t: TestContext, url: string): Promise<void> {
  const data = await directory(t)
  await within(optionsOf(url, data, old), async ({ settings, records }) => {
    for (let i = 0; i < 300; i += 1) void settings.insert(`s/${i}`, value, never)
    await records.insert('r', value, now() + 100)
  })
  await assert.rejects(openStores(optionsOf(url, data)), /version 1, .* is not given/)
  const [first, before] = await resealStores(optionsOf(url, data, `${key},${old}`))
  assert.ok(first !== undefined && first.settings >= 300 && first.records >= 1)
  assert.deepEqual(before, { version: 1, settings: 0, records: 0 })
  await within(optionsOf(url, data), async ({ settings, records }) => {
    assert.equal((await settings.get('s/299'))?.value.toString(), 'value')
    assert.equal((await records.get('r'))?.value.toString(), 'value')
  })
}
