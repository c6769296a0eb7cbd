import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { random } from '../../base/random.ts'
import { delay, nextTurn, now } from '../../base/time.ts'
import { openStores, rawShelves } from '../index.ts'
import { memoryStore } from '../memory/memory.ts'
import { never, type Shelf, StoreUnavailable } from '../store.ts'
import { examine } from './doctor.ts'
import { drops } from './drops.ts'
import type { Finding } from './finding.ts'
import { type Burst, type Racer, racerOn } from './racer.ts'
import { raced, skewed, verbs } from './races.ts'
import type { Scratch } from './scratch.ts'

test('house: the doctor races a store from several processes, tells what held and what nobody can tell, and leaves nothing', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'parapet-doctor-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const url = `sqlite:${join(directory, 'data')}`
  await assert.rejects(examine({ url, durability: 'disk', now, random }), /there is no store at/)
  const stores = await openStores({ url, now, random, writer: 'here' })
  await stores.records.insert('k', Buffer.from('value'), never)
  const findings = await examine({ url, durability: 'disk', now, random })
  const outcomes = findings.map(({ what, outcome }) => `${outcome} ${what.split(',')[0]}`)
  assert.deepEqual(outcomes, [
    'proved one key is created once',
    'proved one version is replaced once',
    'proved one record is deleted once',
    'proved one mark is spent once',
    'seen a record with ten seconds to live',
    'proved what one clock has spent',
    'unproved lost connections',
    'seen what is answered outlives a loss of power',
    'unproved what is answered outlives the loss of its machine',
    'proved nothing is left of what was tried',
    'unproved loss of power',
    'unproved failover',
  ])
  assert.match(
    String(findings[0]?.detail),
    /25 contests of 48 tries by 3 processes, one winner each/,
  )
  assert.equal(findings[4]?.detail, '0 s: there, +30 s: over, -30 s: there')
  await stores.close()
  const { settings, records } = await rawShelves({ url, now, random, writer: 'here' })
  const left = (await records.walk(10)).records.map(({ key }) => key)
  assert.deepEqual(left, ['canary/1', 'k'])
  await Promise.all([settings.close(), records.close()])
  await assert.rejects(
    examine({ url: 'memory:', durability: undefined, now, random }),
    /one process alone/,
  )
  const asked = await examine({ url, durability: 'replica', now, random })
  assert.deepEqual(
    asked.filter(({ outcome }) => outcome === 'refuted').map(({ detail }) => detail),
    ['sqlite:<directory> cannot promise PARAPET_DURABILITY=replica'],
  )
})

const start = 1_800_000_000

const scratch = (shelf: Shelf): Scratch => ({
  ...{ folders: ['doctor/x', 'doctor/y'], expiry: start + 3600, shelf, now: () => start },
})

async function races(scratch: Scratch, racers: readonly Racer[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const verb of Object.keys(verbs))
    found.push(await raced(scratch, racers, verb as Burst['verb']))
  return found
}

/** Reads, and writes a moment later what it thinks is right. */
function careless(shelf: Shelf): Shelf {
  return {
    ...shelf,
    async insert(key, value, expiry, mark) {
      const [spent, there] = [mark && (await shelf.get(mark.key)), await shelf.get(key)]
      await nextTurn()
      if (spent !== undefined) return 'spent'
      if (mark !== undefined) await shelf.insert(mark.key, Buffer.alloc(0), mark.expiry)
      if (there !== undefined) return 'lost'
      await shelf.insert(key, value, expiry)
      return 'won'
    },
    async replace(key, version, value, expiry) {
      const there = await shelf.get(key)
      await nextTurn()
      if (there?.version !== version) return 'lost'
      const current = (await shelf.get(key))?.version ?? 0
      await shelf.replace(key, current, value, expiry)
      return 'won'
    },
    async delete(key) {
      const there = await shelf.get(key)
      await nextTurn()
      await shelf.delete(key)
      return there !== undefined
    },
  }
}

