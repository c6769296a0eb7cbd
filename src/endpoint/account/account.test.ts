import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import type { Browser } from '../../../test/browser.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import {
  answerConsent,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  refresh,
  slimUrl,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { byId, elements, visibleText } from '../../../test/html-tree.ts'
import { letterBox } from '../../../test/letters.ts'
import { moment } from '../../../test/undelayed.ts'
import { origin, pushed, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { listKey } from '../../session/session-list.ts'
import type { EndUser } from '../../user/end-user.ts'
import { createEndUser } from '../../user/end-user.ts'

const { mail } = letterBox()
const w = await world({ mail })
const place = '/am/XUI/account?realm=%2Falpha'

/** One more account: the given name is the password too, and costs little to try. */
async function account(username: string): Promise<EndUser> {
  const realm = { ...(await w.realm()), hashCost: { memoryCost: 8, timeCost: 1 } }
  return (await createEndUser(realm, { username, password: username })) ?? assert.fail()
}

/** Sends one of the page's forms, as it is on the page: undefined leaves a field out. */
async function send(
  b: Browser,
  change: string,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<HttpResponse> {
  const page = String((await b.get(place)).body)
  const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1]
  const sent = Object.entries({ csrf, change, ...fields })
  return b.post(
    place,
    Object.fromEntries(sent.filter((pair): pair is [string, string] => pair[1] !== undefined)),
  )
}

/** The page a change ends in. */
async function after(b: Browser, sent: Promise<HttpResponse>): Promise<string> {
  const answer = await sent
  assert.equal(answer.status, 303, String(answer.body))
  return String((await b.get(locationOf(answer).href)).body)
}

const has = (page: string, id: string) => byId(page, id) !== undefined

/** Ways by which the page names other sessions, and applications. */
const named = (page: string, name: string) =>
  elements(page, 'button').flatMap(({ attributes }) =>
    attributes.get('name') === name ? [attributes.get('value') ?? ''] : [],
  )

test('whoever is not logged in logs in first and comes back; another realm’s session is none here', async () => {
  const nobody = browser(w)
  const elsewhere = await person(w, { path: '/bravo' })
  for (const b of [nobody, elsewhere]) {
    const detour = await b.get(place)
    assert.ok(isLogin(detour))
    assert.equal(locationOf(detour).searchParams.get('goto'), place)
    const page = await logInAndReturn(b, detour)
    assert.match(visibleText(String(page.body)), /Your account You are logged in as demo\./)
  }
  const sent = await browser(w).post(place, { change: 'password', csrf: 'x' })
  assert.deepEqual([sent.status, isLogin(sent)], [303, true])
})

test('a changed password needs the old one, logs out everywhere else, and says so once it is true', async () => {
  const user = await account('changes it')
  const [p, other] = [await person(w, { user }), await person(w, { user })]
  const asked = { current: 'changes it', new: 'correct horse', again: 'correct horse' }
  const page = await after(p, send(p, 'password', asked))
  assert.ok(has(page, 'password_changed'))
  assert.equal(byId(page, 'password_changed')?.attributes.get('role'), 'status')
  assert.match(page, /<title>Your password is changed/)
  assert.ok(isLogin(await other.get(place)))
  assert.notEqual(p.cookies.get('iPlanetDirectoryPro'), p.session.token)
  await browser(w).logIn('changes it', 'correct horse')
  await assert.rejects(browser(w).logIn('changes it', 'changes it'))
  for (const done of ['password_changed', 'password_changed.x', 'constructor.x', ''])
    assert.ok(!has(String((await p.get(`${place}&done=${done}`)).body), 'password_changed'), done)
})

test('NIST SP 800-63B a password that cannot be changed so is not, and the page says at which field why', async () => {
  const user = await account('keeps it')
  const p = await person(w, { user })
  const good = { current: 'keeps it', new: 'correct horse', again: 'correct horse' }
  const rows: [changes: object, status: number, notice: string, field: string][] = [
    [{ current: 'wrong' }, 401, 'wrong_password', 'current'],
    [{ current: undefined }, 401, 'wrong_password', 'current'],
    [{ again: 'other horse' }, 400, 'not_the_same', 'again'],
    [{ new: 'short', again: 'short' }, 400, 'bad_password', 'new'],
    [{ new: 'Keeps It', again: 'Keeps It' }, 400, 'bad_password', 'new'],
    [{ new: undefined, again: undefined }, 400, 'bad_password', 'new'],
  ]
  for (const [changes, status, notice, field] of rows) {
    const answer = await send(p, 'password', { ...good, ...changes })
    assert.equal(answer.status, status, notice)
    const page = String(answer.body)
    assert.equal(byId(page, notice)?.attributes.get('role'), 'alert')
    const { attributes } = byId(page, field) ?? assert.fail(field)
    assert.equal(attributes.get('aria-invalid'), 'true')
    assert.ok(attributes.get('aria-describedby')?.split(' ').includes(notice))
    assert.doesNotMatch(page, /correct horse|other horse/)
  }
  await browser(w).logIn('keeps it', 'keeps it')
})

test('C-34 wrong tries of the old password are counted as at login', async () => {
  const user = await account('is guessed')
  const p = await person(w, { user })
  const wrong = { current: 'wrong', new: 'correct horse', again: 'correct horse' }
  // Held answers stay held: what comes at once is what was refused.
  mock.timers.enable({ apis: ['setTimeout'] })
  let busy: HttpResponse | undefined
  for (let i = 0; i < 60 && busy === undefined; i++) {
    void send(p, 'password', wrong).then((answer) => {
      if (answer.status === 429) busy = answer
    })
    await moment(40)
  }
  mock.timers.runAll()
  mock.timers.reset()
  assert.ok(busy !== undefined && has(String(busy.body), 'tries'))
  assert.match(String(busy.headers['retry-after']), /^\d+$/)
})

test('sessions are listed with device and address, this one is marked, and another can be ended', async () => {
  const user = await account('is in twice')
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/145.0' }
  const p = await person(w, { user })
  const other = browser(w)
  await logInAndReturn(
    { ...other, post: (target, form) => other.post(target, form, headers) },
    await other.get(place),
    'is in twice',
    'is in twice',
  )
  const page = String((await p.get(place)).body)
  assert.match(visibleText(page), /Firefox, Linux · 10\.128\.\d+\.\d+ Logged in on/)
  assert.equal(elements(page, 'strong').length, 1)
  const [handle = '', ...more] = named(page, 'session')
  assert.deepEqual(more, [])
  assert.ok(has(await after(p, send(p, 'session', { session: handle })), 'session_ended'))
  assert.ok(isLogin(await other.get(place)))
  assert.deepEqual(named(String((await p.get(place)).body), 'session'), [])
})

test('all other sessions end at once; this one, and those of somebody else, go on', async () => {
  const user = await account('is all over')
  const [p, ...others] = await Promise.all([1, 2, 3].map(() => person(w, { user })))
  const demo = await person(w)
  const own = named(String((await demo.get(place)).body), 'session')
  assert.ok(p !== undefined)
  const [theirs = ''] = named(String((await (await person(w)).get(place)).body), 'session')
  await after(p, send(p, 'session', { session: theirs }))
  // One from before there were lists, or beyond what they show.
  const { sub, key } = others[0]?.session ?? assert.fail()
  await w.records.delete(listKey(await w.realm(), sub, key))
  await after(p, send(p, 'session', { session: 'others' }))
  for (const each of others) assert.ok(isLogin(await each.get(place)))
  assert.equal((await p.get(place)).status, 200)
  const still = named(String((await demo.get(place)).body), 'session')
  for (const handle of own) assert.ok(still.includes(handle))
})

test('an application is shown with its scopes in words, and withdrawn its token is dead and consent is asked', async () => {
  const user = await account('allowed it')
  const p = await person(w, { user })
  const scope = 'openid write'
  await answerConsent(p, await p.get(slimUrl(await pushed(w, { scope }))), 'allow', {
    save_consent: 'on',
  })
  const tokens = await tokensFor(w, { scope }, p)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  const page = String((await p.get(place)).body)
  const words = visibleText(page)
  for (const text of ['Demo Application', 'Change your notes', 'Recognise you', 'Allowed on'])
    assert.ok(words.includes(text), text)
  assert.deepEqual(named(page, 'application'), ['myClient'])
  const done = await after(p, send(p, 'application', { application: 'myClient' }))
  assert.deepEqual([has(done, 'withdrawn'), has(done, 'no_applications')], [true, true])
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 401)
  assert.equal((await refresh(w, tokens.refresh_token)).status, 400)
  assert.ok(isConsentPage(await p.get(slimUrl(await pushed(w, { scope })))))
})

