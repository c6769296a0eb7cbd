import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { people, request } from '../../../test/people.ts'
import { trials } from '../../../test/scale.ts'
import { OAuthError } from '../../protocol/error.ts'
import { authenticate } from './authenticate.ts'

const { alpha } = await people()
const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Read = any

async function post(body: string, query = ''): Promise<{ status: number; json: Read }> {
  try {
    const answer = await authenticate.handle(
      alpha,
      request('POST', `/authenticate?${query}`, headers, body),
    )
    return { status: answer.status, json: JSON.parse(String(answer.body)) }
  } catch (e) {
    if (e instanceof OAuthError) return { status: e.status, json: {} }
    throw e
  }
}

const names = fc.constantFrom('IDToken1', 'IDToken2', 'IDToken3', '__proto__', 'constructor', '')
const input = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: names, value: fc.jsonValue({ maxDepth: 1 }) }) },
  fc.jsonValue(),
)
const callback = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constantFrom('NameCallback', 'PasswordCallback', 'HiddenValueCallback', 'x'),
        input: fc.oneof(fc.array(input, { maxLength: 3 }), fc.jsonValue()),
        output: fc.jsonValue(),
        _id: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  },
  fc.jsonValue(),
)
const callbacks = fc.oneof(
  { weight: 4, arbitrary: fc.array(callback, { maxLength: 4 }) },
  fc.jsonValue(),
)

test('H-6 whatever is sent back as callbacks is answered, and logs nobody in', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  await fc.assert(
    fc.asyncProperty(callbacks, async (sent) => {
      const { json: step } = await post('')
      const { status, json } = await post(JSON.stringify({ ...step, callbacks: sent }))
      assert.ok([200, 400, 401, 429].includes(status), String(status))
      assert.equal(json.tokenId, undefined)
      if (status === 200) assert.equal(json.callbacks.length, 2)
    }),
    { numRuns: trials(10_000) },
  )
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before)
})

test('H-6 whatever stands in the query, or as the body, is answered', async () => {
  const name = fc.constantFrom(
    'authIndexType',
    'authIndexValue',
    'goto',
    'locale',
    'noSession',
    'sessionUpgradeSSOTokenId',
  )
  const type = fc.constantFrom(
    'service',
    'level',
    'composite_advice',
    'resource',
    'transaction',
    '__proto__',
  )
  const value = fc.oneof(type, fc.string({ unit: 'binary' }), fc.constant('<Advices>'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, value), { maxLength: 4 }),
      fc.jsonValue(),
      async (pairs, body) => {
        const query = pairs
          .map(([key, text]) => `${key}=${encodeURIComponent(text.toWellFormed())}`)
          .join('&')
        for (const text of ['', JSON.stringify(body)]) {
          const { status } = await post(text, query)
          assert.ok([200, 400, 401].includes(status), String(status))
        }
      },
    ),
    { numRuns: trials(8_000) },
  )
})