test('house: a store that reads first and writes then is refuted by each race', async () => {
  const right = memoryStore(() => start)
  const both = [racerOn(right), racerOn(right)]
  assert.deepEqual(
    (await races(scratch(right), both)).map(({ outcome }) => outcome),
    ['proved', 'proved', 'proved', 'proved'],
  )
  const shelf = memoryStore(() => start)
  const wrong = [racerOn(careless(shelf)), racerOn(careless(shelf))]
  const findings = await races(scratch(shelf), wrong)
  for (const { outcome, detail, what } of findings) {
    assert.equal(outcome, 'refuted', what)
    assert.match(detail, /^(?:\d+ winners|\d records were written)/)
  }
})

test('house: where no contest has a winner that is told of, nothing is proved; where some have one, it is said of how many', async () => {
  const shelf = memoryStore(() => start)
  const asked = scratch(shelf)
  const away: Shelf = { ...shelf, insert: () => unknown(), replace: () => unknown() }
  for (const verb of ['insert', 'replace', 'mark'] as const) {
    const { outcome, detail } = await raced(asked, [racerOn(away)], verb)
    assert.deepEqual([outcome, detail], ['refuted', 'no contest had a winner: lost'], verb)
  }
  const now = memoryStore(() => start)
  const sometimes: Shelf = {
    ...now,
    insert: (...given) => (given[0].endsWith('7') ? unknown() : now.insert(...given)),
  }
  const { outcome, detail } = await raced(scratch(now), [racerOn(sometimes)], 'insert')
  assert.equal(outcome, 'proved')
  assert.match(detail, /^23 contests of 16 tries by 1 processes, one winner each; 32 tries were/)
  assert.match(detail, /nothing is known, in 2 more contests of all that might have won: lost$/)
})

test('house: a mark that another clock does not find spent is refuted', async () => {
  const [one, other] = [memoryStore(() => start), memoryStore(() => start)]
  const clocks = [one, other].map((shelf, i) => ({ ahead: 30 * i, racer: racerOn(shelf) }))
  const outcomes = (await skewed(scratch(one), clocks)).map(({ outcome }) => outcome)
  assert.deepEqual(outcomes, ['seen', 'refuted'])
})

const unknown = (): Promise<never> => Promise.reject(new StoreUnavailable('lost'))

test('house: a write that is told as done and is not, or as lost where its own was the one, is refuted', async () => {
  const shelf = memoryStore(() => start)
  const all: Readonly<Record<string, readonly [Partial<Shelf>, string, RegExp]>> = {
    right: [
      { insert: (key, ...given) => (key.endsWith('7') ? unknown() : shelf.insert(key, ...given)) },
      'proved',
      /told as done and all there, 32 as unknown, of which 0 were done/,
    ],
    'told too early': [{ insert: async () => 'won' }, 'refuted', /was told won, and is not there/],
    'tried again by itself': [
      {
        async insert(...given) {
          await shelf.insert(...given)
          return shelf.insert(...given)
        },
      },
      'refuted',
      /was told spent, and is there/,
    ],
    'failed otherwise': [
      { insert: () => Promise.reject(new Error('ECONNRESET')) },
      'refuted',
      /was told failed: ECONNRESET/,
    ],
  }
  for (const [name, [verbs, outcome, said]] of Object.entries(all)) {
    const asked = { ...scratch(shelf), folders: [`doctor/${name.replaceAll(' ', '')}`] }
    const [finding] = await drops(asked, { ...shelf, ...verbs }, () => 1)
    assert.equal(finding?.outcome, outcome, name)
    assert.match(finding.detail, said)
  }
})

test('house: connections are lost before and after an answer, however long the store takes for one', async () => {
  const takes = { 'two turns': () => nextTurn().then(nextTurn), '60 ms': () => delay(60) }
  for (const [name, answer] of Object.entries(takes)) {
    const shelf = memoryStore(() => start)
    let lost = new AbortController()
    const insert: Shelf['insert'] = async (...given) => {
      const { signal } = lost
      await answer()
      return signal.aborted && !given[0].includes('again') ? unknown() : shelf.insert(...given)
    }
    const drop = (): number => {
      lost.abort()
      lost = new AbortController()
      return 1
    }
    const [finding] = await drops(scratch(shelf), { ...shelf, insert }, drop)
    assert.equal(finding?.outcome, 'proved', `${name}: ${finding?.detail}`)
  }
})
