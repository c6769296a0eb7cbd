import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser } from '../../../test/browser.ts'
import {
  answerConsent,
  answerOf,
  codeFor,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  person,
  redeem,
  refresh,
  slimUrl,
  tokenRequest,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { basic, bodyOf, push, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Store } from '../../store/store.ts'
import { StoreUnavailable } from '../../store/store.ts'

type Verb = 'get' | 'insert' | 'replace'

/** A world whose records fail by turns: `down` names the verbs that reject. */
async function shaky(): Promise<World & { readonly down: Set<Verb> }> {
  const down = new Set<Verb>()
  const guard = (verb: Verb): void => {
    if (down.has(verb)) throw new StoreUnavailable('the disk is full')
  }
  const records = (store: Store): Store => ({
    ...store,
    async get(key) {
      guard('get')
      return store.get(key)
    },
    async insert(...sent) {
      guard('insert')
      return store.insert(...sent)
    },
    async replace(...sent) {
      guard('replace')
      return store.replace(...sent)
    },
  })
  return Object.assign(await world({ records }), { down })
}

function unavailable(response: HttpResponse): void {
  assert.equal(response.status, 503, String(response.body))
  assert.equal(response.headers['retry-after'], '1')
  assert.equal(response.headers.location, undefined)
  assert.match(String(response.body), /temporarily_unavailable/)
}

async function during<T>(w: { down: Set<Verb> }, verbs: Verb[], run: () => Promise<T>): Promise<T> {
  for (const verb of verbs) w.down.add(verb)
  try {
    return await run()
  } finally {
    w.down.clear()
  }
}

test('T-3 a push that could not be stored: 503, and the client may push again', async () => {
  const w = await shaky()
  unavailable(await during(w, ['insert'], () => push(w, pushForm())))
  assert.equal((await push(w, pushForm())).status, 201)
})

test('T-3 a request that could not be finished: 503, not spent, no code', async () => {
  const w = await shaky()
  const p = await person(w)
  for (const [response_type, scope] of [
    ['code', 'openid'],
    ['token', 'write'],
    ['code token id_token', 'openid'],
  ] as const) {
    const request_uri = await pushed(w, { response_type, scope, nonce: 'n' })
    unavailable(await during(w, ['replace'], () => decideByRest(p, request_uri)))
    unavailable(await during(w, ['get'], () => p.get(slimUrl(request_uri))))
    assert.equal((await decideByRest(p, request_uri)).status, 302)
  }
})

test('T-3 a page that could not be noted, a denial that could not be written: 503, then as if nothing was', async () => {
  const w = await shaky()
  const request_uri = await pushed(w)
  const b = browser(w)
  unavailable(await during(w, ['replace'], () => b.get(slimUrl(request_uri))))
  assert.equal(b.cookies.size, 0)
  assert.ok(isLogin(await b.get(slimUrl(request_uri))))
  const p = await person(w, { at: b })
  const page = await p.get(slimUrl(request_uri))
  unavailable(await during(w, ['replace'], () => answerConsent(p, page, 'deny')))
  assert.ok(codeOf(await answerConsent(p, page)) !== '')
})

test('T-3 a consent that could not be kept costs the user nothing', async () => {
  const w = await shaky()
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  const insert = w.settings.insert
  Object.assign(w.settings, {
    insert: () => Promise.reject(new StoreUnavailable('the disk is full')),
  })
  unavailable(await answerConsent(p, page, 'allow', { save_consent: 'on' }))
  Object.assign(w.settings, { insert })
  assert.ok(codeOf(await answerConsent(p, page, 'allow', { save_consent: 'on' })) !== '')
  assert.ok(codeOf(await p.get(slimUrl(await pushed(w)))) !== '')
})

test('T-3 a consent saved for an answer that could not be written is none: who denies then is asked next time', async () => {
  const w = await shaky()
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  const allow = () => answerConsent(p, page, 'allow', { save_consent: 'on' })
  unavailable(await during(w, ['replace'], allow))
  assert.equal(answerOf(await answerConsent(p, page, 'deny')).get('error'), 'access_denied')
  assert.ok(isConsentPage(await p.get(slimUrl(await pushed(w)))))
})

test('T-3 a code that could not be redeemed: 503, and it is still good', async () => {
  const w = await shaky()
  const code = await codeFor(w, { scope: 'openid' })
  unavailable(await during(w, ['replace'], () => redeem(w, code)))
  unavailable(await during(w, ['get'], () => redeem(w, code)))
  const wrong = { code_verifier: 'w'.repeat(43) }
  for (let i = 0; i < 4; i++)
    unavailable(await during(w, ['replace'], () => redeem(w, code, wrong)))
  assert.equal((await redeem(w, code)).status, 200)
})

test('T-3 a replay that could not end the grant: 503, never invalid_grant', async () => {
  const w = await shaky()
  const code = await codeFor(w, { scope: 'openid' })
  const { access_token } = bodyOf(await redeem(w, code))
  unavailable(await during(w, ['replace'], () => redeem(w, code)))
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
})

test('T-3 user claims that could not be read: 503 before the code is spent', async () => {
  const w = await shaky()
  const claims = '{"id_token":{"email":null}}'
  const code = await codeFor(w, { scope: 'openid', claims })
  const get = w.settings.get
  let reads = 0
  await w.settings.insert('nothing', Buffer.from('x'), 2 ** 40)
  Object.assign(w.settings, {
    get(key: string) {
      reads += 1
      if (key.startsWith('user/')) throw new StoreUnavailable('the disk is full')
      return get(key)
    },
  })
  unavailable(await redeem(w, code))
  Object.assign(w.settings, { get })
  assert.ok(reads > 0)
  assert.equal((await redeem(w, code)).status, 200)
})

test('T-3 a refresh that could not be written: 503, and the token is not used up', async () => {
  const w = await shaky()
  const { refresh_token } = await tokensFor(w)
  unavailable(await during(w, ['replace'], () => refresh(w, refresh_token)))
  w.clock.now += 60
  assert.equal((await refresh(w, refresh_token)).status, 200)
})

test('T-3 a client’s own grant that could not be written: 503', async () => {
  const w = await shaky()
  const form = { grant_type: 'client_credentials', scope: 'write' }
  unavailable(await during(w, ['insert'], () => tokenRequest(w, form)))
})

test('T-3 a revocation that could not be written: 503, never 200, and the token lives', async () => {
  const w = await shaky()
  const { access_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
  const headers = { authorization: basic() }
  for (const token of [String(access_token), String(refresh_token)]) {
    for (const verb of ['replace', 'get'] as const) {
      unavailable(await during(w, [verb], () => post(w, '/token/revoke', { token }, headers)))
    }
    assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
  }
  unavailable(await during(w, ['get'], () => withToken(w, '/userinfo', access_token)))
  unavailable(
    await during(w, ['get'], () =>
      post(w, '/introspect', { token: String(access_token) }, headers),
    ),
  )
})

test('T-3 a page that shows a failure of the store leads nowhere and says no more than later', async () => {
  const w = await shaky()
  const p = await person(w)
  const request_uri = await pushed(w, { state: 'secret-state' })
  const page = await during(w, ['replace'], () => p.get(slimUrl(request_uri)))
  assert.doesNotMatch(String(page.body), /secret-state|disk/)
  assert.ok(isConsentPage(await p.get(slimUrl(request_uri))))
})
