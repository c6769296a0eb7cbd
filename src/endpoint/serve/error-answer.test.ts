import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { browser } from '../../../test/browser.ts'
import { slimUrl } from '../../../test/flow.ts'
import { byId, visibleText } from '../../../test/html-tree.ts'
import { register } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'
import { isoTime } from '../../base/time.ts'
import { OAuthError } from '../../protocol/error.ts'
import { assertionReasons } from '../../protocol/reason/assertion.ts'
import { clientAuthenticationReasons } from '../../protocol/reason/client-authentication.ts'
import { formReasons } from '../../protocol/reason/form.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import { reasons } from '../../protocol/reason/index.ts'
import { serviceAccountReasons } from '../../protocol/reason/service-account.ts'
import { tokenReasons } from '../../protocol/reason/token.ts'
import { visitReasons } from '../../protocol/reason/visit.ts'
import type { Endpoint } from './endpoint.ts'
import { errorAnswer } from './error-answer.ts'

const w = await world()
const realm = await w.realm()
const place = { path: '/x', errors: 'page' } as Endpoint

function refused(why: ReasonName, headers: Readonly<Record<string, string>> = {}): string {
  const [code] = reasons[why].codes
  const http = requestOf('GET', `${base}/x`, { headers })
  return String(errorAnswer(place, realm, http, new OAuthError(code, 'x', { why })).body)
}

test('house: an error page is called as its request is, and has the time of the realm’s clock', async () => {
  const named = { 'x-request-id': 'call-1/of:somebody' }
  const answer = await browser(w).get(`${base}/authorize?client_id=nobody`, named)
  assert.match(String(answer.headers['content-security-policy']), /; script-src 'self';/)
  const page = String(answer.body)
  assert.match(page, /<code id="request_id">call-1\/of:somebody<\/code>/)
  assert.equal(byId(page, 'time')?.attributes.get('datetime'), isoTime(realm.timeOfDay()))
})

test('house: the reason stands on the page where it is about what was sent, and its section beside it', () => {
  for (const why of [
    'redirect-uri-unregistered',
    'response-type-missing',
    'scope-unregistered',
    'request-object-aud',
    'request-uri-spent',
    'push-required',
  ] as const) {
    const words = visibleText(refused(why))
    assert.ok(words.includes(reasons[why].says), why)
    assert.ok(words.includes(reasons[why].section), why)
  }
})

test('house: no page says how a client proves itself, or anything of a user or an account', () => {
  const silent = Object.keys({
    ...clientAuthenticationReasons,
    ...assertionReasons,
    ...tokenReasons,
    ...serviceAccountReasons,
    ...visitReasons,
    ...formReasons,
  }) as ReasonName[]
  for (const why of silent) {
    const page = refused(why)
    assert.equal(byId(page, 'error_reason'), undefined, why)
    assert.ok(!visibleText(page).includes(reasons[why].says), why)
  }
})

test('house: where no realm could be found, a page still says the time and leads by the host', () => {
  const back = 'https://www.example.com/cb'
  const error = new OAuthError('server_error', 'x', { back })
  const page = String(errorAnswer(place, undefined, requestOf('GET', '/x'), error).body)
  assert.match(byId(page, 'time')?.attributes.get('datetime') ?? '', /^\d{4}-.*Z$/)
  assert.match(page, /id="back"[^>]*><bdi>Back to www\.example\.com</)
})

test('C-21 JSON has neither name, time nor reason of an error beside what it always had', () => {
  const http = requestOf('GET', `${base}/x`, { headers: { accept: 'application/json' } })
  const error = new OAuthError('invalid_scope', 'x', { why: 'scope-unregistered' })
  const answer = errorAnswer(place, realm, http, error)
  assert.deepEqual(bodyOf(answer), { error_description: 'x', error: 'invalid_scope' })
})

test('P-8 the page of another client’s reference is that of an unknown one', async () => {
  await register(w, 'stricter', {
    core: { redirectionUris: ['https://rp.example/cb'] },
    own: { profile: 'strict' },
  })
  const headers = { 'x-request-id': 'one' }
  const pages: string[] = []
  for (const uri of [await pushed(w), 'A'.repeat(43)]) {
    const url = slimUrl(uri, { client_id: 'stricter' })
    pages.push(String((await browser(w).get(url, headers)).body))
  }
  assert.match(pages[0] ?? '', /The request_uri is unknown/)
  assert.equal(pages[0], pages[1])
})

/** The words on the link of a page whose reference has expired, in a language. */
async function wayBack(own: World, lang: string): Promise<string> {
  const url = slimUrl(await pushed(own))
  own.clock.now += 91
  const page = String((await browser(own).get(url, { 'accept-language': lang })).body)
  return /id="back"[^>]*><bdi>([^<]*)<\/bdi>/.exec(page)?.[1] ?? ''
}

test('C-2c a link back names the client as consent does, in the language of the page', async () => {
  const own = await world()
  const names = ['Travel', 'de|Reisen & mehr']
  await amend(own, 'myClient', { coreOAuth2ClientConfig: { clientName: names } })
  assert.equal(await wayBack(own, 'en'), 'Back to Travel')
  assert.equal(await wayBack(own, 'de'), 'Zurück zu Reisen &amp; mehr')
  await amend(own, 'myClient', { advancedOAuth2ClientConfig: { name: ['de|Anzeige', 'Shown'] } })
  assert.equal(await wayBack(own, 'de'), 'Zurück zu Anzeige')
  assert.equal(await wayBack(own, 'en'), 'Back to Shown')
  await amend(own, 'myClient', {
    coreOAuth2ClientConfig: { clientName: [] },
    advancedOAuth2ClientConfig: { name: [] },
  })
  assert.equal(await wayBack(own, 'en'), 'Back to myClient')
})
