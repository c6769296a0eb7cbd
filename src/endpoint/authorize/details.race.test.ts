import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, detailsWorld, payment } from '../../../test/details.ts'
import { answerOf, decideByRest, person, redeem } from '../../../test/flow.ts'
import { bodyOf, pushed } from '../../../test/world.ts'

const w = await detailsWorld()
const details = { scope: 'openid', authorization_details: `[${payment},${account}]` }
const [paid, looked] = [payment, account].map((text) => JSON.parse(text) as unknown)

test('T-1 of two choices of details by REST at once one is granted, once, and whoever sent the other hears of that one', async () => {
  for (let i = 0; i < 5; i++) {
    const p = await person(w)
    const request_uri = await pushed(w, details)
    const done = await Promise.all(
      ['detail_0', 'detail_1'].map((name) =>
        decideByRest(p, request_uri, { choose_details: 'on', [name]: 'on' }),
      ),
    )
    const codes = done.flatMap((each) =>
      each.headers.location === undefined ? [] : [answerOf(each).get('code')],
    )
    assert.equal(new Set(codes).size, 1, JSON.stringify(codes))
    const tokens = bodyOf(await redeem(w, String(codes[0])))
    assert.ok(
      [paid, looked].some(
        (one) => JSON.stringify(tokens.authorization_details) === JSON.stringify([one]),
      ),
      JSON.stringify(tokens.authorization_details),
    )
    assert.equal((await redeem(w, String(codes[0]))).status, 400)
  }
})

test('T-1 all details and none of them at once: one of both is the answer to everybody', async () => {
  const p = await person(w)
  const request_uri = await pushed(w, details)
  const done = await Promise.all([
    decideByRest(p, request_uri),
    decideByRest(p, request_uri, { choose_details: 'on' }),
  ])
  const told = done.map((each) =>
    each.headers.location === undefined
      ? each.status
      : String(answerOf(each).get('error') ?? 'code'),
  )
  assert.ok(!(told.includes('code') && told.includes('access_denied')), String(told))
  assert.ok(told.includes('code') || told.includes('access_denied'), String(told))
})
