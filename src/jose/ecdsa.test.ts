import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { curves } from './algorithm.ts'
import { derFromRaw, rawFromDer } from './ecdsa.ts'

const names = ['P-256', 'P-384', 'P-521'] as const

for (const name of names) {
  const curve = curves[name]
  const order = BigInt(`0x${curve.order.toString('hex')}`)
  const bytes = (n: bigint): Buffer => {
    return Buffer.from(n.toString(16).padStart(2 * curve.size, '0'), 'hex')
  }
  const raw = (r: bigint, s: bigint): Buffer => Buffer.concat([bytes(r), bytes(s)])

  test(`RFC 7518 §3.4 ${name} raw and DER are two forms of one signature`, () => {
    // Weighted towards short integers, whose leading zeros are where such code goes wrong.
    const integer = fc
      .tuple(fc.bigInt({ min: 1n, max: order - 1n }), fc.nat({ max: 8 * curve.size - 1 }))
      .map(([n, shift]) => n >> BigInt(shift) || 1n)
    fc.assert(
      fc.property(integer, integer, (r, s) => {
        const both = raw(r, s)
        const der = derFromRaw(both, curve)
        assert.ok(der)
        assert.deepEqual(rawFromDer(der, curve), both)
      }),
    )
  })

  test(`RFC 7518 §3.4 ${name} agrees with node's own converter`, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: name })
    const data = Buffer.from('data')
    for (let i = 0; i < 20; i++) {
      const own = rawFromDer(sign('sha256', data, privateKey), curve)
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const }
      assert.ok(verify('sha256', data, key, own))
      const theirs = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      assert.ok(verify('sha256', data, publicKey, derFromRaw(theirs, curve) as Buffer))
    }
  })

  test(`J-8 ${name} r or s that is zero, the order or above it is no signature`, () => {
    const all = (1n << BigInt(8 * curve.size)) - 1n
    for (const bad of [0n, order, order + 1n, all]) {
      assert.equal(derFromRaw(raw(bad, 1n), curve), undefined)
      assert.equal(derFromRaw(raw(1n, bad), curve), undefined)
    }
    assert.ok(derFromRaw(raw(1n, order - 1n), curve))
    for (const length of [0, 1, 2 * curve.size - 1, 2 * curve.size + 1]) {
      assert.equal(derFromRaw(Buffer.alloc(length, 1), curve), undefined)
    }
  })
}
