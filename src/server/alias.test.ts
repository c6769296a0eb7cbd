import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { exchange } from '../../test/raw.ts'
import type { Ready } from '../base/ready.ts'
import { listen } from './node.ts'

const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [], anyHost: ['/live'] }

/** The status of one GET by a name that only an alias can be, and the origin the request then had. */
async function ask(alias: (host: string) => Ready<boolean>, path = '/x'): Promise<string> {
  const listener = await listen({ ...options, alias }, ({ origin }) => {
    return { status: 200, headers: {}, body: origin }
  })
  const head = `GET ${path} HTTP/1.1\r\nHost: alpha.example:${listener.port}\r\nConnection: close\r\n\r\n`
  const answer = await exchange(listener.port, head)
  await listener.stop()
  return answer.replaceAll(String(listener.port), 'port')
}

test('C-19 an alias that has to be looked up first is waited for', async () => {
  const answer = await ask(() => delay(20, true))
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhttp:\/\/alpha\.example:port$/)
  assert.match(await ask(() => delay(20, false)), /^HTTP\/1\.1 421 /)
})

test('T-3 aliases that cannot be read: 503, and neither the server nor its liveness ends', async () => {
  const unreadable = [
    () => Promise.reject(new Error('not readable')),
    () => {
      throw new Error('not readable')
    },
  ]
  for (const alias of unreadable) {
    assert.match(
      await ask(alias),
      /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*temporarily_unavailable/i,
    )
    assert.match(await ask(alias, '/live'), /^HTTP\/1\.1 200 /)
  }
})
