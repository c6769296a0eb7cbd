import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerConsent,
  answerOf,
  codeFor,
  codeOf,
  decideByRest,
  isConsentPage,
  person,
  redeem,
  refresh,
  refusedWith,
  slimUrl,
  somebody,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post } from '../../../test/register.ts'
import { basic, bodyOf, pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const crowd = 64

function times<T>(run: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: crowd }, (_, i) => run(i)))
}

function hasCode({ headers }: HttpResponse): boolean {
  return /[?#&]code=/.test(String(headers.location))
}

test('T-1 64 browsers finish one request_uri at once: exactly one code, nobody else harmed', async () => {
  const people = await times(() => person(w))
  for (const response_type of ['code', 'code token id_token']) {
    const request_uri = await pushed(w, { response_type, scope: 'openid', nonce: 'n' })
    const answers = await Promise.all(people.map((p) => decideByRest(p, request_uri)))
    const winners = answers.filter(hasCode)
    assert.equal(winners.length, 1)
    for (const lost of answers.filter((answer) => !hasCode(answer))) {
      assert.equal(lost.status, 400)
      assert.match(String(lost.body), /invalid_request_uri/)
    }
    const [winner] = winners as [HttpResponse]
    const code = String(answerOf(winner).get('code'))
    assert.equal((await redeem(w, code)).status, 200)
  }
})

test('T-1 64 browsers open one request_uri at once: one is asked for consent, one code', async () => {
  const people = await times(() => person(w))
  const request_uri = await pushed(w)
  const pages = await Promise.all(people.map((p) => p.get(slimUrl(request_uri))))
  assert.equal(pages.filter(isConsentPage).length, 1)
  const asked = pages.findIndex(isConsentPage)
  const p = people[asked] as (typeof people)[0]
  assert.ok(codeOf(await answerConsent(p, pages[asked] as HttpResponse)) !== '')
})

test('T-1 one browser presses Allow 64 times at once: one code, in every answer', async () => {
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  const answers = await times(() => answerConsent(p, page))
  assert.ok(answers.every(hasCode))
  assert.equal(new Set(answers.map(codeOf)).size, 1)
})

test('T-1 allow and deny at once: one of them', async () => {
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  const answers = await times((i) => answerConsent(p, page, i % 2 === 0 ? 'allow' : 'deny'))
  const sent = answers.flatMap(({ headers }) => headers.location ?? [])
  assert.equal(sent.length, crowd / 2)
  assert.equal(new Set(sent).size, 1)
})

test('T-1 allow for good and deny at once: what is denied is asked again next time, what is allowed is not', async () => {
  const kept = new Set<boolean>()
  for (let i = 0; i < 20; i += 1) {
    const p = await person(w, { user: await somebody(w) })
    const page = await p.get(slimUrl(await pushed(w)))
    const allow = answerConsent(p, page, 'allow', { save_consent: 'on' })
    for (let turn = 0; turn < i; turn += 1) await new Promise(setImmediate)
    const deny = answerConsent(p, page, 'deny')
    const [one] = await Promise.all([allow, deny])
    const allowed = hasCode(one)
    kept.add(allowed)
    assert.equal(isConsentPage(await p.get(slimUrl(await pushed(w)))), !allowed)
  }
  assert.deepEqual([...kept].sort(), [false, true])
})

test('T-1, C-14 64 redemptions of one code: one answer, and the replays have ended the grant', async () => {
  for (const late of [0, 59]) {
    const code = await codeFor(w, { scope: 'openid' })
    w.clock.now += late
    const answers = await times(() => redeem(w, code))
    const won = answers.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    for (const lost of answers.filter(({ status }) => status !== 200))
      refusedWith(lost, 'invalid_grant')
    const { access_token, refresh_token } = bodyOf(won[0] as HttpResponse)
    assert.equal((await withToken(w, '/userinfo', access_token)).status, 401)
    refusedWith(await refresh(w, refresh_token), 'invalid_grant', 'grant is invalid')
  }
})

test('T-1 64 redemptions at the very end of life: none', async () => {
  const code = await codeFor(w)
  w.clock.now += 60
  for (const lost of await times(() => redeem(w, code)))
    refusedWith(lost, 'invalid_grant', 'Authorization code expired.')
})

test('T-1, C-3 64 uses of one refresh token: one successor, the same for all', async () => {
  const { refresh_token } = await tokensFor(w, { scope: 'openid' })
  const answers = await times(() => refresh(w, refresh_token))
  for (const { status, body } of answers) assert.equal(status, 200, String(body))
  const successors = new Set(answers.map((answer) => bodyOf(answer).refresh_token))
  assert.equal(successors.size, 1)
  assert.notEqual([...successors][0], refresh_token)
  const access = new Set(answers.map((answer) => bodyOf(answer).access_token))
  assert.equal(access.size, 1, 'one write, not 64')
  assert.equal((await refresh(w, [...successors][0])).status, 200)
})

test('T-1 a refresh and its revocation at once leave nothing that works', async () => {
  const { refresh_token, access_token } = await tokensFor(w, { scope: 'openid' })
  const [refreshed] = await Promise.all([
    refresh(w, refresh_token),
    post(w, '/token/revoke', { token: String(refresh_token) }, { authorization: basic() }),
  ])
  const all = refreshed.status === 200 ? [bodyOf(refreshed).access_token] : []
  for (const token of [access_token, ...all])
    assert.equal((await withToken(w, '/userinfo', token)).status, 401)
})
