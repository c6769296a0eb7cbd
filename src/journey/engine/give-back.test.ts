import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../test/people.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { emptyState } from '../state.ts'
import { giveBack, hasGoneOn } from './give-back.ts'
import { claim, end, keep, keepFirst, look, newReference } from './progress.ts'
import type { Progress, Reference } from './record.ts'
import { claimSuspended } from './resumption.ts'

const { alpha } = await people()

function progress(suspended = false): Progress {
  return {
    ...{ journey: 'Login', bound: '', until: alpha.now() + 300 },
    position: { frames: [], state: emptyState, asked: [], onPage: false, suspended },
  }
}

const [some, other] = ['x', 'y'].map((value) => new Map([['IDToken1', value]])) as [
  Map<string, string>,
  Map<string, string>,
]

/**
 * The realm, of whose store the next write is not answered, and reaches it late: before the so many-th call that follows,
 * or once it is told to.
 */
function lateBy(calls: number): { readonly realm: Realm; land(): Promise<void> } {
  const { records } = alpha
  let left = calls
  let landing: (() => Promise<unknown>) | undefined
  const land = async (): Promise<void> => {
    const now = landing
    landing = async () => undefined
    await now?.()
  }
  const write =
    (verb: 'insert' | 'replace') =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const work = (): Promise<unknown> => Reflect.apply(records[verb], records, args)
      if (landing !== undefined) return inTurn(work)
      landing = work
      throw new StoreUnavailable('a test says so')
    }
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1
    if (left === 0) await land()
    return work()
  }
  const late = {
    ...records,
    get: (key: string) =>
      landing === undefined ? records.get(key) : inTurn(async () => records.get(key)),
    insert: write('insert') as Store['insert'],
    replace: write('replace') as Store['replace'],
  }
  return { realm: { ...alpha, records: late }, land }
}

/** Before the giving back looks, between its look and its write, and behind both. */
const moments = { 'before it is given back': 1, meanwhile: 2, later: 100 } as const

/** Steps that can be claimed: what was never stored, what was, and what waits for its letter. */
const steps: Readonly<
  Record<string, () => Promise<readonly [Reference, (realm: Realm) => Promise<unknown>]>>
> = {
  'a first step': async () => {
    const first = newReference(alpha, progress())
    return [first, (realm) => claim(realm, first, some, '')]
  },
  'a later step': async () => {
    const first = newReference(alpha, progress())
    await claim(alpha, first, some, '')
    const second = await keep(alpha, first, progress(), some)
    assert.ok(second !== undefined)
    return [second, (realm) => claim(realm, second, some, '')]
  },
  'a step that waits for a letter': async () => {
    const waiting = newReference(alpha, progress(true))
    await keepFirst(alpha, waiting, progress(true), '')
    return [waiting, (realm) => claimSuspended(realm, waiting, 'b')]
  },
}

for (const [when, calls] of Object.entries(moments))
  for (const [name, made] of Object.entries(steps))
    test(`T-3 ${name}, whose claim reaches the store ${when} though its connection was lost, is anybody's again`, async () => {
      const [step, attempt] = await made()
      const { realm, land } = lateBy(calls)
      await assert.rejects(attempt(realm), StoreUnavailable)
      await land()
      const again = await (name.includes('letter')
        ? claimSuspended(alpha, step, 'c')
        : claim(alpha, step, other, ''))
      assert.equal(again.kind, 'won')
    })

for (const [when, calls] of Object.entries(moments))
  test(`T-3 a further step that reaches the store ${when} though its connection was lost leaves a step that goes on`, async () => {
    const first = newReference(alpha, progress())
    const claimed = await claim(alpha, first, some, '')
    assert.ok(claimed.kind === 'won')
    const { realm, land } = lateBy(calls)
    await assert.rejects(keep(realm, claimed.taken, progress(), some), StoreUnavailable)
    await giveBack(realm, claimed.taken)
    await land()
    const { kind } = await claim(alpha, first, some, '')
    assert.equal(kind, when === 'later' ? 'won' : 'again')
  })

for (const [when, calls] of Object.entries(moments))
  for (const looked of [false, true])
    test(`T-3 an end that reaches the store ${when} though its connection was lost is there once it is asked for, or never${looked ? ', where it was looked ahead' : ''}`, async () => {
      const first = newReference(alpha, progress())
      const claimed = await claim(alpha, first, some, '')
      assert.ok(claimed.kind === 'won')
      const at = looked ? await look(alpha, claimed.taken) : undefined
      const { realm, land } = lateBy(calls)
      await assert.rejects(end(realm, claimed.taken, some, 'told', at), StoreUnavailable)
      const there = await hasGoneOn(realm, claimed.taken)
      assert.equal(there, when !== 'later')
      await land()
      const { kind } = await claim(alpha, first, some, '')
      assert.equal(kind, there ? 'ended' : 'won')
    })
