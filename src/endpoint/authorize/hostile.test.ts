import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  decideByRest,
  isConsentPage,
  logInAndReturn,
  person,
  slimUrl,
} from '../../../test/flow.ts'
import { elements, structure } from '../../../test/html-tree.ts'
import { register } from '../../../test/register.ts'
import { base, bodyOf, pushed, pushForm, requestOf, world } from '../../../test/world.ts'
import { hostileTexts } from '../../../test/xss.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const alice = await person(w)

/** What a form can carry at all, and parameters may hold. */
const texts = hostileTexts.filter((text) => text.isWellFormed() && !text.includes('\0'))

/** Header fields hold printable ASCII only, each value on its own line. */
function soundHeaders({ headers }: HttpResponse, why: string): void {
  for (const [name, value] of Object.entries(headers))
    for (const each of [value].flat()) assert.match(each, /^[\x20-\x7e]*$/, `${name} ${why}`)
  assert.equal(headers['x-content-type-options'], 'nosniff', why)
}

function soundPage(response: HttpResponse, benign: readonly string[], why: string): void {
  soundHeaders(response, why)
  assert.deepEqual(structure(String(response.body)), benign, why)
  const policy = String(response.headers['content-security-policy'])
  assert.doesNotMatch(policy, /unsafe|\*/, why)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(response.headers['x-frame-options'], 'DENY', 'B-6')
}

/** Where foreign words go in, by parameter. */
const everywhere = (text: string): Changes => ({
  state: text,
  nonce: text,
  login_hint: text,
  ui_locales: text,
  acr_values: 'x',
  unknown: text,
  [text]: 'x',
})

const pages: Readonly<Record<string, (text: string) => Promise<HttpResponse>>> = {
  'the login page, pushed': async (text) => {
    const b = browser(w)
    const detour = await b.get(slimUrl(await pushed(w, everywhere(text))))
    soundHeaders(detour, text)
    return b.get(locationOf(detour).href)
  },
  'the login page, not pushed': async (text) => {
    const b = browser(w)
    const form = pushForm({ ...everywhere(text), client_id: 'myClient' })
    const detour = await b.get(authorizeUrl(form))
    soundHeaders(detour, text)
    return b.get(locationOf(detour).href)
  },
  'the consent page, pushed': async (text) => alice.get(slimUrl(await pushed(w, everywhere(text)))),
  'the consent page, not pushed': (text) =>
    alice.get(authorizeUrl(pushForm({ ...everywhere(text), client_id: 'myClient' }))),
  'the form_post page': async (text) => {
    const changes = { ...everywhere(text), response_mode: 'form_post' }
    return decideByRest(alice, await pushed(w, changes))
  },
  'the form_post page of an error': async (text) => {
    const changes = { ...everywhere(text), response_mode: 'form_post', prompt: 'none' }
    return browser(w).get(slimUrl(await pushed(w, changes)))
  },
  'an error page by an unknown client': (text) =>
    alice.get(authorizeUrl({ ...everywhere(text), client_id: text })),
  'an error page by a bad redirect_uri': (text) =>
    alice.get(authorizeUrl({ ...everywhere(text), client_id: 'myClient', redirect_uri: text })),
  'an error page by a bad request_uri': (text) =>
    alice.get(authorizeUrl({ client_id: 'myClient', request_uri: `urn:${text}`, state: text })),
}

for (const [name, page] of Object.entries(pages)) {
  test(`X-1, X-3, X-6 ${name}: hostile words change no structure and no header`, async () => {
    const benign = structure(String((await page('benign')).body))
    for (const text of texts) soundPage(await page(text), benign, JSON.stringify(text))
  })
}

test('X-1, OA-12 what a form_post page sends is what was sent, to the letter', async () => {
  for (const state of texts) {
    const done = await decideByRest(alice, await pushed(w, { state, response_mode: 'form_post' }))
    const [field] = elements(String(done.body), 'input').filter(
      ({ attributes }) => attributes.get('name') === 'state',
    )
    assert.equal(field?.attributes.get('value'), state)
  }
})

test('X-6 state in a redirect: one header, and the same text comes out', async () => {
  const odd = [
    '\r\nSet-Cookie: x=1',
    '%0d%0aSet-Cookie: x',
    '\u560a\u560dx',
    'a\u2028b',
    '\n',
    ...texts,
  ]
  for (const state of odd) {
    for (const response_type of ['code', 'token']) {
      const done = await decideByRest(alice, await pushed(w, { state, response_type }))
      soundHeaders(done, state)
      assert.equal(answerOf(done).get('state'), state)
    }
  }
})

