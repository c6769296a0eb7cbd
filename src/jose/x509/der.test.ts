import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trials } from '../../../test/scale.ts'
import { readDer, readOid, readOne, within } from './der.ts'

function shape(hex: string): string | undefined {
  return readDer(Buffer.from(hex, 'hex'))
    ?.map(({ tag, content }) => `${tag.toString(16)}:${content.toString('hex')}`)
    .join(' ')
}

test('X.690 §10.1 lengths are definite and as short as can be', () => {
  assert.equal(shape('0500'), '5:')
  assert.equal(shape('0401aa 0500'.replace(' ', '')), '4:aa 5:')
  assert.equal(shape(`048180${'00'.repeat(128)}`), `4:${'00'.repeat(128)}`)
  assert.equal(shape(`04820100${'00'.repeat(256)}`), `4:${'00'.repeat(256)}`)
  assert.equal(shape(''), '')
  for (const hex of [
    ...['04', '0401', '0480', '04800000', '048101aa', `04817f${'00'.repeat(127)}`, '04820001aa'],
    ...[
      '0485000000000100',
      '04ff',
      '1f0100',
      '3f2100',
      `04830000ff${'00'.repeat(255)}`,
      '0484ffffffff',
    ],
  ]) {
    assert.equal(shape(hex), undefined, hex)
  }
})

test('X.690 §8.19 object identifiers, the first two arcs in one', () => {
  const read = (hex: string): string | undefined => readOid(readOne(Buffer.from(hex, 'hex')))
  assert.equal(read('0603550403'), '2.5.4.3')
  assert.equal(read('06092a864886f70d01010b'), '1.2.840.113549.1.1.11')
  assert.equal(read('060a0992268993f22c640119'), '0.9.2342.19200300.100.1.25')
  assert.equal(read('0603883703'), '2.999.3')
  for (const hex of ['0600', '060155', '06028037', '060280', '06025580', '0403550403']) {
    assert.equal(read(hex), hex === '060155' ? '2.5' : undefined, hex)
  }
  assert.equal(read(`060c${'ff'.repeat(11)}7f`), undefined)
  assert.equal(readOid(undefined), undefined)
})

test('X.690 §10 any bytes are read or refused, and what is read makes them up', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const values = readDer(Buffer.from(bytes))
      if (values === undefined) return
      assert.deepEqual(Buffer.concat(values.map(({ whole }) => whole)), Buffer.from(bytes))
      for (const value of values) within(value, value.tag)
    }),
    { numRuns: trials(100_000) },
  )
})
