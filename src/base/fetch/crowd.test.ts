import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { getText } from './get-text.ts'

let atOnce = 0
let most = 0
const asked: string[] = []
const server = createServer((request, response) => {
  atOnce += 1
  asked.push(request.url ?? '')
  most = Math.max(most, atOnce)
  response.on('close', () => {
    atOnce -= 1
  })
  if (request.url === '/quick') response.end('{}')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => {
  server.closeAllConnections()
  server.close()
})
const { port } = server.address() as AddressInfo

function get(path: string, by: string, milliseconds = 10_000): Promise<string> {
  const limits = { bytes: 999, milliseconds, privateAddresses: true, by }
  return getText(new URL(`http://127.0.0.1:${port}${path}`), limits).then(({ text }) => text)
}

test('S-2 four hundred whose servers never answer are asked for a few at a time, and all end', async () => {
  const known = Array.from({ length: 10 }, (_, i) => `known-${i}`)
  for (const by of known) await get('/quick', by)
  const ended: string[] = []
  const mute = Array.from({ length: 400 }, async (_, i) => {
    await assert.rejects(get('/mute', `mute-${i}`, 3000), /no answer in time/)
    ended.push(`mute-${i}`)
  })
  const others = await Promise.all(known.map((by) => get('/quick', by)))
  assert.deepEqual(ended, [], 'those who are answered wait for nobody')
  assert.equal(others.length, 10)
  await Promise.all(mute)
  assert.ok(most <= 64, `${most} at once`)
})

test('S-2 one whose servers never answer is asked for four at a time', async () => {
  const ended = Promise.allSettled(Array.from({ length: 12 }, (_, i) => get(`/mute?${i}`, 'one')))
  const here = (): number => asked.filter((path) => path.startsWith('/mute?')).length
  for (const some of [4, 8, 12]) {
    while (here() < some) await new Promise(setImmediate)
    // Whoever comes behind them is answered, and so would a fifth have been asked for.
    await get('/quick', 'another')
    assert.equal(here(), some)
    server.closeAllConnections()
  }
  for (const { status } of await ended) assert.equal(status, 'rejected')
})

test('S-2 four hundred whose servers answer are all served', async () => {
  const all = Array.from({ length: 400 }, (_, i) => get('/quick', `quick-${i}`))
  assert.equal((await Promise.all(all)).length, 400)
  assert.ok(most <= 64, `${most} at once`)
})
