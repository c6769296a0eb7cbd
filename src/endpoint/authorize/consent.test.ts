import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import type { Changes, Person } from '../../../test/flow.ts'
import {
  account,
  answerConsent,
  answerOf,
  authorizeUrl,
  claimsOf,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import { elements, visibleText } from '../../../test/html-tree.ts'
import { register } from '../../../test/register.ts'
import { mail, naming, notes, resource } from '../../../test/resource.ts'
import type { World } from '../../../test/world.ts'
import { base, bodyOf, pushed, pushForm, world } from '../../../test/world.ts'

const openid = { scope: 'openid write' }

async function visit(w: World, p: Person, changes: Changes = {}) {
  return p.get(slimUrl(await pushed(w, { ...openid, ...changes })))
}

test('F2-25 the page names the client, the user, each scope and each claim in words', async () => {
  const w = await world()
  const page = String(
    (
      await visit(w, await person(w), {
        claims:
          '{"id_token":{"email":null,"bank_password":null},"userinfo":{"phone_number":{"essential":true}}}',
      })
    ).body,
  )
  for (const words of ['Demo Application', 'demo', 'Change your notes', 'openid', 'email address'])
    assert.ok(page.includes(words), words)
  assert.ok(!page.includes('bank_password'), 'a claim nobody can have is no text of the page')
  assert.deepEqual(
    elements(page, 'button').map(({ attributes }) => attributes.get('id')),
    ['not_you', 'deny', 'approve'],
  )
})

test('F2-25 the page shows the values that are shared, and of no scope that was not asked for', async () => {
  const w = await world()
  const p = await person(w)
  const claims = '{"id_token":{"phone_number":null}}'
  const page = visibleText(String((await visit(w, p, { scope: 'openid email', claims })).body))
  for (const words of ['demo@example.com', 'verified', '+1 555 0100', 'www.example.com'])
    assert.ok(page.includes(words), words)
  for (const words of ['Dana', 'Bristol', 'myClient']) assert.ok(!page.includes(words), words)
})

test('the page says how long the access lasts: by its refresh token where there is one, else by its access token', async () => {
  const w = await world()
  const p = await person(w)
  const says = async (): Promise<string | undefined> =>
    /id="lasts">([^<]*)</.exec(String((await visit(w, p)).body))?.[1]
  const lifetimes = { accessTokenLifetime: 1800, refreshTokenLifetime: 172_800 }
  const client = (grantTypes: readonly string[]) =>
    amend(w, 'myClient', {
      coreOAuth2ClientConfig: lifetimes,
      advancedOAuth2ClientConfig: { grantTypes },
    })
  await client(['authorization_code', 'refresh_token'])
  assert.match(String(await says()), /not been used for 2 days/)
  await client(['authorization_code'])
  assert.equal(await says(), 'The access ends after 30 minutes.')
})

test('PingAM: consent that was saved is not asked for again: same client, same scopes or fewer', async () => {
  const w = await world()
  const p = await person(w)
  const first = await visit(w, p)
  assert.ok(codeOf(await answerConsent(p, first, 'allow', { save_consent: 'on' })) !== '')
  assert.ok(codeOf(await visit(w, p)) !== '')
  assert.ok(codeOf(await visit(w, p, { scope: 'write' })) !== '')
  assert.ok(isConsentPage(await visit(w, p, { scope: 'openid write email' })), 'one scope more')
  assert.ok(isConsentPage(await visit(w, p, { prompt: 'consent' })), 'prompt=consent')
  const someone = await person(w, { user: await account(w, 'someone') })
  assert.ok(isConsentPage(await visit(w, someone)), 'another user')
  await register(w, 'other', { core: { redirectionUris: ['https://rp.example/cb'] } })
  const form = pushForm({ redirect_uri: 'https://rp.example/cb', scope: 'write' })
  assert.ok(
    isConsentPage(await p.get(authorizeUrl({ client_id: 'other', ...form }))),
    'another client',
  )
})

test('PingAM: saved consent adds up, and prompt=none works by it', async () => {
  const w = await world()
  const p = await person(w)
  for (const scope of ['openid', 'write'])
    await answerConsent(p, await visit(w, p, { scope }), 'allow', { save_consent: 'on' })
  assert.ok(codeOf(await visit(w, p, { scope: 'openid write', prompt: 'none' })) !== '')
})

test('OIDC Core §5.5 saved consent covers no claim that was not shown', async () => {
  const w = await world()
  const p = await person(w)
  const email = { claims: '{"userinfo":{"email":null}}' }
  await answerConsent(p, await visit(w, p), 'allow', { save_consent: 'on' })
  assert.ok(isConsentPage(await visit(w, p, email)))
  await answerConsent(p, await visit(w, p, email), 'allow', { save_consent: 'on' })
  assert.ok(codeOf(await visit(w, p, email)) !== '')
  await answerConsent(p, await visit(w, p, { scope: 'openid profile' }), 'allow', {
    save_consent: 'on',
  })
  assert.ok(codeOf(await visit(w, p, { claims: '{"id_token":{"nickname":null}}' })) !== '')
})

test('RFC 8707 §2 the page names the resources, in words of their own for scopes, and consent is saved for these alone', async () => {
  const w = await world()
  const p = await person(w)
  await resource(w, notes, { displayNames: ['Notes', 'de|Notizen'], scopes: ['write|Pen'] })
  await resource(w, mail)
  const page = await visit(w, p, { resource: `${notes} ${mail} ${base}` })
  const text = visibleText(String(page.body))
  for (const words of ['It may use this at', 'Notes', mail]) assert.ok(text.includes(words), words)
  assert.ok(!text.includes(base), 'this server itself')
  assert.ok(visibleText(String((await visit(w, p, { resource: notes })).body)).includes('Change'))
  await answerConsent(p, await visit(w, p, { resource: notes }), 'allow', { save_consent: 'on' })
  assert.ok(codeOf(await visit(w, p, { resource: notes })) !== '')
  assert.ok(isConsentPage(await visit(w, p)), 'none in particular')
  assert.ok(isConsentPage(await visit(w, p, { resource: mail })), 'another resource')
  assert.ok(isConsentPage(await visit(w, p, { resource: `${notes} ${mail}` })), 'one more')
  await answerConsent(p, await visit(w, p), 'allow', { save_consent: 'on' })
  assert.ok(codeOf(await visit(w, p)) !== '')
  assert.ok(codeOf(await visit(w, p, { resource: notes })) !== '', 'it adds up')
})

test('RFC 8707 §2.1 several resources of a request that was not pushed outlast the login and the consent page', async () => {
  const w = await world()
  await resource(w, notes)
  await resource(w, mail)
  const url = `${base}/authorize?${naming({ client_id: 'myClient', ...pushForm() }, notes, mail)}`
  const b = browser(w)
  const page = await logInAndReturn(b, await b.get(url))
  assert.ok(visibleText(String(page.body)).includes(mail))
  const tokens = bodyOf(await redeem(w, codeOf(await answerConsent(b, page))))
  assert.deepEqual(claimsOf(tokens.access_token).aud, [notes, mail])
})

test('PingAM: nothing is saved without save_consent=on, on denial, or where the realm keeps none', async () => {
  const w = await world()
  const p = await person(w)
  await answerConsent(p, await visit(w, p))
  await answerConsent(p, await visit(w, p), 'allow', { save_consent: 'off' })
  await answerConsent(p, await visit(w, p), 'deny', { save_consent: 'on' })
  assert.ok(isConsentPage(await visit(w, p)))
  const none = await world({ alpha: { consent: { savedConsentAttribute: '' } } })
  const q = await person(none)
  const page = await visit(none, q)
  assert.ok(!String(page.body).includes('save_consent'))
  await answerConsent(q, page, 'allow', { save_consent: 'on' })
  assert.ok(isConsentPage(await visit(none, q)))
})

test('C-36 consent is implied only if the client and the realm say so, and never in fapi2', async () => {
  const url = authorizeUrl({ client_id: 'myPublicClient', ...pushForm() })
  const both = await world()
  assert.ok(codeOf(await (await person(both)).get(url)) !== '')
  const realmSaysNo = await world({ alpha: { consent: { clientsCanSkipConsent: false } } })
  assert.ok(isConsentPage(await (await person(realmSaysNo)).get(url)))
  const myClient = authorizeUrl({ client_id: 'myClient', ...pushForm() })
  assert.ok(isConsentPage(await (await person(both)).get(myClient)))
})

test('B-4 fields put into the consent form change nothing', async () => {
  const w = await world()
  const p = await person(w)
  const page = await visit(w, p, { scope: 'openid', nonce: 'pushed' })
  const done = await answerConsent(p, page, 'allow', {
    scope: 'openid write email',
    redirect_uri: 'https://evil.example/',
    state: 'evil',
    nonce: 'evil',
    response_type: 'token',
    response_mode: 'fragment',
  })
  assert.equal(locationOf(done).hostname, 'www.example.com')
  assert.equal(answerOf(done).has('state'), false)
  const tokens = bodyOf(await redeem(w, codeOf(done)))
  assert.equal(tokens.scope, 'openid')
  assert.equal(claimsOf(tokens.id_token).nonce, 'pushed')
})

test('C-6c, B-1, B-11 a csrf counts for one session and one authorization only', async () => {
  const w = await world()
  const [mine, theirs] = [await person(w), await person(w, { user: await account(w, 'mallory') })]
  const page = await visit(w, mine)
  const otherPage = await visit(w, mine)
  const theirPage = await visit(w, theirs)
  for (const csrf of [fieldsOf(otherPage).csrf, fieldsOf(theirPage).csrf]) {
    const refused = await mine.post(actionOf(page), {
      ...fieldsOf(page),
      decision: 'allow',
      csrf: String(csrf),
    })
    assert.equal(refused.status, 400)
  }
  const stolen = await theirs.post(actionOf(page), { ...fieldsOf(page), decision: 'allow' })
  assert.equal(stolen.status, 400, 'the whole form of another browser')
  const nobody = await browser(w).post(actionOf(page), { ...fieldsOf(page), decision: 'allow' })
  assert.equal(nobody.status, 400)
  assert.ok(codeOf(await answerConsent(mine, page)) !== '')
})

test('C-6c unpushed: a csrf counts for the very parameters that were shown', async () => {
  const w = await world()
  const p = await person(w)
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ scope: 'openid' }) })
  const page = await p.get(url)
  const wider = await answerConsent(p, page, 'allow', { scope: 'openid write' })
  assert.equal(wider.status, 400)
  assert.ok(codeOf(await answerConsent(p, page)) !== '')
})

