import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../../test/people.ts'
import { mayWrite } from './letter.ts'

test('one place has a hundred letters sent, to whomever, and then one in ten seconds', async () => {
  const { alpha, clock } = await people()
  const sent = async (count: number, peer: string): Promise<number> => {
    const asked = Array.from({ length: count }, (_, i) => `${clock.now}-${i}@example.com`)
    const each = await Promise.all(asked.map((address) => mayWrite(alpha, address, peer)))
    return each.filter(Boolean).length
  }
  assert.equal(await sent(120, '192.0.2.1'), 100)
  assert.equal(await sent(10, '192.0.2.2'), 10)
  // An IPv6 subscriber has a whole network.
  assert.equal((await sent(60, '2001:db8::1')) + (await sent(60, '2001:db8::2')), 100)
  clock.now += 10
  assert.equal(await sent(5, '192.0.2.1'), 1)
})
