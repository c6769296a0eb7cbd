import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base, requestOf, world } from '../../../test/world.ts'
import { json } from '../../base/http.ts'
import { oneATurn } from '../../base/one-a-turn.ts'
import { nextTurn } from '../../base/time.ts'
import { OAuthError } from '../../protocol/error.ts'
import { answer } from '../serve/answer.ts'
import type { Endpoint } from '../serve/endpoint.ts'

const w = await world()
const realm = await w.realm()
const get = requestOf('GET', `${base}/x`)

function endpoint(handle: Endpoint['handle'], changes: Partial<Endpoint> = {}): Endpoint {
  return {
    ...{ path: '/x', under: 'oauth2', methods: ['GET'], errors: 'oauth', cors: false },
    handle,
    ...changes,
  }
}

const ends: [how: string, end: () => undefined][] = [
  ['answered', () => undefined],
  [
    'refused',
    () => {
      throw new OAuthError('invalid_request', 'no')
    },
  ],
]
for (const [how, end] of ends) {
  test(`C-34 people are let in once a client that waits is ${how}`, async () => {
    await nextTurn()
    const { promise, resolve } = Promise.withResolvers<void>()
    const client = answer(
      endpoint(async () => {
        await promise
        end()
        return json(200, {})
      }),
      realm,
      get,
    )
    const order: string[] = []
    const person = answer(
      endpoint(
        () => {
          order.push('person')
          return json(200, {})
        },
        { unhurried: { hashed: () => undefined, crowded: () => json(503, {}) } },
      ),
      realm,
      get,
    )
    for (let turn = 0; turn < 5; turn += 1) await nextTurn()
    order.push('client')
    resolve()
    const statuses = [(await client).status, (await person).status]
    assert.deepEqual(statuses, [how === 'answered' ? 200 : 400, 200])
    assert.deepEqual(order, ['client', 'person'])
    await nextTurn()
    await nextTurn()
    const alone = oneATurn(() => 'at once')
    assert.equal(alone, 'at once', 'nothing is under way any more')
  })
}