test('C-6c a change without this session’s proof is refused, and nothing has changed', async () => {
  const user = await account('is attacked')
  const [p, other] = [await person(w, { user }), await person(w, { user })]
  const tokens = await tokensFor(w, { scope: 'openid' }, p)
  const theirs = String((await (await person(w)).get(place)).body)
  const foreign = /name="csrf" value="([^"]*)"/.exec(theirs)?.[1]
  const [handle = ''] = named(String((await p.get(place)).body), 'session')
  const rows: [change: string, fields: Readonly<Record<string, string>>][] = [
    ['password', { current: 'is attacked', new: 'correct horse', again: 'correct horse' }],
    ['session', { session: handle }],
    ['session', { session: 'others' }],
    ['application', { application: 'myClient' }],
  ]
  for (const [change, fields] of rows)
    for (const csrf of [undefined, '', 'x', foreign, p.session.token]) {
      const refused = await send(p, change, { ...fields, csrf })
      assert.equal(refused.status, 400, `${change} ${csrf}`)
      assert.equal(byId(String(refused.body), 'back')?.attributes.get('href'), place)
    }
  for (const change of ['', 'constructor', 'toString'])
    assert.equal((await send(p, change, {})).status, 400)
  assert.equal((await p.get(`${place}&change=session&session=others`)).status, 200)
  assert.equal((await other.get(place)).status, 200)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  await browser(w).logIn('is attacked', 'is attacked')
})

