import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pack, unpack } from './thread.ts'
import type { Write } from './write.ts'

test('sqlite: a group of writes arrives at the thread as it was sent', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const mark = { key: 'mark', expiry: 7 }
  const insert = { verb: 'insert', key: 'a', version: 1, expiry: 2, value: bytes('one') } as const
  const group: Write[] = [
    { ...insert, mark: undefined },
    { verb: 'sweep', after: 'b', upTo: 'c', before: 4 },
    { ...insert, verb: 'replace', from: 9, value: bytes(''), mark },
    { verb: 'delete', key: 'd' },
    { ...insert, value: bytes('three'), mark },
    { verb: 'delete', key: 'e' },
    { ...insert, verb: 'replace', from: 3, value: bytes('four'), mark: undefined },
  ]
  const sent = pack(group, 5)
  assert.deepEqual(unpack(structuredClone(sent, { transfer: [sent.values.buffer] })), group)
  assert.equal(sent.now, 5)
})
