import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, detailsWorld, payment } from '../../../test/details.ts'
import { answerOf, codeOf, person, redeem, slimUrl } from '../../../test/flow.ts'
import { askedOf, askRemotely, post, responseOf } from '../../../test/remote-consent.ts'
import { bodyOf, pushed } from '../../../test/world.ts'

const w = await detailsWorld()
await askRemotely(w)
const [paid, looked] = [payment, account].map((text) => JSON.parse(text) as unknown)

/** What comes of it when the service answers so of the details it was sent. */
async function answered(authorization_details: unknown) {
  const p = await person(w)
  const asked = await askedOf(
    w,
    await p.get(
      slimUrl(
        await pushed(w, { scope: 'openid', authorization_details: `[${payment},${account}]` }),
      ),
    ),
  )
  assert.deepEqual(asked.authorization_details, [paid, looked])
  return post(p, asked, responseOf(w, asked, { authorization_details }))
}

for (const [what, list] of [
  ['all of them', [paid, looked]],
  ['one of them', [looked]],
] as const) {
  test(`PingAM: a consent service is sent the details, and what it answers is granted: ${what}`, async () => {
    const done = await answered(list)
    assert.deepEqual(bodyOf(await redeem(w, codeOf(done))).authorization_details, list)
  })
}

for (const [what, list] of [
  ['nothing', undefined],
  ['none of them', []],
] as const) {
  test(`RFC 9396 §7 a consent service that says ${what} has denied them`, async () => {
    assert.equal(answerOf(await answered(list)).get('error'), 'access_denied')
  })
}

for (const [what, list] of [
  ['one of them twice', [paid, paid]],
  ['another amount', [JSON.parse(payment.replace('1.50', '1.51'))]],
  ['what is no object', ['payment']],
] as const) {
  test(`RFC 9396 §7 a consent service that answers ${what} is refused, and nothing is granted`, async () => {
    const done = await answered(list)
    assert.equal(done.status, 400)
    assert.match(String(done.body), /id="error_code">bad_request</)
  })
}
