import assert from 'node:assert/strict'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { nameServer } from '../../../test/name-server.ts'
import type { GetLimits } from './get-text.ts'
import { getText } from './get-text.ts'
import { resolveHost } from './resolve.ts'

const server = createServer((request, response) => response.end(request.headers.host))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const { port } = server.address() as AddressInfo

const here = [127, 0, 0, 1]
const mute = [await nameServer('mute'), await nameServer('mute'), await nameServer('mute')]
const live = await nameServer({
  'rp.test': { a: here },
  'four.test': { a: here, aaaa: null },
  'public.test': { a: [1, 1, 1, 1] },
  'mixed.test': { a: [1, 1, 1, 1], aaaa: 'fd000000000000000000000000000001' },
  'mapped.test': { aaaa: '00000000000000000000ffff7f000001' },
  'both.test': { a: [1, 1, 1, 1], aaaa: '26064700000000000000000000001111' },
})

function get(name: string, changes: Partial<GetLimits> = {}): Promise<string> {
  const limits = { bytes: 999, milliseconds: 20_000, privateAddresses: true, by: name }
  const asked = { ...limits, nameServers: [live.address], ...changes }
  return getText(new URL(`http://${name}:${port}/`), asked).then(({ text }) => text)
}

function addressesOf(name: string): Promise<readonly string[]> {
  return resolveHost(name, new AbortController().signal, [live.address])
}

test('S-2 names behind a server that never answers hold up nobody else, and end by their limit', async () => {
  const ended: string[] = []
  const names = Array.from({ length: 20 }, (_, i) => `mute-${i}.test`)
  const hung = names.map(async (name) => {
    const got = get(name, { nameServers: mute.map(({ address }) => address), milliseconds: 3000 })
    await assert.rejects(got, /no answer in time/)
    ended.push(name)
  })
  // Each of these would wait behind the names if one thread were held for each.
  const others = Array.from({ length: 10 }, (_, i) => get('rp.test', { by: `other-${i}` }))
  for (const text of await Promise.all(others)) assert.equal(text, `rp.test:${port}`)
  await readFile(import.meta.filename)
  await lookup('localhost')
  assert.deepEqual(ended, [])
  await Promise.all(hung)
  assert.ok(names.every((name) => mute.some(({ asked }) => asked.includes(`${name} A`))))
})

test('RFC 8305 §3 a server that never answers for IPv6 does not hold up IPv4', async () => {
  assert.equal(await get('four.test', { milliseconds: 900 }), `four.test:${port}`)
})

test('S-1 every address of a name must be public, of either family, however it is written', async () => {
  assert.deepEqual(await addressesOf('public.test'), ['1.1.1.1'])
  assert.deepEqual([...(await addressesOf('both.test'))].sort(), ['1.1.1.1', '2606:4700::1111'])
  for (const name of ['rp.test', 'mixed.test', 'mapped.test']) {
    await assert.rejects(get(name, { privateAddresses: false }), /not public/, name)
  }
})

test('S-2 a name that is nobody’s is refused', async () => {
  await assert.rejects(get('nobody.test'), /the name leads to no address/)
})

test('RFC 6761 §6.3 localhost is the machine itself, and no server is asked for it', async () => {
  const before = live.asked.length
  for (const name of ['localhost', 'LOCALHOST', 'localhost.', 'rp.localhost']) {
    assert.match(await get(name), /localhost/i)
    await assert.rejects(get(name, { privateAddresses: false }), /not public/)
  }
  assert.equal(live.asked.length, before)
})
