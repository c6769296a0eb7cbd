import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Asked, newService, spread } from './service.ts'

/** A server whose readiness answers with these, one after the other, and with the last ever after. */
function answering(name: string, statuses: number[]): Asked {
  const call = async () => {
    const [status = 200] = statuses.length > 1 ? statuses.splice(0, 1) : statuses
    if (status === 0) throw new Error('no answer')
    return { status, headers: {}, text: '' }
  }
  return { name, w: { call } }
}

test('house: a server is counted as ready since it was for good, by each that is due', async () => {
  const service = newService()
  const [steady, wavering] = [
    answering('steady', [200]),
    answering('wavering', [200, 503, 0, 200, 503, 200]),
  ]
  service.due('back', [steady, wavering])
  const at = performance.now()
  service.unserved.push({ server: 'steady', begun: at + 1, ended: at + 7000 })
  service.unserved.push({ server: 'steady', begun: at - 5000, ended: at + 9000 })
  const [first, second] = await service.settled()
  assert.ok(typeof first === 'object' && typeof second === 'object')
  // Five answers, and as many pauses between them, came before the one from which on it was ready.
  assert.ok(second.ready - first.ready > 4 * 50, `${second.ready}`)
  assert.deepEqual([Math.round(first.served / 100), second.served], [70, 0])
  assert.deepEqual(await service.settled(), [], 'each is told once')
})

test('house: of counted milliseconds the one in the middle and the longest are told', () => {
  assert.deepEqual(spread({ 5: 2, 30: 1, 200: 1 }), { count: 4, median: 5, longest: 200 })
  assert.deepEqual(spread({ 9: 1, 1: 1, 4: 1 }), { count: 3, median: 4, longest: 9 })
  assert.equal(spread({}).count, 0)
})
