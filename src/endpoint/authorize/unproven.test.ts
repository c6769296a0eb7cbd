import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { actionOf, fieldsOf } from '../../../test/browser.ts'
import type { Changes, Person } from '../../../test/flow.ts'
import { isConsentPage, isLogin, person, slimUrl } from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { base, pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()

/** Allows on a consent page whose session has ended meanwhile. */
async function allowTooLate(p: Person, url: string): Promise<HttpResponse> {
  const page = await p.get(url)
  assert.ok(isConsentPage(page))
  p.cookies.delete('iPlanetDirectoryPro')
  return p.post(actionOf(page), { ...fieldsOf(page), decision: 'allow' })
}

test('C-2c a session that ended before the answer: the page says so, and goes on from there', async () => {
  const p = await person(w)
  const late = await allowTooLate(p, slimUrl(await pushed(w)))
  assert.equal(late.status, 400)
  assert.match(String(late.body), /<p id="error">You are no longer logged in/)
  assert.match(String(late.body), /id="back"[^>]*><bdi>Continue<\/bdi>/)
  const href = byId(String(late.body), 'back')?.attributes.get('href') ?? ''
  assert.ok(isLogin(await p.get(href)))
})

test('C-18 the code of an unproven decision is AM’s own in ping alone', async () => {
  for (const [profile, code] of [
    ['ping', 'bad_request'],
    ['strict', 'invalid_request'],
  ] as const) {
    await amend(w, 'myClient', { parapetClientConfig: { profile } })
    const late = await allowTooLate(await person(w), slimUrl(await pushed(w)))
    assert.match(String(late.body), new RegExp(`<code id="error_code">${code}<`))
  }
})

test('OIDC Core §3.1.2.1 a page of an error speaks ui_locales, whatever else is wrong with the URL', async () => {
  const url = (more: Changes) =>
    `${base}/authorize?${new URLSearchParams(more as Record<string, string>)}`
  const p = await person(w)
  const german = await p.get(url({ client_id: 'nobody', ui_locales: 'xx de-CH' }), {
    'accept-language': 'en',
  })
  assert.equal(german.status, 400)
  assert.match(String(german.body), /<html lang="de">/)
  const lost = await p.get('/am/XUI/?realm=/alpha&service=NoSuchJourney&locale=de_DE')
  assert.equal(lost.status, 400)
  assert.match(String(lost.body), /<html lang="de">/, 'as the login page does, by its own word')
  const odd = await p.get(`${url({ client_id: 'nobody' })}&ui_locales=%zz&ui_locales=`)
  assert.match(String(odd.body), /<html lang="en">/)
})

test('C-4, C-18 an unregistered redirect_uri is told as one in every profile, whatever its code', async () => {
  const p = await person(w)
  for (const [profile, code] of [
    ['ping', 'redirect_uri_mismatch'],
    ['strict', 'invalid_request'],
    ['fapi2', 'invalid_request'],
  ] as const) {
    await amend(w, 'myClient', { parapetClientConfig: { profile } })
    const query = {
      client_id: 'myClient',
      response_type: 'code',
      redirect_uri: 'https://x.example',
    }
    const page = String((await p.get(`${base}/authorize?${new URLSearchParams(query)}`)).body)
    assert.match(page, /<p id="error">The application asked to send you back to an address it/)
    assert.match(page, new RegExp(`<code id="error_code">${code}<`))
    assert.match(page, /<code id="error_parameter">redirect_uri</)
  }
})
