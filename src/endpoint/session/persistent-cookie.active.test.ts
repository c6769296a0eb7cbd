import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, locationOf } from '../../../test/browser.ts'
import {
  authorizeUrl,
  isConsentPage,
  isLogin,
  logInAndReturn,
  slimUrl,
} from '../../../test/flow.ts'
import { remembers } from '../../../test/remembered.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { callback, origin, pushed, pushForm, world } from '../../../test/world.ts'
import { touchRealm } from '../../realm/touch.ts'

const w = await world({ alpha: { parapetConfig: { defaultJourney: 'Remembers' } } })
await withTrees(await w.realm(), {
  Remembers: tree(remembers),
})
await touchRealm(w.settings, '/alpha')

/** A browser that has nothing left of a login but its persistent cookie. */
async function remembered() {
  const b = browser(w)
  const detour = await b.get(slimUrl(await pushed(w)))
  assert.ok(isConsentPage(await logInAndReturn(b, detour)))
  const cookie = b.cookies.get('session-jwt')
  assert.ok(cookie !== undefined)
  const again = browser(w)
  again.cookies.set('session-jwt', cookie)
  return again
}

/** A request object that nobody need sign for what is tried here: its payload alone is read. */
const object = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.e30`
const byUrl = (changes: Record<string, string>) =>
  authorizeUrl({ client_id: 'myClient', ...pushForm(), ...changes })
const byPush = async (changes: Record<string, string>, more = {}) =>
  slimUrl(await pushed(w, changes), more)

const b = await remembered()
const requests: readonly (readonly [what: string, url: string, asks: boolean])[] = [
  ['a push', await byPush({}), false],
  ['a push with prompt=consent', await byPush({ prompt: 'consent' }), false],
  ['a push with prompt=login', await byPush({ prompt: 'login' }), true],
  ['a push beside which prompt=login stands', await byPush({}, { prompt: 'login' }), true],
  ['a push with max_age', await byPush({ max_age: '86400' }), true],
  ['a request in the URL', byUrl({}), false],
  ['one with prompt=login', byUrl({ prompt: 'consent login' }), true],
  ['one with max_age', byUrl({ max_age: '86400' }), true],
]
for (const [what, url, asks] of requests) {
  test(`OIDC-11, B-9 who has a persistent cookie is ${asks ? 'asked all the same' : 'let in unasked'} for ${what}`, async () => {
    b.cookies.delete('iPlanetDirectoryPro')
    const detour = await b.get(url)
    assert.ok(isLogin(detour))
    const page = await b.get(locationOf(detour).href)
    if (!asks) return assert.ok(isConsentPage(await b.get(locationOf(page).href)))
    assert.equal(page.status, 200)
    assert.ok(isConsentPage(await logInAndReturn(b, detour)))
  })
}

test('B-9 who is let in unasked elsewhere, or leaves out where the login leads, is asked for prompt=login then', async () => {
  b.cookies.delete('iPlanetDirectoryPro')
  const url = await byPush({ prompt: 'login' })
  await b.get(url)
  await b.get(`${origin}/am/XUI/?realm=/alpha`)
  assert.ok(b.cookies.has('iPlanetDirectoryPro'))
  const detour = await b.get(url)
  assert.ok(isLogin(detour))
  assert.ok(isConsentPage(await logInAndReturn(b, detour)))
})

test('OIDC-11 a request object is read for it, and one that cannot be read counts as if it asked', async () => {
  const rest = async (goto: string) => {
    const url = `${origin}/am/json/realms/root/realms/alpha/authenticate?goto=${encodeURIComponent(goto)}`
    b.cookies.delete('iPlanetDirectoryPro')
    const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
    const { tokenId } = JSON.parse(String((await b.post(url, '', headers)).body))
    return tokenId === undefined ? 'asked' : 'in'
  }
  const to = (more: Record<string, string>) =>
    authorizeUrl({ client_id: 'myClient', redirect_uri: callback, ...more })
  const said = [
    to({ request: object({}) }),
    to({ request: object({ prompt: 'login' }) }),
    to({ request: object({ max_age: 5 }) }),
    to({ request: 'a.b.c.d.e' }),
    to({ request: 'x' }),
    to({ request_uri: 'https://rp.example/object' }),
  ]
  const answers: string[] = []
  for (const each of said) answers.push(await rest(each))
  assert.deepEqual(answers, ['in', 'asked', 'asked', 'asked', 'asked', 'asked'])
})
