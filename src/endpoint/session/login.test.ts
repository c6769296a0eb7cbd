import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormBrowser } from '../../../test/form-browser.ts'
import { actionOf, authIdOf, formBrowser } from '../../../test/form-browser.ts'
import { elements, structure, tokens } from '../../../test/html-tree.ts'
import { people, request, setCookies, start } from '../../../test/people.ts'
import { hostileTexts } from '../../../test/xss.ts'
import type { LoginHints } from '../../authorization/login-hints.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { parseClient } from '../../client/client.ts'
import { openAuthId } from '../../journey/auth-id.ts'
import { OAuthError } from '../../protocol/error.ts'
import { profiles } from '../../protocol/profile.ts'
import type { Realm } from '../../realm/realm.ts'
import { readSession } from '../../session/session.ts'
import { authenticate } from './authenticate.ts'
import { login } from './login.ts'

const authorize =
  'http://localhost:8080/am/oauth2/realms/root/realms/alpha/authorize?client_id=myClient&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax'
const client: Client = parseClient(
  Buffer.from(JSON.stringify({ client_id: 'myClient', document: {}, secrets: [] })),
  1,
)
const hints: LoginHints = {
  client,
  login_hint: undefined,
  ui_locales: [],
  redirect_uri: 'https://www.example.com:443/callback',
  active: false,
}

function browser(realm: Realm, found?: LoginHints, more: Partial<HttpRequest> = {}): FormBrowser {
  const endpoint = login((_realm, goto) => (goto === authorize ? found : undefined))
  return formBrowser((http) => endpoint.handle(realm, http), '/am/XUI/', more)
}

const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
const toAuthorize = encodeForm([
  ['realm', '/alpha'],
  ['service', 'Login'],
  ['goto', authorize],
])

test('PingAM: the page asks, the form is answered with a session and the way back to goto', async () => {
  const { alpha, demo } = await people()
  const visitor = browser(alpha, hints)
  const page = await visitor.get(toAuthorize)
  assert.equal(page.status, 200)
  assert.equal(page.headers['content-type'], 'text/html;charset=UTF-8')
  assert.equal(actionOf(page), toAuthorize)
  const done = await visitor.post(actionOf(page), { ...right, authId: authIdOf(page) })
  assert.deepEqual([done.status, done.headers.location], [303, authorize])
  const session = await readSession(alpha, visitor.jar.get('iPlanetDirectoryPro') ?? '')
  assert.deepEqual([session?.sub, session?.journey], [demo.sub, 'Login'])
  assert.equal(visitor.jar.has('parapet-login'), false)
})

test('PingAM: without goto the page says that the user is logged in', async () => {
  const { alpha } = await people()
  const visitor = browser(alpha)
  const page = await visitor.get('realm=/alpha')
  const done = await visitor.post(actionOf(page), { ...right, authId: authIdOf(page) })
  assert.equal(done.status, 200)
  assert.match(String(done.body), /id="signed_in"/)
  assert.ok(visitor.jar.get('iPlanetDirectoryPro'))
})

test('PingAM: a wrong password brings the page again with 401, and then it can be put right', async () => {
  const { alpha } = await people()
  const visitor = browser(alpha, hints)
  const page = await visitor.get(toAuthorize)
  const failed = await visitor.post(toAuthorize, {
    ...right,
    IDToken2: 'wrong',
    authId: authIdOf(page),
  })
  assert.equal(failed.status, 401)
  assert.match(String(failed.body), /role="alert"/)
  assert.equal(visitor.jar.has('iPlanetDirectoryPro'), false)
  assert.doesNotMatch(String(failed.body), /wrong/)
  const done = await visitor.post(toAuthorize, { ...right, authId: authIdOf(failed) })
  assert.equal(done.status, 303)
})

test('PingAM: the journey is named by service or authIndexValue, an unknown one is refused', async () => {
  const { alpha } = await people({ journeys: ['Login', 'Password'] })
  const visitor = browser(alpha)
  for (const query of ['service=Password', 'authIndexType=service&authIndexValue=Password']) {
    const opened = openAuthId(alpha, authIdOf(await visitor.get(query)))
    assert.ok(typeof opened === 'object' && opened.journey === 'Password')
  }
  for (const query of ['service=Missing', 'authIndexValue=__proto__', 'service=login']) {
    await assert.rejects(visitor.get(query), (e) => e instanceof OAuthError && e.status === 400)
  }
})

