import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { trials } from '../../test/scale.ts'
import { world } from '../../test/world.ts'
import type { Realm } from '../realm/realm.ts'
import type { HandleKind } from './handle.ts'
import { handleOf, newRecordKey, openHandle, storeKey } from './handle.ts'

const w = await world()
const alpha = await w.realm('/alpha')
const bravo = await w.realm('/bravo')
const root = await w.realm('/')
const later = w.clock.now + 90

const kinds: [kind: HandleKind, length: number][] = [
  ['request_uri', 43],
  ['code', 43],
  ['refresh', 48],
  ['access', 48],
  ['grant', 43],
]

function withKeys(realm: Realm, ...versions: readonly number[]): Realm {
  const handleKeys = versions.map((version) => ({
    version,
    key: createSecretKey(Buffer.alloc(32, version)),
  }))
  return { ...realm, handleKeys }
}

for (const [kind, length] of kinds) {
  test(`RFC 9126 §7.1 a handle of kind ${kind} is ${length} characters and opens its record`, () => {
    const key = newRecordKey(alpha, later)
    const handle = handleOf(alpha, kind, key)
    assert.match(handle, /^[\w-]+$/)
    assert.equal(handle.length, length)
    const opened = openHandle(alpha, kind, handle)
    assert.deepEqual(opened && [storeKey(opened.key), opened.n], [storeKey(key), 0])
  })
}

test('T-1 the number of a counted handle rides along, to its limits', () => {
  const key = newRecordKey(alpha, later)
  for (const kind of ['refresh', 'access'] as const) {
    const seen = new Set<string>()
    for (const n of [0, 1, 2, 255, 65_536, 2 ** 31, 2 ** 32 - 1]) {
      const handle = handleOf(alpha, kind, key, n)
      seen.add(handle)
      const opened = openHandle(alpha, kind, handle)
      assert.deepEqual(opened && [storeKey(opened.key), opened.n], [storeKey(key), n])
    }
    assert.equal(seen.size, 7)
  }
})

test('T-1 the same handle comes of the same record again: nothing is drawn', () => {
  const key = newRecordKey(alpha, later)
  for (const [kind] of kinds) assert.equal(handleOf(alpha, kind, key), handleOf(alpha, kind, key))
})

test('P-7 kinds never meet', () => {
  const key = newRecordKey(alpha, later)
  for (const [kind] of kinds) {
    for (const [other] of kinds) {
      const opened = openHandle(alpha, other, handleOf(alpha, kind, key))
      assert.equal(opened !== undefined, kind === other, `${kind} as ${other}`)
    }
  }
})

test('P-7 not even with their lengths evened out', () => {
  const key = newRecordKey(alpha, later)
  const [access, code] = [handleOf(alpha, 'access', key, 0), handleOf(alpha, 'code', key)]
  const cut = Buffer.from(access, 'base64url').subarray(0, 32).toString('base64url')
  assert.equal(openHandle(alpha, 'code', cut), undefined)
  const padded = Buffer.concat([Buffer.from(code, 'base64url'), Buffer.alloc(4)])
  assert.equal(openHandle(alpha, 'access', padded.toString('base64url')), undefined)
})

test('P-2 realms never meet', () => {
  const key = newRecordKey(alpha, later)
  for (const [kind] of kinds) {
    const handle = handleOf(alpha, kind, key)
    assert.equal(openHandle(bravo, kind, handle), undefined)
    assert.equal(openHandle(root, kind, handle), undefined)
    assert.notEqual(handleOf(bravo, kind, key), handle)
  }
})

test('OA-23 every bit of a handle counts', () => {
  const key = newRecordKey(alpha, later)
  for (const [kind] of kinds) {
    const bytes = Buffer.from(handleOf(alpha, kind, key, kind === 'access' ? 7 : 0), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      assert.equal(openHandle(alpha, kind, changed.toString('base64url')), undefined, `bit ${bit}`)
    }
  }
})

test('J-11 one spelling only: no padding, other alphabet, space, stray bits, other length', () => {
  const handle = handleOf(alpha, 'request_uri', newRecordKey(alpha, later))
  const strays = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
  const spellings = strays.map((c) => handle.slice(0, -1) + c)
  const others = [`${handle}=`, ` ${handle}`, `${handle}\n`, handle.slice(1), `${handle}A`, '']
  for (const text of [...spellings, ...others, handle.replaceAll('-', '+'), 'é'.repeat(43)]) {
    if (text !== handle) assert.equal(openHandle(alpha, 'request_uri', text), undefined, text)
  }
})

test('P-11 a handle outlives a rotation of its key while the old one is kept, and not longer', () => {
  const before = withKeys(alpha, 1)
  const overlap = withKeys(alpha, 2, 1)
  const afterwards = withKeys(alpha, 2)
  const key = newRecordKey(alpha, later)
  for (const [kind] of kinds) {
    const old = handleOf(before, kind, key)
    assert.equal(storeKey(openHandle(overlap, kind, old)?.key as Buffer), storeKey(key))
    assert.equal(openHandle(afterwards, kind, old), undefined)
    const fresh = handleOf(overlap, kind, key)
    assert.notEqual(fresh, old)
    assert.ok(openHandle(afterwards, kind, fresh))
    assert.equal(openHandle(before, kind, fresh), undefined)
  }
})

const count = trials(1_000_000)

test(`P-16, PAR-12, PAR-32 ${count} request_uris: none twice, no part shared, time and order hidden`, () => {
  const seen = new Set<string>()
  const ones = new Array<number>(256).fill(0)
  let ascending = 0
  let last = Buffer.alloc(32)
  for (let i = 0; i < count; i++) {
    const handle = handleOf(alpha, 'request_uri', newRecordKey(alpha, later))
    seen.add(handle)
    const bytes = Buffer.from(handle, 'base64url')
    for (let bit = 0; bit < 256; bit++) {
      if (((bytes[bit >> 3] as number) >> (bit & 7)) & 1) ones[bit] = (ones[bit] as number) + 1
    }
    if (bytes.compare(last) > 0) ascending++
    last = bytes
  }
  assert.equal(seen.size, count)
  // Six standard deviations of a fair coin: a bit that says something of time or order falls out.
  const most = 6 * Math.sqrt(count / 4)
  for (const [bit, n] of ones.entries()) assert.ok(Math.abs(n - count / 2) < most, `bit ${bit}`)
  assert.ok(Math.abs(ascending - count / 2) < most)
})

test('P-16 handles of records of one second and of one record show nothing of each other', () => {
  // A fixed key: whether some bytes happen to be alike is then decided once and for all.
  const key = Buffer.from('00006b49d2000001a1b2c3d4e5f60718', 'hex')
  const twin = Buffer.from(key)
  twin[15] = (twin[15] as number) ^ 1
  const handles = [
    ...kinds.map(([kind]) => handleOf(alpha, kind, key)),
    handleOf(alpha, 'access', key, 1),
    handleOf(alpha, 'request_uri', twin),
  ].map((handle) => Buffer.from(handle, 'base64url'))
  for (const [i, a] of handles.entries()) {
    for (const b of handles.slice(i + 1)) {
      const same = Array.from(a.subarray(0, 32)).filter((byte, at) => byte === b[at]).length
      assert.ok(same <= 4, `${same} of 32 bytes`)
    }
  }
})

const guesses = trials(100_000)

test(`P-16 ${guesses} guesses: none opens anything, and no store is read`, () => {
  const { random } = alpha
  for (let i = 0; i < guesses; i++) {
    assert.equal(openHandle(alpha, 'request_uri', random(32).toString('base64url')), undefined)
  }
})
