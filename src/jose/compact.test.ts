import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { encode, forge, makeKey, seal } from '../../test/token.ts'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'
import { verifyJws } from './verify.ts'

const everyAlg = Object.keys(jwsAlgorithms) as JwsAlg[]
const es = await makeKey('ES256')
const mine = [es.verifying]

/** Asked of the whole verification, so that what the parser lets pass is seen too. */
async function reasonOf(token: string): Promise<string> {
  const verdict = await verifyJws(token, mine, everyAlg)
  return verdict.ok ? 'accepted' : verdict.reason
}

test('J-2 an empty signature, a missing or an additional part is refused', async () => {
  const token = forge(es, { alg: 'ES256' })
  const [header, payload, signature] = token.split('.') as [string, string, string]
  for (const alg of everyAlg) {
    const bare = `${encode({ alg })}.${payload}.`
    assert.match(await reasonOf(bare), /^the signature is wrong$|^no key fits the alg$/, alg)
  }
  const parts = [
    '',
    '.',
    '..',
    '...',
    header,
    `${header}.${payload}`,
    `.${payload}.${signature}`,
    `${header}..${signature}`,
    `${token}.`,
    `${token}.${signature}`,
    `.${token}`,
  ]
  for (const bad of parts) assert.equal(await reasonOf(bad), 'the token is no compact JWS', bad)
})

test('J-3 JSON serializations and doubled header members are refused', async () => {
  const [header, payload, signature] = forge(es, { alg: 'ES256' }).split('.')
  const flat = { protected: header, payload, signature, header: { alg: 'ES256' } }
  const general = { payload, signatures: [{ protected: header, signature }] }
  for (const value of [flat, general])
    assert.notEqual(await reasonOf(JSON.stringify(value)), 'accepted')
  const doubled = [
    '{"alg":"ES256","alg":"ES256"}',
    '{"alg":"none","alg":"ES256"}',
    '{"alg":"ES256","\\u0061lg":"none"}',
    '{"alg":"ES256","kid":"a","kid":"b"}',
  ]
  for (const text of doubled)
    assert.equal(await reasonOf(forge(es, text)), 'the header is malformed')
  const twice = forge(es, { alg: 'ES256' }, '{"sub":"a","sub":"b"}')
  assert.equal(await reasonOf(twice), 'the payload is no JSON object')
})

test('J-5 every crit and every b64 is refused', async () => {
  const crits = [[], ['exp'], ['alg'], ['b64'], ['unknown'], ['absent'], 'b64', null, {}, [1]]
  for (const crit of crits) {
    const token = forge(es, { alg: 'ES256', exp: 1, unknown: 1, crit })
    assert.equal(await reasonOf(token), 'the header has crit or b64', JSON.stringify(crit))
  }
  for (const b64 of [true, false, null]) {
    for (const more of [{}, { crit: ['b64'] }]) {
      const token = forge(es, { alg: 'ES256', b64, ...more })
      assert.equal(await reasonOf(token), 'the header has crit or b64')
    }
  }
})

test('J-11 base64url in any but the canonical form is refused', async () => {
  // Chosen so that every part ends in a character with spare bits.
  const token = forge(es, { alg: 'ES256', a: '?~' }, { sub: '??~~', n: 11 })
  const parts = token.split('.')
  assert.equal(await reasonOf(token), 'accepted')
  for (const [i, part] of parts.entries()) {
    const swapped = part.replaceAll('-', '+').replaceAll('_', '/')
    const variants = [`${part}=`, `${part}==`, ` ${part}`, `${part} `, `${part}\n`, `\t${part}`]
    variants.push(
      `${part}A`,
      `${part.slice(0, 4)}\r\n${part.slice(4)}`,
      `${part}%3D`,
      `${part}\u0000`,
    )
    if (swapped !== part) variants.push(swapped)
    variants.push(...trailingBits(part))
    for (const variant of variants) {
      const changed = parts.with(i, variant).join('.')
      assert.notEqual(await reasonOf(changed), 'accepted', variant)
      // Signed over exactly those characters: the laxity itself is what must be refused.
      const sealed = seal(es, parts.with(i, variant).slice(0, 2).join('.'))
      if (i < 2 && variant !== `${part}A`)
        assert.notEqual(await reasonOf(sealed), 'accepted', variant)
    }
  }
})

/** The same bytes with other unused bits in the last character. */
function trailingBits(part: string): string[] {
  const bytes = Buffer.from(part, 'base64url')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return [...letters]
    .map((letter) => part.slice(0, -1) + letter)
    .filter((text) => text !== part && Buffer.from(text, 'base64url').equals(bytes))
}

test('J-11 bytes that are not UTF-8, a byte order mark, other JSON and deep JSON are refused', async () => {
  const good = encode({ alg: 'ES256' })
  const raws: Record<string, Buffer> = {
    'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    'overlong UTF-8': Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
    'lone surrogate': Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
    'byte order mark': Buffer.from('\ufeff{"alg":"ES256"}'),
    'UTF-16': Buffer.from('{"alg":"ES256"}', 'utf16le'),
    array: Buffer.from('[{"alg":"ES256"}]'),
    string: Buffer.from('"x"'),
    null: Buffer.from('null'),
    text: Buffer.from('hello'),
    'two values': Buffer.from('{"alg":"ES256"}{}'),
    'trailing comma': Buffer.from('{"alg":"ES256",}'),
    'depth 21': Buffer.from(`{"alg":"ES256","a":${'['.repeat(20)}${']'.repeat(20)}}`),
    'depth 20000': Buffer.from(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    'never closed': Buffer.from('{"a":'.repeat(8_000)),
  }
  for (const [name, raw] of Object.entries(raws)) {
    const text = raw.toString('base64url')
    const [first, second] = [seal(es, `${text}.${encode({})}`), seal(es, `${good}.${text}`)]
    const spent = await cpuTime(async () => {
      assert.equal(await reasonOf(first), 'the header is malformed', name)
      assert.equal(await reasonOf(second), 'the payload is no JSON object', name)
    })
    assert.ok(spent < 50, `${name} is refused quickly`)
  }
  const odd = forge(es, { alg: 'ES256' }, '{"exp":1e400,"n":-0,"__proto__":{"a":1}}')
  const verdict = await verifyJws(odd, mine, ['ES256'])
  assert.ok(verdict.ok)
  assert.equal(verdict.claims.exp, Number.POSITIVE_INFINITY)
  assert.equal(Object.getPrototypeOf(verdict.claims), Object.prototype)
  assert.equal(({} as { a?: unknown }).a, undefined)
})

test('K-12 the media type of a token is told in one spelling, so that kinds can be kept apart', async () => {
  const spellings = { 'at+jwt': 'at+jwt', 'application/AT+JWT': 'at+jwt', JWT: 'jwt', '': '' }
  for (const [typ, expected] of Object.entries(spellings)) {
    const verdict = await verifyJws(forge(es, { alg: 'ES256', typ }), mine, ['ES256'])
    assert.ok(verdict.ok)
    assert.equal(verdict.typ, expected)
  }
  for (const typ of [null, 1, ['JWT'], {}]) {
    assert.equal(await reasonOf(forge(es, { alg: 'ES256', typ })), 'the header is malformed')
  }
})