test('X-6 a hostile response_mode or response_type: told to the client, and no word of it is', async () => {
  for (const text of texts) {
    for (const changes of [{ response_mode: text }, { response_type: text }]) {
      const told = await alice.get(authorizeUrl({ client_id: 'myClient', ...pushForm(changes) }))
      soundHeaders(told, text)
      const { error, error_description } = Object.fromEntries(answerOf(told))
      assert.match(
        `${error}: ${error_description}`,
        /^(invalid_request|unsupported_response_type): [\w .]+$/,
      )
    }
  }
})

test('X-6 a NUL or broken UTF-8 is refused, never a 5xx', async () => {
  for (const state of ['a%00b', '%00', '%ff', '%c0%af', '%ed%a0%80', '%', '%zz', '%f4%90%80%80']) {
    const query = new URLSearchParams({ client_id: 'myClient', ...pushForm() }).toString()
    const response = await alice.get(`${base}/authorize?${query}&state=${state}`)
    assert.equal(response.status, 400, state)
    assert.equal(response.headers.location, undefined)
    soundHeaders(response, state)
  }
})

test('X-4 a hostile name, description and scope text: same structure on login and consent', async () => {
  await register(w, 'named')
  const b = browser(w)
  const visit = async (text: string): Promise<readonly HttpResponse[]> => {
    await amend(w, 'named', {
      coreOAuth2ClientConfig: { clientName: [text], scopes: [`write|${text}`, 'openid'] },
      advancedOAuth2ClientConfig: { descriptions: [text] },
    })
    const form = pushForm({ client_id: 'named', redirect_uri: 'https://rp.example/cb' })
    const detour = await b.get(authorizeUrl(form))
    const page = await b.get(locationOf(detour).href)
    return [page, await alice.get(authorizeUrl(form))]
  }
  const benign = (await visit('benign')).map(({ body }) => structure(String(body)))
  for (const text of hostileTexts.filter((each) => each.isWellFormed() && !each.includes('|'))) {
    const shown = await visit(text)
    shown.forEach((response, i) => {
      soundPage(response, benign[i] ?? [], JSON.stringify(text))
    })
  }
})

test('X-4 addresses that could run script are not linked to, in no page', async () => {
  await register(w, 'linked')
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    'JaVaScRiPt:alert(1)',
    'vbscript:x',
  ]) {
    await amend(w, 'linked', {
      advancedOAuth2ClientConfig: {
        logoUri: [address],
        policyUri: [address],
        tosURI: [address],
        clientUri: [address],
      },
    })
    const form = pushForm({ client_id: 'linked', redirect_uri: 'https://rp.example/cb' })
    const page = await alice.get(authorizeUrl(form))
    assert.ok(isConsentPage(page))
    const gone = await alice.get(authorizeUrl({ client_id: 'linked', request_uri: 'A'.repeat(43) }))
    for (const { body } of [page, gone]) assert.doesNotMatch(String(body), /script:|data:/i)
  }
})

test('X-1 claim names nobody knows are no words of the consent page', async () => {
  for (const text of texts) {
    const claims = JSON.stringify({
      id_token: { [text]: null },
      userinfo: { [text]: { value: text } },
    })
    const page = await alice.get(slimUrl(await pushed(w, { scope: 'openid', claims })))
    assert.doesNotMatch(String(page.body), /id="claims"/)
  }
})

test('X-2 errors in JSON: typed, not sniffed, no value reflected raw', async () => {
  for (const text of texts) {
    const responses = [
      await alice.get(authorizeUrl({ client_id: text }), { accept: 'application/json' }),
      await w.serve(
        requestOf('POST', `${base}/access_token`, { form: { grant_type: text, client_id: text } }),
      ),
      await w.serve(
        requestOf('POST', `${base}/par`, {
          form: { client_id: 'myPublicClient', response_type: 'code', scope: text },
        }),
      ),
    ]
    for (const response of responses) {
      soundHeaders(response, text)
      assert.equal(response.headers['content-type'], 'application/json;charset=UTF-8')
      assert.match(
        String(bodyOf(response).error_description),
        /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/,
        'OA-13',
      )
    }
  }
})

test('X-1 hostile state: in no page of a pushed request, and whole in the answer', async () => {
  const b = browser(w)
  const consent = await logInAndReturn(
    b,
    await b.get(slimUrl(await pushed(w, { state: '"><script>' }))),
  )
  assert.ok(isConsentPage(consent))
  assert.ok(!('state' in fieldsOf(consent)))
  const denied = await answerConsent(b, consent, 'deny')
  assert.equal(answerOf(denied).get('state'), '"><script>')
  assert.ok(String(denied.headers.location).startsWith('https://www.example.com:443/callback?'))
})