test('C-30 a form counts only in the browser it was given to', async () => {
  const { alpha } = await people()
  const attacker = browser(alpha)
  const victim = browser(alpha)
  const theirs = await attacker.get('realm=/alpha')
  const crossed = { ...right, authId: authIdOf(theirs) }
  for (const visited of [false, true]) {
    if (visited) await victim.get('realm=/alpha')
    const answer = await victim.post('realm=/alpha', crossed)
    assert.equal(answer.status, 400)
    assert.equal(victim.jar.has('iPlanetDirectoryPro'), false)
    assert.ok(authIdOf(answer))
  }
  const mine = await victim.get('realm=/alpha')
  victim.jar.set('parapet-login', `${victim.jar.get('parapet-login')}; parapet-login=x`)
  assert.equal(
    (await victim.post('realm=/alpha', { ...right, authId: authIdOf(mine) })).status,
    400,
  )
})

test('C-30 the authId of a form is of no use to the JSON API, nor the other way round', async () => {
  const { alpha } = await people()
  const visitor = browser(alpha)
  const page = await visitor.get('realm=/alpha')
  const headers = { 'x-requested-with': 'x', 'content-type': 'application/json' }
  const callbacks = Object.entries(right).map(([name, value]) => ({ input: [{ name, value }] }))
  const post = (body: unknown) =>
    authenticate.handle(alpha, request('POST', '/authenticate', headers, JSON.stringify(body)))
  assert.equal((await post({ authId: authIdOf(page), callbacks })).status, 400)
  const { authId } = JSON.parse(String((await post({})).body))
  assert.equal((await visitor.post('realm=/alpha', { ...right, authId })).status, 400)
  assert.equal((await post({ authId, callbacks })).status, 200)
})

test('C-30 two pages opened at once both serve', async () => {
  const { alpha } = await people()
  const visitor = browser(alpha)
  const first = await visitor.get('realm=/alpha')
  await visitor.get('realm=/alpha')
  assert.equal(
    (await visitor.post('realm=/alpha', { ...right, authId: authIdOf(first) })).status,
    200,
  )
})

test('B-3 a form that is too old, of another journey or made up comes again as a fresh page', async () => {
  const { alpha, clock } = await people()
  const visitor = browser(alpha)
  const page = await visitor.get('service=Login')
  clock.now = start + 300
  const stale = await visitor.post('service=Login', { ...right, authId: authIdOf(page) })
  assert.equal(stale.status, 400)
  const other = await visitor.get('service=Password')
  for (const authId of ['', 'x', authIdOf(other)]) {
    assert.equal((await visitor.post('service=Login', { ...right, authId })).status, 400)
  }
  const done = await visitor.post('service=Login', { ...right, authId: authIdOf(stale) })
  assert.equal(done.status, 200)
})

test('B-2 the session from before the login is worthless after it', async () => {
  const { alpha } = await people()
  const visitor = browser(alpha)
  const logIn = async () => {
    const page = await visitor.get('realm=/alpha&ForceAuth=true')
    await visitor.post('realm=/alpha', { ...right, authId: authIdOf(page) })
    return visitor.jar.get('iPlanetDirectoryPro') ?? ''
  }
  const first = await logIn()
  const second = await logIn()
  assert.notEqual(first, second)
  assert.equal(await readSession(alpha, first), undefined)
  assert.ok(await readSession(alpha, second))
})

test('R-6 a goto to another site is dropped from the page and from the answer', async () => {
  const { alpha } = await people()
  for (const goto of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https:evil.example',
    'javascript:alert(1)',
  ]) {
    const visitor = browser(alpha)
    const query = encodeForm([['goto', goto]])
    const page = await visitor.get(query)
    assert.doesNotMatch(actionOf(page), /goto/)
    const done = await visitor.post(query, { ...right, authId: authIdOf(page) })
    assert.deepEqual([done.status, done.headers.location], [200, undefined])
  }
})

test('C-30 B-6 the page may post to itself and lead on to the proven redirect URI, and is framed by nobody', async () => {
  const { alpha } = await people()
  const policy = async (found: LoginHints | undefined) => {
    const page = await browser(alpha, found).get(toAuthorize)
    assert.equal(page.headers['x-frame-options'], 'DENY')
    assert.equal(page.headers['cache-control'], 'no-store')
    return String(page.headers['content-security-policy'])
  }
  assert.match(await policy(hints), /form-action 'self' https:;/)
  assert.match(await policy(undefined), /form-action 'self';/)
})

