import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf } from '../../../test/browser.ts'
import { answerConsent, codeOf, person, redeem, refusedWith, slimUrl } from '../../../test/flow.ts'
import { postAs, redirect_uri, register } from '../../../test/register.ts'
import { bodyOf, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const json = { accept: 'application/json' }
const used = 'The request_uri has been used.'

const modes = [{}, { response_mode: 'fragment' }, { response_mode: 'form_post' }]
for (const changes of modes) {
  test(`RFC 6749 §4.1.2 a second click on Allow gets the first answer again, and so on Deny: ${JSON.stringify(changes)}`, async () => {
    for (const decision of ['allow', 'deny'] as const) {
      const p = await person(w)
      const request_uri = await pushed(w, { ...changes, state: 'a b&c', scope: 'openid' })
      const page = await p.get(slimUrl(request_uri))
      const first = await answerConsent(p, page, decision)
      assert.match(
        String(first.headers.location ?? first.body),
        decision === 'allow' ? /code/ : /access_denied/,
      )
      const writes = w.records.changeCount()
      w.clock.now += 30
      const second = await answerConsent(p, page, decision)
      assert.deepEqual(
        [second.status, second.headers.location, second.body],
        [first.status, first.headers.location, first.body],
      )
      assert.equal(w.records.changeCount(), writes)
      const other = await answerConsent(p, page, decision === 'allow' ? 'deny' : 'allow')
      assert.equal(other.status, 400)
      refusedWith(await p.get(slimUrl(request_uri), json), 'invalid_request_uri', used)
    }
  })
}

test('C-14 a code goes out again to nobody else, not after it was redeemed, not after its end', async () => {
  const p = await person(w)
  const start = async () => {
    const request_uri = await pushed(w)
    const page = await p.get(slimUrl(request_uri))
    return { request_uri, page, code: codeOf(await answerConsent(p, page)) }
  }
  const { request_uri, page, code } = await start()
  const dead = async (answer: Promise<HttpResponse>): Promise<void> => {
    const { status, headers } = await answer
    assert.deepEqual([status, headers.location], [400, undefined])
  }
  const { csrf: _, ...bare } = fieldsOf(page)
  await dead(p.post(actionOf(page), { ...bare, decision: 'allow' }))
  await dead(p.post(actionOf(page), { ...bare, csrf: p.session.token, decision: 'allow' }))
  await dead(
    p.post(actionOf(page), {
      ...fieldsOf(page),
      csrf: `${fieldsOf(page).csrf}x`,
      decision: 'allow',
    }),
  )
  await dead(answerConsent(await person(w), page))
  await dead(answerConsent(browser(w), page))
  await dead(p.get(`${slimUrl(request_uri)}&csrf=${fieldsOf(page).csrf}&decision=allow`))
  assert.equal(codeOf(await answerConsent(p, page)), code)
  assert.equal((await redeem(w, code)).status, 200)
  await dead(answerConsent(p, page))
  assert.equal((await redeem(w, code)).status, 400)
  const late = await start()
  w.clock.now += 60
  await dead(answerConsent(p, late.page))
})

test('RFC 6749 §3.1.2.2 an answer is not sent again to an address the client has no more', async () => {
  const other = await world()
  await register(other, 'moved', { core: { redirectionUris: ['https://rp.example/cb'] } })
  const p = await person(other)
  const url = slimUrl(
    String(bodyOf(await postAs(other, 'moved', '/par', pushForm({ redirect_uri }))).request_uri),
    {
      client_id: 'moved',
    },
  )
  const page = await p.get(url)
  assert.ok(codeOf(await answerConsent(p, page)) !== '')
  await register(other, 'moved', { core: { redirectionUris: ['https://elsewhere.example/cb'] } })
  const again = await answerConsent(p, page)
  assert.deepEqual([again.status, again.headers.location], [400, undefined])
})

test('RFC 6749 §4.1.2 of sixteen clicks at once that save the consent all get the one code', async () => {
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w, { prompt: 'consent' })))
  const form = { ...fieldsOf(page), decision: 'allow', save_consent: 'on' }
  const click = async () => codeOf(await p.post(actionOf(page), form))
  const codes = await Promise.all(Array.from({ length: 16 }, click))
  assert.deepEqual(codes, Array(16).fill(codes[0]))
  codeOf(await p.get(slimUrl(await pushed(w, { prompt: 'none' }))))
})
