import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../../test/browser.ts'
import { account, slimUrl } from '../../../../test/flow.ts'
import { letterBox, suspendedIdIn } from '../../../../test/letters.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import { bodyOf, callback, pushed, requestOf, world } from '../../../../test/world.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { success } from '../../../journey/built-in/journey.ts'
import { touchRealm } from '../../../realm/touch.ts'
import { changeEndUser } from '../../../user/end-user.ts'

const box = letterBox()
const w = await world({ mail: box.mail, alpha: { parapetConfig: { defaultJourney: 'Link' } } })
await withTrees(await w.realm(), {
  Link: tree({
    name: { type: 'UsernameCollectorNode', to: { outcome: 'mail' } },
    mail: {
      type: 'EmailSuspendNode',
      settings: { emailTemplateName: 'resetPassword', objectLookup: true, suspendDuration: 60 },
      to: { outcome: success },
    },
  }),
})
await touchRealm(w.settings, '/alpha')

type Browser = ReturnType<typeof browser>

/** Pushes, opens the reference, and answers until a letter is on its way; what is told of it, and its link. */
async function suspended(
  b: Browser,
): Promise<{ readonly told: HttpResponse; readonly link: string }> {
  const detour = await b.get(slimUrl(await pushed(w, { scope: 'write' })))
  const page = await b.get(locationOf(detour).href)
  const told = await b.post(actionOf(page), { ...fieldsOf(page), IDToken1: 'demo' })
  return { told, link: await box.link() }
}

/** Opens a link and presses its button. */
async function pressed(b: Browser, link: string): Promise<HttpResponse> {
  const page = await b.get(link)
  assert.match(String(page.body), /id="resume"/)
  return b.post(actionOf(page), fieldsOf(page))
}

/** Opens a link, presses its button and goes to where that leads. */
async function followed(b: Browser, link: string): Promise<HttpResponse> {
  const back = await pressed(b, link)
  assert.equal(back.status, 303, String(back.body))
  return b.get(locationOf(back).href)
}

test('a push of 90 seconds and a letter opened ten minutes later end in one code', async () => {
  const b = browser(w)
  const { told, link } = await suspended(b)
  assert.equal(told.status, 200)
  assert.match(String(told.body), /An email has been sent to the address you entered/)
  assert.equal(/<form id="login_form"/.test(String(told.body)), false)
  w.clock.now += 600
  const consent = await followed(b, link)
  const done = await b.post(actionOf(consent), { ...fieldsOf(consent), decision: 'allow' })
  const answer = locationOf(done)
  assert.equal(`${answer.origin}${answer.pathname}`, new URL(callback).href)
  assert.ok(answer.searchParams.has('code'))
  // Whoever has the link once more begins anew, and is told why.
  const again = await pressed(browser(w), link)
  assert.equal(again.status, 400)
  assert.match(String(again.body), /This link has expired, or has been used/)
})

test('a letter that is opened when the interaction is over ends in a page that says so', async () => {
  const b = browser(w)
  const { link } = await suspended(b)
  w.clock.now += 2400
  const over = await followed(b, link)
  assert.equal(over.status, 400)
  assert.match(String(over.body), /This link has expired/)
  assert.equal(locationsIn(over), 0)
})

test('a letter that is opened on another device, to which the interaction does not belong, logs in and says why it ends there', async () => {
  const { link } = await suspended(browser(w))
  w.clock.now += 600
  const other = browser(w)
  const over = await followed(other, link)
  assert.equal(over.status, 400)
  assert.match(String(over.body), /This link has expired/)
  assert.ok(other.cookies.has('iPlanetDirectoryPro'))
})

test('C-2 a letter that is opened on another device while anybody may open the push ends in a code there', async () => {
  const { link } = await suspended(browser(w))
  w.clock.now += 60
  const other = browser(w)
  const consent = await followed(other, link)
  const done = await other.post(actionOf(consent), { ...fieldsOf(consent), decision: 'allow' })
  assert.ok(locationOf(done).searchParams.has('code'))
})

test('to open a link spends nothing, however often: mail is read by programs', async () => {
  const b = browser(w)
  const { link } = await suspended(b)
  for (let i = 0; i < 3; i += 1) assert.equal((await browser(w).get(link)).status, 200)
  assert.equal((await pressed(b, link)).status, 303)
})

test('C-21 a link that leads nowhere since its account was ended is told as that, to somebody who has entered nothing', async () => {
  const b = browser(w)
  const { sub } = await account(w, 'ended')
  await changeEndUser(await w.realm(), sub, { attributes: { email: 'ended@example.com' } })
  const detour = await b.get(slimUrl(await pushed(w, { scope: 'write' })))
  const page = await b.get(locationOf(detour).href)
  await b.post(actionOf(page), { ...fieldsOf(page), IDToken1: 'ended' })
  const link = await box.link()
  await changeEndUser(await w.realm(), sub, { status: 'Inactive' })
  const over = await pressed(b, link)
  assert.equal(over.status, 401)
  assert.match(String(over.body), /This link has expired, or has been used/)
  assert.equal(String(over.body).includes('Check what you entered'), false)
})

test('C-30 the button counts only in the browser that was shown it', async () => {
  const { link } = await suspended(browser(w))
  const shown = await browser(w).get(link)
  const other = await browser(w).post(actionOf(shown), fieldsOf(shown))
  assert.equal(other.status, 400)
  assert.match(String(other.body), /id="resume"/)
  assert.equal((await pressed(browser(w), link)).status, 303)
})

test('PingAM: authn-rest a link resumes by JSON, once, and then is told as AM does', async () => {
  const { link } = await suspended(browser(w))
  const target = `/am/json/realms/root/realms/alpha/authenticate?suspendedId=${suspendedIdIn(link)}`
  const ask = (): Promise<HttpResponse> =>
    w.serve(
      requestOf('POST', target, { headers: { 'accept-api-version': 'protocol=1.0,resource=2.1' } }),
    )
  const answers = await Promise.all([ask(), ask()])
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 401])
  const [first, second] = answers.toSorted((a, c) => a.status - c.status).map(bodyOf)
  assert.equal(typeof first?.tokenId, 'string')
  assert.equal(
    second?.message,
    'org.forgerock.openam.auth.nodes.framework.token.SuspendedAuthSessionException: Token not found. It may have expired.',
  )
})

function locationsIn(response: HttpResponse): number {
  return response.headers.location === undefined ? 0 : 1
}
