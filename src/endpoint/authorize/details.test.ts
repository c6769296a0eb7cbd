import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, fieldsOf } from '../../../test/browser.ts'
import { account as accountDetail, detailsWorld, payment } from '../../../test/details.ts'
import type { Changes, Person } from '../../../test/flow.ts'
import {
  account,
  answerConsent,
  answerOf,
  authorizeUrl,
  codeOf,
  decideByRest,
  isConsentPage,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import { byId, elements, visibleText } from '../../../test/html-tree.ts'
import { bodyOf, pushed, pushForm, requestOf } from '../../../test/world.ts'

const w = await detailsWorld()
const both = { scope: 'openid', authorization_details: `[${payment},${accountDetail}]` }
const one = { scope: 'openid', authorization_details: `[${payment}]` }

async function visit(p: Person, changes: Changes, more: Changes = {}) {
  return p.get(slimUrl(await pushed(w, changes), more))
}

async function granted(done: Parameters<typeof codeOf>[0]): Promise<unknown> {
  return bodyOf(await redeem(w, codeOf(done))).authorization_details
}

const [paid, looked] = [payment, accountDetail].map((text) => JSON.parse(text) as unknown)

test('RFC 9396 §7 each detail is a line with a box, in the realm’s words, or with its values', async () => {
  const page = String((await visit(await person(w), both)).body)
  const text = visibleText(page)
  assert.match(text, /Payment Pay 1\.50 EUR to Café \/ Zoë/)
  assert.match(text, /Account actions list, read/)
  const boxes = elements(page, 'input').filter(
    ({ attributes }) => attributes.get('type') === 'checkbox',
  )
  assert.deepEqual(
    boxes.map(({ attributes }) => [
      attributes.get('name'),
      attributes.has('checked'),
      attributes.get('form'),
    ]),
    [
      ['detail_0', true, 'consent_form'],
      ['detail_1', true, 'consent_form'],
      ['save_consent', false, undefined],
    ],
  )
})

test('RFC 9396 §7 one detail alone has no box; the words are in the language of the request', async () => {
  const page = String((await visit(await person(w), { ...one, ui_locales: 'de' })).body)
  assert.match(visibleText(page), /Zahlung 1\.50 EUR an Café \/ Zoë zahlen/)
  assert.equal(byId(page, 'detail_0'), undefined)
  assert.equal(page.includes('choose_details'), false)
})

test('RFC 9396 §12 what a client writes into a detail is text on the page, and in no URL', async () => {
  const evil = payment.replace('Caf\\u00e9', '</bdi><script>alert(1)</script>\\u202e')
  const page = await visit(await person(w), { ...one, authorization_details: `[${evil}]` })
  assert.equal(elements(String(page.body), 'script').length, 0)
  assert.match(visibleText(String(page.body)), /<\/bdi><script>alert\(1\)<\/script> /)
})

const choices: readonly (readonly [what: string, boxes: readonly string[], granted: unknown])[] = [
  ['both boxes', ['detail_0', 'detail_1'], [paid, looked]],
  ['the first', ['detail_0'], [paid]],
  ['the second', ['detail_1'], [looked]],
  ['the second, and one that nobody asked for', ['detail_1', 'detail_7'], [looked]],
  ['none', [], undefined],
  ['one that nobody asked for', ['detail_31'], undefined],
]
for (const [what, boxes, left] of choices) {
  const ticked = Object.fromEntries(boxes.map((name) => [name, 'on']))
  test(`RFC 9396 §7 the page with ${what} ticked: ${left === undefined ? 'access_denied' : 'that is granted'}`, async () => {
    const p = await person(w)
    const done = await answerConsent(p, await visit(p, both), 'allow', ticked)
    if (left === undefined) assert.equal(answerOf(done).get('error'), 'access_denied')
    else assert.deepEqual(await granted(done), left)
  })
  test(`PingAM: the same by REST, ${what}`, async () => {
    const p = await person(w)
    const form = { choose_details: 'on', ...ticked }
    const done = await decideByRest(p, await pushed(w, both), form)
    if (left === undefined) assert.equal(answerOf(done).get('error'), 'access_denied')
    else assert.deepEqual(await granted(done), left)
  })
}

test('PingAM: a decision by REST that says nothing of details allows all of them', async () => {
  const done = await decideByRest(await person(w), await pushed(w, both))
  assert.deepEqual(await granted(done), [paid, looked])
})

test('C-16 a pushed decision allows all of them', async () => {
  const p = await person(w)
  const done = await visit(p, { ...both, decision: 'allow', csrf: p.session.token })
  assert.deepEqual(await granted(done), [paid, looked])
})

test('C-6 what is chosen counts in the body of a decision alone, never in a URL or a push', async () => {
  const p = await person(w)
  const chosen = { choose_details: 'on', detail_1: 'on' }
  const page = await p.get(slimUrl(await pushed(w, { ...both, ...chosen }), chosen))
  assert.deepEqual(await granted(await decideByRest(p, String(fieldsOf(page).request_uri))), [
    paid,
    looked,
  ])
})

test('a second click gets the same answer, of a choice and of a refusal', async () => {
  for (const ticked of [{ detail_1: 'on' }, {}]) {
    const p = await person(w)
    const page = await visit(p, both)
    const first = await answerConsent(p, page, 'allow', ticked)
    const second = await answerConsent(p, page, 'allow', ticked)
    assert.equal(second.headers.location, first.headers.location)
  }
})

test('an unpushed request keeps its details through the page, and its choice', async () => {
  const p = await person(w)
  const page = await p.get(authorizeUrl({ client_id: 'myClient', ...pushForm(both) }))
  assert.ok(isConsentPage(page), String(page.headers.location))
  const done = await p.post(actionOf(page), {
    ...fieldsOf(page),
    decision: 'allow',
    detail_0: 'on',
  })
  assert.deepEqual(await granted(done), [paid])
})

const amended = payment.replace('1.50', '1.51')
const reordered = JSON.stringify(Object.fromEntries(Object.entries(paid as object).reverse()))
const saved: readonly (readonly [what: string, asked: string, covered: boolean])[] = [
  ['the same', payment, true],
  ['the same in another order', reordered, true],
  ['another amount', amended, false],
  ['the same and one more', `${payment},${accountDetail}`, false],
  ['one that was left out', accountDetail, false],
]
for (const [what, asked, covered] of saved) {
  test(`PingAM: saved consent for ${what}: ${covered ? 'is enough' : 'is asked for'}`, async () => {
    const user = await account(w, what.replaceAll(' ', '-'))
    const p = await person(w, { user })
    const first = await visit(p, both)
    const done = await answerConsent(p, first, 'allow', { detail_0: 'on', save_consent: 'on' })
    assert.deepEqual(await granted(done), [paid])
    const again = await visit(p, { ...both, authorization_details: `[${asked}]` })
    assert.equal(isConsentPage(again), !covered)
    assert.equal(isConsentPage(await visit(p, { scope: 'openid' })), false, 'scopes alone')
  })
}

test('OIDC Core §3.1.2.1 prompt=none goes on for what was saved, and for nothing else', async () => {
  const p = await person(w, { user: await account(w, 'silent') })
  await answerConsent(p, await visit(p, one), 'allow', { save_consent: 'on' })
  assert.deepEqual(await granted(await visit(p, { ...one, prompt: 'none' })), [paid])
  const other = await visit(p, { ...both, prompt: 'none' })
  assert.equal(answerOf(other).get('error'), 'consent_required')
})

test('C-33 no detail stands in a login URL, a cookie or an answer of a push', async () => {
  const push = await w.serve(requestOf('GET', slimUrl(await pushed(w, one))))
  const told = JSON.stringify([push.headers, push.body])
  for (const word of ['Caf', 'payment', 'creditor']) assert.equal(told.includes(word), false, word)
})