test('OIDC Core §3.1.2.1 the page speaks ui_locales and begins with the hint', async () => {
  const { alpha } = await people()
  const german = { ...hints, ui_locales: ['de-AT', 'en'], login_hint: 'demo' }
  const page = String((await browser(alpha, german).get(toAuthorize)).body)
  assert.match(page, /<html lang="de">/)
  const [name] = elements(page, 'input').filter((each) => each.attributes.get('id') === 'username')
  assert.equal(name?.attributes.get('value'), 'demo')
  assert.equal(name?.attributes.get('name'), 'IDToken1')
})

test('X-1 hostile hints and gotos change no tag of the page', async () => {
  const { alpha } = await people()
  const plain = structure(
    String((await browser(alpha, { ...hints, login_hint: 'x' }).get(toAuthorize)).body),
  )
  const own = structure(String((await browser(alpha).get('realm=/alpha')).body))
  for (const text of hostileTexts) {
    const page = await browser(alpha, { ...hints, login_hint: text, ui_locales: [text] }).get(
      toAuthorize,
    )
    assert.deepEqual(structure(String(page.body)), plain)
    const gone = encodeForm([
      ['goto', `/am/x?${text.toWellFormed()}`],
      ['realm', '/alpha'],
    ])
    assert.deepEqual(structure(String((await browser(alpha).get(gone)).body)), own)
  }
})

test('P-1 C-33 neither hint nor password stands in a cookie or an address', async () => {
  const { alpha } = await people()
  const marked = { ...hints, login_hint: 'marker-hint' }
  const visitor = browser(alpha, marked)
  const page = await visitor.get(toAuthorize)
  const answers = { IDToken1: 'marker-name', IDToken2: 'marker-password', authId: authIdOf(page) }
  const failed = await visitor.post(toAuthorize, answers)
  for (const { headers } of [page, failed]) assert.doesNotMatch(JSON.stringify(headers), /marker/)
  assert.doesNotMatch(actionOf(page), /marker/)
})

test('B-7 on https the pre-login cookie has the __Host- prefix, HttpOnly and Lax', async () => {
  const { alpha } = await people()
  const secure: Realm = { ...alpha, url: 'https://as.example/am' }
  const visitor = browser(secure, undefined, { origin: 'https://as.example' })
  const page = await visitor.get('')
  const [line] = [...setCookies(page).values()]
  assert.match(
    line ?? '',
    /^__Host-parapet-login=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  )
  const done = await visitor.post('', { ...right, authId: authIdOf(page) })
  assert.equal(done.status, 200)
})

test('H-8 visits store nothing', async () => {
  const { alpha } = await people()
  const before = [alpha.records.changeCount(), alpha.settings.changeCount()]
  for (let i = 0; i < 300; i++) await browser(alpha, hints).get(toAuthorize)
  for (let i = 0; i < 300; i++)
    await browser(alpha, hints).post(toAuthorize, { ...right, authId: 'x' })
  assert.deepEqual([alpha.records.changeCount(), alpha.settings.changeCount()], before)
})

test('PingAM: the button says Next in ping, the plain word elsewhere, the realm’s own where it has one', async () => {
  const { alpha } = await people()
  const own = ['Onwards', 'de|Los geht’s']
  const rows: [Partial<Realm>, language: string, words: string][] = [
    [{}, 'en', 'Next'],
    [{}, 'de', 'Weiter'],
    [{ profile: profiles.strict }, 'en', 'Log in'],
    [{ profile: profiles.fapi2 }, 'de', 'Anmelden'],
    [{ provider: { ...alpha.provider, loginButton: own } }, 'en', 'Onwards'],
    [{ provider: { ...alpha.provider, loginButton: own } }, 'de', 'Los geht’s'],
    [{ provider: { ...alpha.provider, loginButton: ['<b>'] } }, 'en', '<b>'],
  ]
  for (const [change, language, words] of rows) {
    const realm: Realm = { ...alpha, ...change }
    const http = request('GET', '/am/XUI/', { 'accept-language': language }, '', { rest: '' })
    const page = String((await login(() => undefined).handle(realm, http)).body)
    assert.deepEqual(
      elements(page, 'button')
        .filter((each) => !each.attributes.has('hidden'))
        .map((each) => each.attributes.get('id')),
      ['login'],
    )
    const at = tokens(page).findIndex(({ attributes }) => attributes.get('id') === 'login')
    assert.equal(tokens(page)[at + 1]?.text, words)
  }
})