test('C-28, H-10 no other origin reads the page or is told that it may, and nothing frames or keeps it', async () => {
  const site = 'https://app.example'
  await amendRealm(w, { parapetConfig: { corsOrigins: [site] } })
  const p = await person(w)
  const page = await p.get(place, { origin: site })
  const preflight = await w.serve(
    requestOf('OPTIONS', place, {
      headers: { origin: site, 'access-control-request-method': 'POST' },
    }),
  )
  for (const { headers } of [page, preflight])
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('access-control')),
      [],
    )
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /^default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';/)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.ok(!String(page.body).includes(p.session.token), origin)
})

test('OIDC Core §3.1.2.1 the page speaks German, after a change too', async () => {
  const p = await person(w)
  const b = { ...p, get: (target: string) => p.get(target, { 'accept-language': 'de' }) }
  const page = await after(b, send(b, 'session', { session: 'others' }))
  assert.match(visibleText(page), /Ihr Konto .* Die Sitzung ist beendet\. .* Passwort ändern/)
  assert.doesNotMatch(visibleText(page), /Password|Session|Withdraw|Your/)
})

test('the page leads to another mail address, where the realm has a way for that', async () => {
  const b = await person(w)
  const href = async () =>
    byId(String((await b.get(place)).body), 'change_email')?.attributes.get('href')
  assert.equal(await href(), undefined)
  await amendRealm(w, { parapetConfig: { journeys: ['Login', 'UpdateEmail'] } })
  assert.match(String((await b.get((await href()) ?? '')).body), /Your new email address/)
})

test('OIDC Core §3.1.2.1 ui_locales of the page are spoken on the way to it and from it', async () => {
  await amendRealm(w, { parapetConfig: { journeys: ['Login', 'UpdateEmail'] } })
  const b = browser(w)
  const detour = await b.get(`${place}&ui_locales=xx%20de-AT`)
  assert.match(String((await b.get(locationOf(detour).href)).body), /<html lang="de">/)
  const page = String((await logInAndReturn(b, detour)).body)
  assert.match(page, /<html lang="de">/)
  for (const id of ['change_email', 'log_out']) {
    const href = byId(page, id)?.attributes.get('href') ?? assert.fail(id)
    assert.match(String((await b.get(href, { accept: 'text/html' })).body), /<html lang="de">/, id)
  }
  const welcome = String((await b.get('/am/XUI/?realm=/alpha&locale=de_DE')).body)
  const [link] = elements(welcome, 'a').flatMap(({ attributes }) => {
    const href = attributes.get('href') ?? ''
    return href.includes('/XUI/account') ? [href] : []
  })
  assert.match(String((await b.get(link ?? assert.fail('no link'))).body), /<html lang="de">/)
  const lost = String((await b.get('/am/XUI/?realm=/alpha&service=NoSuch&locale=de')).body)
  assert.match(byId(lost, 'back')?.attributes.get('href') ?? '', /[?&]locale=de(?:&|$)/)
})
