import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import { withEvents } from '../../../test/events.ts'
import type { Changes } from '../../../test/flow.ts'
import { answerConsent, codeOf, isConsentPage, person, slimUrl } from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { withTrees } from '../../../test/trees.ts'
import { moment } from '../../../test/undelayed.ts'
import { pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { login } from '../../journey/built-in/login.ts'
import { touchRealm } from '../../realm/touch.ts'

const w = await world({ alpha: { advancedOIDCConfig: { loaMapping: { gold: 'Password' } } } })
await withTrees(await w.realm(), { Quiet: { ...login, tree: { ...login.tree, noSession: true } } })
await touchRealm(w.settings, '/alpha')
const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }

/** The login page a pushed request leads to, in a browser. */
async function loginPage(b = browser(w), changes: Changes = {}) {
  const detour = await b.get(slimUrl(await pushed(w, { scope: 'openid', ...changes })))
  const at = locationOf(detour).href
  return { b, at, page: await b.get(at) }
}

function valueOf(page: HttpResponse, id: string): string | undefined {
  return byId(String(page.body), id)?.attributes.get('value')
}

function has(page: HttpResponse, id: string): boolean {
  return byId(String(page.body), id) !== undefined
}

test('WCAG 3.3.7 after a wrong password the name is there again, and the password is not', async () => {
  const { b, page } = await loginPage()
  const wrong = { ...fieldsOf(page), IDToken1: '"demo"<', IDToken2: 'wr0ng-one' }
  const again = await b.post(actionOf(page), wrong)
  assert.equal(again.status, 401)
  assert.ok(has(again, 'failed'))
  assert.equal(valueOf(again, 'username'), '"demo"<')
  assert.equal(valueOf(again, 'password'), undefined)
  assert.equal(byId(String(again.body), 'password')?.attributes.get('aria-invalid'), 'true')
  assert.doesNotMatch(String(again.body), /wr0ng-one/)
})

test('RFC 6749 §4.1.1 a second tab’s form goes on where its own login leads, once the first has logged in', async () => {
  const { b, page: first } = await loginPage()
  const { page: second } = await loginPage(b)
  const { page: third } = await loginPage(b)
  const { page: other } = await loginPage(b, { ui_locales: 'de' })
  await b.post(actionOf(first), { ...fieldsOf(first), ...right })
  const session = b.cookies.get('iPlanetDirectoryPro')
  const answers = [right, { ...right, IDToken1: 'DEMO', IDToken2: 'wrong' }]
  for (const [i, page] of [second, third].entries()) {
    const on = await b.post(actionOf(page), { ...fieldsOf(page), ...answers[i] })
    assert.equal(on.status, 303)
    const goto = new URL(actionOf(page), 'http://x').searchParams.get('goto')
    assert.equal(on.headers.location, goto)
    const consent = await b.get(locationOf(on).href)
    assert.ok(codeOf(await answerConsent(b, consent)) !== '')
  }
  w.clock.now += 900
  const late = await b.post(actionOf(other), { ...fieldsOf(other), ...right })
  assert.equal(late.status, 303)
  assert.equal(b.cookies.get('iPlanetDirectoryPro'), session)
})

test('C-2c a form that names somebody else than who logged in meanwhile does not go on as them', async () => {
  const { b, at, page: first } = await loginPage()
  const second = await b.get(at)
  await b.post(actionOf(first), { ...fieldsOf(first), ...right })
  const stale = await b.post(actionOf(second), { ...fieldsOf(second), ...right, IDToken1: 'bob' })
  assert.deepEqual([stale.status, has(stale, 'stale')], [400, true])
})

test('C-2c a session from before the form was given does not stand in for its answers', async () => {
  const p = await person(w)
  w.clock.now++
  const { b, page } = await loginPage(p, { prompt: 'login' })
  w.clock.now += 301
  const stale = await b.post(actionOf(page), { ...fieldsOf(page), ...right })
  assert.deepEqual([stale.status, has(stale, 'stale')], [400, true])
  const { authId: _, ...bare } = fieldsOf(page)
  assert.equal((await b.post(actionOf(page), { ...bare, ...right })).status, 400)
  assert.equal((await b.post(actionOf(page), { ...bare, ...right, authId: 'a.b.c' })).status, 400)
})

test('C-2c a second tab’s form that leads nowhere says who is logged in', async () => {
  const b = browser(w)
  const [one, two] = [await b.get('/am/XUI/?realm=/alpha'), await b.get('/am/XUI/?realm=/alpha')]
  await b.post(actionOf(one), { ...fieldsOf(one), ...right })
  const said = await b.post(actionOf(two), { ...fieldsOf(two), ...right })
  assert.equal(said.status, 200)
  assert.match(String(said.body), /You are logged in/)
})

test('C-2c a form without its browser’s cookie is not blamed on the password, and the page it gets serves', async () => {
  const { b, page: second } = await loginPage()
  b.cookies.delete('parapet-login')
  const stale = await b.post(actionOf(second), { ...fieldsOf(second), ...right })
  assert.equal(stale.status, 400)
  assert.deepEqual([has(stale, 'stale'), has(stale, 'failed')], [true, false])
  assert.equal(byId(String(stale.body), 'password')?.attributes.has('aria-invalid'), false)
  assert.equal((await b.post(actionOf(stale), { ...fieldsOf(stale), ...right })).status, 303)
})

