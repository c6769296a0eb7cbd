import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { withEvents } from '../../../test/events.ts'
import { answerOf, codeOf, person, redeem, slimUrl } from '../../../test/flow.ts'
import { askedOf, askRemotely, post, responseOf } from '../../../test/remote-consent.ts'
import { pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
await askRemotely(w)

async function started(changes = {}) {
  const p = await person(w)
  const asked = await askedOf(w, await p.get(slimUrl(await pushed(w, changes))))
  return { p, asked }
}

function isDead({ status, headers }: HttpResponse): void {
  assert.deepEqual([status, headers.location], [400, undefined])
}

const answers = [
  {},
  { save_consent: true },
  { scopes: ['openid'] },
  { decision: false, scopes: [] },
]
for (const changes of answers) {
  test(`PingAM: remote-consent the same answer once more is answered as the first time, and no other is: ${JSON.stringify(changes)}`, async () => {
    const { p, asked } = await started({ scope: 'openid write', state: 'a b&c', prompt: 'consent' })
    const token = responseOf(w, asked, changes)
    const first = await post(p, asked, token)
    assert.equal(answerOf(first).get('state'), 'a b&c')
    const writes = w.records.changeCount()
    w.clock.now += 30
    const second = await post(p, asked, token)
    assert.deepEqual(
      [second.status, second.headers.location, second.body],
      [first.status, first.headers.location, first.body],
    )
    assert.equal(w.records.changeCount(), writes)
    for (const other of [
      { ...changes, exp: w.clock.now + 200 },
      { decision: !('decision' in changes) },
    ])
      isDead(await post(p, asked, responseOf(w, asked, { ...changes, ...other })))
    isDead(await post(p, asked, `${token}x`))
    isDead(await post(p, asked, ''))
    isDead(await post(await person(w), asked, token))
  })
}

test('PingAM: remote-consent of eight posts of one answer at once all get the one code, and what was saved stays', async () => {
  for (const save_consent of [false, true]) {
    const { p, asked } = await started({ prompt: 'consent' })
    const token = responseOf(w, asked, { save_consent })
    const { value: result, events } = await withEvents(() =>
      Promise.all(Array.from({ length: 8 }, () => post(p, asked, token))),
    )
    const codes = result.map((each) => codeOf(each))
    assert.deepEqual(codes, Array(8).fill(codes[0]))
    assert.equal(events.filter(({ name }) => name === 'authorization.issued').length, 1)
    assert.equal((await redeem(w, codes[0] ?? '')).status, 200)
    if (save_consent) codeOf(await p.get(slimUrl(await pushed(w, { prompt: 'none' }))))
  }
})

test('C-14 the code of a consent_response goes out again not after it was redeemed, and not after its end', async () => {
  for (const end of ['redeemed', 'over'] as const) {
    const { p, asked } = await started({ prompt: 'consent' })
    const token = responseOf(w, asked)
    const code = codeOf(await post(p, asked, token))
    if (end === 'over') w.clock.now += 60
    else assert.equal((await redeem(w, code)).status, 200)
    isDead(await post(p, asked, token))
  }
})

for (const [entry, words] of [
  ['write|', null],
  ['write|  ', null],
  ['write|Pen', 'Pen'],
  ['write', 'write'],
] as const)
  test(`PingAM: remote-consent a scope whose words show nothing is not to be shown: ${JSON.stringify(entry)}`, async () => {
    const own = await world()
    await askRemotely(own)
    await amend(own, 'myClient', { coreOAuth2ClientConfig: { scopes: ['openid', entry] } })
    const p = await person(own)
    const asked = await askedOf(own, await p.get(slimUrl(await pushed(own))))
    assert.equal(asked.scopes.write, words)
  })