test('B-10 the user changes in another tab: the page of the first does not count', async () => {
  const w = await world()
  const b = browser(w)
  const first = await person(w, { at: b })
  const page = await visit(w, first)
  const second = await person(w, { at: b, user: await account(w, 'second') })
  const refused = await answerConsent(second, page)
  assert.equal(refused.status, 400)
  assert.equal(refused.headers.location, undefined)
  const again = await second.get(slimUrl(fieldsOf(page).request_uri as string))
  assert.ok(isConsentPage(again))
  assert.match(String(again.body), /second/)
})

test('C-2c a session that ended before the answer: 400, with a way on', async () => {
  const w = await world()
  const p = await person(w)
  const page = await visit(w, p)
  p.cookies.delete('iPlanetDirectoryPro')
  const refused = await answerConsent(p, page)
  assert.equal(refused.status, 400)
  const back = /<a [^>]*id="back"[^>]*>/.exec(String(refused.body))?.[0] ?? ''
  const href = /href="([^"]*)"/.exec(back)?.[1]?.replaceAll('&amp;', '&')
  assert.ok(isLogin(await p.get(String(href))))
})

const proofs: readonly (readonly [string, (p: Person) => string | undefined])[] = [
  ['any text', () => 'x'],
  ['nothing', () => undefined],
  ['a session of somebody else', () => 'A'.repeat(43)],
]
for (const [name, csrf] of proofs) {
  test(`P-12 a pushed decision proven by ${name}: the page appears, nothing is saved`, async () => {
    const w = await world()
    const victim = await person(w)
    const push = { decision: 'allow', save_consent: 'on', csrf: csrf(victim) }
    assert.ok(isConsentPage(await visit(w, victim, push)))
    assert.ok(isConsentPage(await visit(w, victim)))
  })
}

