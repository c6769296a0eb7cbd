import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf } from '../../../test/world.ts'
import { certificateMethods, provingMethods } from './index.ts'
import type { Sign } from './method.ts'
import { none } from './none.ts'

/** Everything by which any method may be announced, with values a request could have. */
const pieces: readonly (readonly [sign: Sign, value: string])[] = [
  [{ header: 'authorization' }, `Basic ${Buffer.from('a:b').toString('base64')}`],
  [{ header: 'authorization' }, 'Bearer x'],
  [{ header: 'authorization' }, ''],
  [{ field: 'client_secret' }, 'b'],
  [{ field: 'client_secret' }, ''],
  [{ field: 'client_assertion' }, 'a.b.c'],
  [{ field: 'client_assertion_type' }, 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
  [{ field: 'client_id' }, 'a'],
]

/** Requests with every choice out of these. */
function* requests() {
  for (let chosen = 0; chosen < 1 << pieces.length; chosen++) {
    const sent = pieces.filter((_, i) => (chosen >> i) & 1)
    const headers: Record<string, string> = {}
    const form = new Map<string, string>()
    for (const [sign, value] of sent) {
      if ('header' in sign) headers[sign.header] = value
      else form.set(sign.field, value)
    }
    yield { sent: sent.map(([sign]) => JSON.stringify(sign)), headers, form }
  }
}

test('OA-2 a method finds credentials only where it is announced, and what is announced is never passed over', () => {
  let presented = 0
  for (const { sent, headers, form } of requests()) {
    const http = requestOf('POST', '/par', { headers })
    for (const method of provingMethods) {
      const announced = method.announcedBy.some((sign) => sent.includes(JSON.stringify(sign)))
      const credentials = method.presented(http, form)
      if (credentials !== undefined) presented += 1
      // What announces an assertion does so for each kind of it; which one it is its header says.
      const asked = announced || credentials === undefined
      assert.ok(asked, `${method.name} presents credentials that nothing announced: ${sent}`)
    }
    const found = provingMethods.filter((each) => each.presented(http, form) !== undefined)
    const announced = provingMethods.some(({ announcedBy }) =>
      announcedBy.some((sign) => sent.includes(JSON.stringify(sign))),
    )
    assert.equal(found.length > 0, announced, `announced, and passed over: ${sent}`)
  }
  assert.ok(presented > 0)
})

test('OA-2, RFC 8705 §2 methods without credentials in the message are announced by nothing in it', () => {
  for (const { name, announcedBy } of [...certificateMethods, none])
    assert.deepEqual(announcedBy, [], name)
  for (const { name, announcedBy } of provingMethods) assert.ok(announcedBy.length > 0, name)
})