test('C-2c a hint that is nobody’s name does not end the way: the name is asked after the first try', async () => {
  const { b, page } = await loginPage(browser(w), {
    login_hint: 'bob@x.example',
    service: 'Password',
  })
  assert.equal(has(page, 'username'), false)
  const failed = await b.post(actionOf(page), { ...fieldsOf(page), IDToken1: 'Ch4ng31t' })
  assert.deepEqual([failed.status, has(failed, 'username')], [401, true])
  const back = await b.post(actionOf(failed), { ...fieldsOf(failed), ...right })
  assert.equal(back.status, 303)
  const consent = await b.get(locationOf(back).href)
  assert.ok(isConsentPage(consent))
  assert.ok(codeOf(await answerConsent(b, consent)) !== '')
})

test('C-2c a page that asks for a password alone says whose', async () => {
  const { page } = await loginPage(await person(w), { acr_values: 'gold' })
  assert.equal(has(page, 'username'), false)
  assert.match(String(page.body), /<p id="user">[^\n]*demo/)
})

test('C-2c a form that is sent twice is answered twice in the same way, also where nobody is logged in by it', async () => {
  const b = browser(w)
  const twice = async (at: string, answers: Readonly<Record<string, string>>) => {
    const page = await b.get(at)
    const form = { ...fieldsOf(page), ...answers }
    const send = () => b.post(actionOf(page), form)
    return [...(await Promise.all([send(), send()])), await send()]
  }
  const { value: wrong, events } = await withEvents(() =>
    twice('/am/XUI/?realm=/alpha', { ...right, IDToken2: 'wr0ng-two' }),
  )
  for (const page of wrong) {
    assert.deepEqual([page.status, has(page, 'failed')], [401, true])
    assert.equal(valueOf(page, 'username'), 'demo')
  }
  assert.equal(events.filter(({ name }) => name === 'login.wrong').length, 1)
  const quiet = await twice('/am/XUI/?realm=/alpha&service=Quiet', right)
  // The form is no longer this browser's once that is over.
  for (const { status, headers } of quiet.slice(0, 2)) {
    assert.deepEqual([status, headers.location], [303, quiet[0]?.headers.location])
    assert.doesNotMatch(String(headers['set-cookie']), /iPlanetDirectoryPro=/)
  }
})

test('C-2c, K-11 too many tries: the page says so, blames no entry, and says when', async () => {
  const { b, page } = await loginPage()
  // Held answers stay held: what comes at once is what was refused.
  mock.timers.enable({ apis: ['setTimeout'] })
  let busy: HttpResponse | undefined
  for (let i = 0; i < 60 && busy === undefined; i++) {
    const { page: another } = await loginPage(b)
    const wrong = { ...fieldsOf(another), IDToken1: 'demo', IDToken2: 'wrong' }
    void b.post(actionOf(page), wrong).then((answer) => {
      if (answer.status === 429) busy = answer
    })
    await moment(40)
    // What waits for others to be done looks again in time, however busy the machine is.
    mock.timers.tick(40)
  }
  // Whatever else waits in this process would wait for ever.
  mock.timers.runAll()
  mock.timers.reset()
  assert.ok(busy !== undefined)
  assert.deepEqual(
    [has(busy, 'tries'), has(busy, 'busy'), has(busy, 'failed')],
    [true, false, false],
  )
  assert.equal(byId(String(busy.body), 'password')?.attributes.has('aria-invalid'), false)
  assert.match(String(busy.headers['retry-after']), /^\d+$/)
})

test('OIDC Core §3.1.2.1 a page that asks somebody to log in once more says who is there', async () => {
  const { page } = await loginPage(await person(w), { prompt: 'login' })
  assert.ok(has(page, 'username'))
  assert.match(String(page.body), /<p id="user">[^\n]*demo/)
  const { page: nobody } = await loginPage()
  assert.equal(has(nobody, 'user'), false)
})

test('PingAM: the login page of a realm does not ask who is logged in there, unless it is told to', async () => {
  const p = await person(w)
  const rows: [query: string, shows: 'signed_in' | 'login_form'][] = [
    ['realm=/alpha', 'signed_in'],
    ['realm=/alpha&service=Login', 'signed_in'],
    ['realm=/alpha&authIndexType=service&authIndexValue=Login', 'signed_in'],
    ['realm=/alpha&goto=https://evil.example/', 'signed_in'],
    ['realm=/alpha&service=Password', 'login_form'],
    ['realm=/alpha&ForceAuth=true', 'login_form'],
    ['realm=/alpha&goto=/am/oauth2/alpha/authorize', 'login_form'],
    ['realm=/bravo', 'login_form'],
    ['', 'login_form'],
  ]
  for (const [query, shows] of rows) {
    const page = await p.get(`/am/XUI/?${query}`)
    assert.equal(page.status, 200)
    assert.ok(has(page, shows), query)
    if (shows === 'signed_in') assert.match(String(page.body), /You are logged in as [^\n]*demo/)
  }
})
