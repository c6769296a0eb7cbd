import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keySet } from '../../test/assertion.ts'
import { withEvents } from '../../test/events.ts'
import { asked, es256, publishes, statusOf, w } from '../../test/key-site.ts'
import { register } from '../../test/register.ts'

test('S-2 a server that switches to another protocol is refused like any other status, at once', async () => {
  const path = await publishes('switching', (_, response) => {
    response.socket?.write(
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    )
  })
  const { value, events } = await withEvents(() => statusOf('switching'))
  assert.equal(value, 400)
  assert.equal(asked.get(path), 1)
  const told = events.find(({ name }) => name === 'client.keys_not_fetched')
  assert.match(String(told?.fields.reason), /status 101/)
})

const kept: readonly (readonly [says: string, timeout: number, fetchedAgainAfter: number])[] = [
  ['', 3_600_000, 3600],
  ['public', 3_600_000, 3600],
  ['max-age=86400', 3_600_000, 3600],
  ['max-age=120', 3_600_000, 120],
  ['private, max-age=60', 3_600_000, 60],
  ['no-store', 3_600_000, 5],
  ['no-cache, no-store, max-age=0, must-revalidate', 3_600_000, 5],
  ['max-age=1', 3_600_000, 5],
  ['max-age=86400', 30_000, 30],
  ['no-store', 2000, 2],
]
for (const [says, jwksCacheTimeout, after] of kept) {
  test(`RFC 9111 §5.2.2 keys served with "${says}" are fetched again after ${after} s of ${jwksCacheTimeout / 1000}`, async () => {
    const name = `kept ${says} ${jwksCacheTimeout}`
    const headers = says === '' ? {} : { 'cache-control': says }
    const path = await publishes(
      name,
      (_, response) => response.writeHead(200, headers).end(keySet(es256)),
      { jwksCacheTimeout },
    )
    for (const [pause, count] of [
      [0, 1],
      [after - 1, 1],
      [1, 2],
      [after - 1, 2],
      [1, 3],
    ] as const) {
      w.clock.now += pause
      assert.equal(await statusOf(name), 201)
      assert.equal(asked.get(path), count)
    }
  })
}

const good = JSON.parse(keySet(es256)).keys[0]
const withStrange = JSON.stringify({ keys: [null, good, 'x'] })

test('RFC 7517 §5 what is no key in a published set is passed over, with one alarm', async () => {
  await publishes('strange', withStrange, { jwksCacheTimeout: 10_000 })
  const { events } = await withEvents(async () => {
    for (let i = 0; i < 3; i++) {
      assert.equal(await statusOf('strange'), 201)
      w.clock.now += 10
    }
  })
  const told = events.filter(({ name }) => name === 'client.key_set_malformed')
  assert.deepEqual(
    told.map(({ level, fields }) => [level, fields.client_id, fields.reason]),
    [['alarm', 'strange', 'keys[0]: no object, keys[2]: no object']],
  )
})

test('RFC 7517 §5 what is no key in a registered set is passed over, with one alarm', async () => {
  const { events } = await withEvents(async () => {
    await register(w, 'strange here', {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: withStrange,
        tokenEndpointAuthSigningAlgorithm: 'ES256',
      },
    })
    for (let i = 0; i < 3; i++) assert.equal(await statusOf('strange here'), 201)
  })
  assert.equal(events.filter(({ name }) => name === 'client.key_set_malformed').length, 1)
})

test('S-2 a failed fetch is logged once, however many wait, and its reason is cut off', async () => {
  const path = await publishes('failing much', (_, response) => {
    setTimeout(() => response.end(JSON.stringify({ keys: [{ k: 'x'.repeat(5000) }] })), 50)
  })
  const { value, events } = await withEvents(() =>
    Promise.all(Array.from({ length: 20 }, () => statusOf('failing much'))),
  )
  assert.ok(value.every((status) => status === 400))
  assert.equal(asked.get(path), 1)
  const told = events.filter(({ name }) => name === 'client.keys_not_fetched')
  assert.equal(told.length, 1)
  assert.ok(String(told[0]?.fields.reason).length <= 300)
})