test('C-16 a pushed decision counts for the browser whose session token was pushed', async () => {
  const w = await world()
  const p = await person(w)
  const asked = { decision: 'allow', csrf: p.session.token, save_consent: 'on' }
  const someone = await person(w)
  const request_uri = await pushed(w, { ...openid, ...asked })
  assert.ok(
    isConsentPage(await someone.get(slimUrl(request_uri))),
    'the same user, another session',
  )
  assert.ok(codeOf(await visit(w, p, asked)) !== '')
  assert.ok(codeOf(await visit(w, p)) !== '', 'saved')
  const denied = await visit(w, p, { ...asked, decision: 'deny', prompt: 'consent' })
  assert.equal(answerOf(denied).get('error'), 'access_denied')
})

test('C-16 never in strict, not even if the profile changed after the push', async () => {
  const w = await world()
  const p = await person(w)
  const asked = { ...openid, decision: 'allow', csrf: p.session.token }
  const request_uri = await pushed(w, asked)
  await amend(w, 'myClient', { parapetClientConfig: { profile: 'strict' } })
  assert.ok(isConsentPage(await p.get(slimUrl(request_uri))))
  assert.ok(isConsentPage(await p.get(slimUrl(await pushed(w, asked)))))
  assert.equal((await decideByRest(p, request_uri)).status, 400)
})
