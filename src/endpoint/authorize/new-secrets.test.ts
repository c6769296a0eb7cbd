import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import { actionOf, type Browser, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import {
  answerConsent,
  authorizeUrl,
  codeOf,
  isConsentPage,
  person,
  refresh,
  slimUrl,
  tokensFor,
} from '../../../test/flow.ts'
import { anotherNode } from '../../../test/nodes.ts'
import {
  base,
  basic,
  bodyOf,
  pushed,
  pushForm,
  requestOf,
  type World,
  world,
} from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { derivedRecordKeys } from '../../grant/handle.ts'
import { publishedBefore } from '../../realm/key/key-state.ts'
import { familiesMeant, replaceKeys } from '../../realm/key/rotation.ts'
import { secrets } from '../../realm/key/secrets.ts'
import type { StoredKey } from '../../realm/key/stored-key.ts'

/** Goes on with what was begun before the keys were others; tells whether that was possible. */
type GoOn = () => Promise<boolean>

/** Things that somebody has open or holds, each begun now. */
const begun: Readonly<Record<string, (w: World) => Promise<GoOn>>> = {
  async 'a login page'(w) {
    const b = browser(w)
    const page = await b.get(locationOf(await b.get(slimUrl(await pushed(w)))).href)
    const fields = { ...fieldsOf(page), IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
    return async () => {
      const back = await b.post(actionOf(page), fields)
      return back.status === 303 && isConsentPage(await b.get(locationOf(back).href))
    }
  },
  async 'a consent page'(w) {
    const b = await person(w)
    return allows(b, await b.get(slimUrl(await pushed(w))))
  },
  async 'a consent page of a request that was not pushed'(w) {
    const b = await person(w)
    return allows(b, await b.get(authorizeUrl({ client_id: 'myClient', ...pushForm() })))
  },
  async 'a pushed decision'(w) {
    const b = await person(w)
    const request_uri = await pushed(w, { decision: 'allow', csrf: b.session.token })
    return async () => (await b.get(slimUrl(request_uri))).status === 302
  },
  async 'a page that asks whether to log out'(w) {
    const b = await person(w)
    const page = await b.get(`${base}/connect/endSession`)
    return async () => {
      await b.post(actionOf(page), { ...fieldsOf(page), logout: 'yes' })
      return !b.cookies.has('iPlanetDirectoryPro')
    }
  },
  async 'an access token signed with HS256'(w) {
    const form = { grant_type: 'client_credentials', scope: 'write' }
    const headers = { authorization: basic() }
    const post = (path: string, sent: Record<string, string>): Promise<HttpResponse> =>
      w.serve(requestOf('POST', base + path, { form: sent, headers }))
    const { access_token } = bodyOf(await post('/access_token', form))
    return async () =>
      bodyOf(await post('/introspect', { token: String(access_token) })).active === true
  },
}

/** What does not hang on the realm's secrets, and goes on whatever becomes of them. */
async function handles(w: World): Promise<GoOn> {
  const { refresh_token } = await tokensFor(w)
  const code = codeOf(await allowed(await person(w), await pushed(w)))
  const b = await person(w)
  return async () => {
    const form = { grant_type: 'authorization_code', code, ...pushForm() }
    const redeemed = await w.serve(requestOf('POST', `${base}/access_token`, tokenCall(form)))
    const again = await refresh(w, refresh_token)
    return (
      redeemed.status === 200 &&
      again.status === 200 &&
      isConsentPage(await b.get(slimUrl(await pushed(w))))
    )
  }
}

function tokenCall(form: Record<string, string>) {
  const { redirect_uri = '', code = '' } = form
  const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  const grant_type = 'authorization_code'
  return {
    form: { grant_type, code, redirect_uri, code_verifier },
    headers: { authorization: basic() },
  }
}

async function allowed(b: Browser, request_uri: string): Promise<HttpResponse> {
  return answerConsent(b, await b.get(slimUrl(request_uri)))
}

function allows(b: Browser, page: HttpResponse): GoOn {
  assert.ok(isConsentPage(page))
  return async () => (await answerConsent(b, page)).status === 302
}

/** A world whose requests another process answers once it is told to. */
async function changing(): Promise<{ readonly w: World; serveBy(serve: World['serve']): void }> {
  const made = await world()
  await amendRealm(made, { advancedOAuth2Config: { tokenSigningAlgorithm: 'HS256' } })
  let serve = made.serve
  return {
    w: { ...made, serve: (http) => serve(http) },
    serveBy(other) {
      serve = other
    },
  }
}

async function goesOn(w: World, change: () => Promise<void>): Promise<Record<string, boolean>> {
  const open = new Map<string, GoOn>()
  for (const [name, begin] of Object.entries({ ...begun, handles })) open.set(name, await begin(w))
  await change()
  const outcome: Record<string, boolean> = {}
  for (const [name, goOn] of open) outcome[name] = await goOn()
  return outcome
}

const names = [...Object.keys(begun), 'handles']
const all = (value: boolean): Record<string, boolean> =>
  Object.fromEntries(names.map((name) => [name, name === 'handles' || value]))

const mac = familiesMeant('mac') ?? assert.fail()

test('house: a new first key outside the database ends no open page, session, code or token', async () => {
  const { w, serveBy } = await changing()
  const old = (await w.realm()).handleKeys
  const key = { version: 2, key: createSecretKey(Buffer.alloc(32, 9)) }
  assert.deepEqual(
    await goesOn(w, async () => serveBy(await anotherNode(w, [key, ...old]))),
    all(true),
  )
})

test('house: new secrets of a realm end no open page, session, code or token, and are used by then', async () => {
  const { w } = await changing()
  const { now } = w.clock
  await replaceKeys(w.settings, { past: now, now }, '/alpha', {
    wanted: mac,
    spoilt: false,
    by: 'test',
  })
  const before = (await w.realm()).secret('csrf')
  const record = derivedRecordKeys(await w.realm(), now, 'an object')
  w.clock.now += publishedBefore - 1
  assert.equal((await w.realm()).secret('csrf'), before, 'every process hears of them first')
  assert.deepEqual(
    await goesOn(w, async () => {
      w.clock.now += 1
      const realm = await w.realm()
      assert.notEqual(realm.secret('csrf'), before)
      assert.deepEqual(derivedRecordKeys(realm, now, 'an object')[1], record[0])
    }),
    all(true),
  )
})

test('house: what was made with spoilt secrets counts no more, and only that', async () => {
  const { w } = await changing()
  assert.deepEqual(
    await goesOn(w, async () => {
      const { now } = w.clock
      await replaceKeys(w.settings, { past: now, now }, '/alpha', {
        wanted: mac,
        spoilt: true,
        by: 'test',
      })
    }),
    all(false),
  )
})

test('house: a secret that was replaced is asked for as long as what it made may live, by purpose', () => {
  const [day, year] = [86_400, 365 * 86_400]
  let time = 0
  const stored = (generation: number, from: number): StoredKey => {
    const jwk = { use: 'mac', k: Buffer.alloc(32, generation).toString('base64url') }
    return { id: `secret-${generation}`, family: 'secret', generation, jwk, since: from, from }
  }
  const outside = {
    handleKeys: [1, 2].map((fill) => ({ key: createSecretKey(Buffer.alloc(32, fill)) })),
    now: () => time,
  }
  const lifetimes = { accessTokenLifetime: 3600, interactionLifetime: 1800, sessionMaxTime: 120 }
  const at = (now: number, keys: readonly StoredKey[]) => {
    time = now
    const { of, all: every } = secrets(outside, keys, '/alpha', lifetimes)
    const counts = (['csrf', 'device'] as const).map((purpose) => {
      assert.equal(every(purpose)[0], of(purpose), 'the one that makes comes first')
      return every(purpose).length
    })
    return counts.join(' ')
  }
  const [first, second] = [stored(1, 10 * day), stored(2, 20 * day)]
  assert.equal(at(0, []), '2 2')
  assert.equal(at(10 * day - 1, [first]), '3 3', 'another process may be ahead')
  assert.equal(at(11 * day, [first]), '3 3')
  assert.equal(at(11 * day + publishedBefore + 1, [first]), '1 3')
  assert.equal(at(20 * day, [second, first]), '2 4')
  assert.equal(at(22 * day, [second, first]), '1 4')
  assert.equal(at(10 * day + year + publishedBefore + 1, [second, first]), '1 2')
  assert.equal(
    at(30 * day, [second]),
    '1 1',
    'the first that was drawn is over, and so is what was before it',
  )
  assert.equal(at(22 * day, [stored(3, 20 * day)]), '1 1')
})
