import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import { keySet, signer } from '../../../test/assertion.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import { withEvents } from '../../../test/events.ts'
import {
  answerOf,
  authorizeUrl,
  codeOf,
  isLogin,
  logInAndReturn,
  person,
  refusedWith,
} from '../../../test/flow.ts'
import { redirect_uri } from '../../../test/register.ts'
import {
  type Claims,
  objectClaims,
  pushObject,
  registerSigner,
  sealed,
  signed,
} from '../../../test/request-object.ts'
import { encode } from '../../../test/token.ts'
import { type World, world } from '../../../test/world.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** What the client's own site answers now, by path, and what it was asked. */
const site = new Map<string, Answer>()
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  const answer = site.get(request.url ?? '')
  if (answer === undefined) response.writeHead(404).end()
  else answer(response, request)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const origin = `http://localhost:${port}`
after(() => {
  server.closeAllConnections()
  server.close()
})

const es256 = await signer('ES256')
const json = { accept: 'application/json' }
const paths = ['/object', '/other', '/slow', '/wide', '/moved', '/type', '/gone', '/sealed']

async function realmOf(listed: readonly string[] = [`localhost:${port}`]): Promise<World> {
  const w = await world({ alpha: { parapetConfig: { jwksPrivateAddresses: listed } } })
  await registerSigner(w, 'refers', [es256], {
    advanced: {
      isConsentImplied: true,
      requestUris: [...paths.map((path) => origin + path), 'https://rp.example/object'],
    },
  })
  return w
}

const w = await realmOf()

function token(changes: Claims = {}, at = w): string {
  return signed(es256, objectClaims(at, 'refers', changes))
}

function serve(path: string, text: string, type = 'application/oauth-authz-req+jwt'): void {
  site.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(text))
}

function urlOf(request_uri: string, beside: Readonly<Record<string, string>> = {}): string {
  return authorizeUrl({ client_id: 'refers', ...beside, request_uri })
}

/** How often the site was asked while something was done. */
async function asks(act: () => Promise<unknown>): Promise<number> {
  const before = asked.length
  await act()
  return asked.length - before
}

test('RFC 9101 §5.2 an object by reference: fetched once, then the way of a pushed request', async () => {
  serve('/object', token({ state: 'inside', jti: 'referred' }))
  const b = browser(w)
  const count = await asks(async () => {
    const detour = await b.get(urlOf(`${origin}/object`))
    assert.ok(isLogin(detour))
    const way = new URL(locationOf(detour).searchParams.get('goto') as string)
    assert.match(way.searchParams.get('request_uri') as string, /^urn:/)
    const done = await logInAndReturn(b, detour)
    assert.ok(codeOf(done))
    assert.equal(answerOf(done).get('state'), 'inside')
  })
  assert.equal(count, 1)
})

test('JAR-4 what lies there may be encrypted', async () => {
  serve('/sealed', `${await sealed(w, token(), 'RSA-OAEP', 'A256GCM')}\n`)
  assert.ok(codeOf(await (await person(w)).get(urlOf(`${origin}/sealed`))))
})

test('OIDC Core §6.2 without a fragment nothing is kept; with one it is, and another one fetches anew', async () => {
  const p = await person(w)
  const state = async (uri: string): Promise<string | null> =>
    answerOf(await p.get(urlOf(uri))).get('state')
  serve('/other', token({ state: 'one' }))
  assert.equal(await state(`${origin}/other`), 'one')
  serve('/other', token({ state: 'two' }))
  assert.equal(await state(`${origin}/other`), 'two')
  const kept = await asks(async () => {
    serve('/other', token({ state: 'three' }))
    assert.ok(isLogin(await browser(w).get(urlOf(`${origin}/other#a`))))
    serve('/other', token({ state: 'four' }))
    assert.equal(await state(`${origin}/other#a`), 'three')
    assert.equal(await state(`${origin}/other#b`), 'four')
  })
  assert.equal(kept, 2)
})

test('S-1, JAR-9 only what is registered is fetched, and nothing that is not even an address', async () => {
  const p = await person(w)
  const count = await asks(async () => {
    for (const uri of [
      `${origin}/unregistered`,
      `${origin}/object?x`,
      `${origin}/object/`,
      `${origin}/OBJECT`,
      `http://127.0.0.1:${port}/object`,
      'file:///etc/passwd',
      'gopher://localhost/',
      `${origin}/object#${'f'.repeat(512)}`,
      'https://RP.example/object',
    ]) {
      const answer = await p.get(urlOf(uri, { redirect_uri }), json)
      refusedWith(answer, 'invalid_request_uri', 'The request_uri is not registered.')
    }
  })
  assert.equal(count, 0)
})

test('S-1 an address inside is not visited unless the realm lists it', async () => {
  serve('/object', token())
  for (const listed of [[], ['localhost'], [`localhost:${port + 1}`], [`127.0.0.1:${port}`]]) {
    const own = await realmOf(listed)
    const p = await person(own)
    const count = await asks(async () => {
      const answer = await p.get(urlOf(`${origin}/object`), json)
      refusedWith(answer, 'invalid_request_uri', 'The request_uri leads to no request object.')
    })
    assert.equal(count, 0)
  }
})

test('S-1 however an address inside is written, nobody goes there', async () => {
  const inside = [
    `http://127.0.0.1:${port}/object`,
    `http://127.1:${port}/object`,
    `http://2130706433:${port}/object`,
    `http://0x7f000001:${port}/object`,
    `http://0177.0.0.1:${port}/object`,
    `http://[::1]:${port}/object`,
    `http://[::ffff:127.0.0.1]:${port}/object`,
    `http://0.0.0.0:${port}/object`,
    'https://10.0.0.1/object',
    'https://192.168.0.1/object',
    'http://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/object',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
  ]
  const own = await world()
  // As if they had slipped into the registration.
  await registerSigner(own, 'refers', [es256], { advanced: { requestUris: inside } })
  const p = await person(own)
  const count = await asks(async () => {
    for (const uri of inside) {
      const answer = await p.get(urlOf(uri), json)
      refusedWith(answer, 'invalid_request_uri', 'The request_uri leads to no request object.')
    }
  })
  assert.equal(count, 0)
})

test('JAR-12 keys at a jwks_uri: fetched for the object, and again for a kid that is new', async () => {
  const next = await signer('ES256')
  serve('/keys', keySet(es256), 'application/json')
  await registerSigner(w, 'fetched', [], {
    keys: { publicKeyLocation: 'jwks_uri', jwksUri: `${origin}/keys` },
  })
  const push = async (by: typeof es256): Promise<number> =>
    (await pushObject(w, 'fetched', signed(by, objectClaims(w, 'fetched')))).status
  const first = await asks(async () => {
    for (let i = 0; i < 3; i++) assert.equal(await push(es256), 201)
  })
  assert.equal(first, 1)
  serve('/keys', keySet(es256, next), 'application/json')
  const second = await asks(async () => {
    for (const by of [next, next, es256]) assert.equal(await push(by), 201)
  })
  assert.equal(second, 1)
  assert.equal(await push(await signer('ES256')), 400)
})

test('S-1, S-2, JAR-17 a redirect, a wrong type, a wrong status, too many bytes: not followed, not read', async () => {
  const elsewhere = { location: `${origin}/object` }
  site.set('/moved', (response) => response.writeHead(302, elsewhere).end())
  serve('/type', token(), 'text/html')
  serve('/wide', 'x'.repeat(65_537))
  const p = await person(w)
  for (const path of ['/moved', '/type', '/wide', '/gone']) {
    const first = await asks(async () =>
      refusedWith(await p.get(urlOf(origin + path), json), 'invalid_request_uri'),
    )
    assert.equal(first, 1, path)
    const again = await asks(async () =>
      refusedWith(await p.get(urlOf(`${origin}${path}#2`), json), 'invalid_request_uri'),
    )
    assert.equal(again, 0, 'not again at once')
  }
  w.clock.now += 5
  serve('/gone', token())
  assert.ok(codeOf(await p.get(urlOf(`${origin}/gone`))))
})

test('OIDC Core §3.1.2.6 that nothing could be fetched goes to a registered address beside, else to the user', async () => {
  const p = await person(w)
  site.set('/gone', (response) => response.writeHead(404).end())
  w.clock.now += 5
  // Fetched and failed; then failed a moment ago.
  for (const path of ['/gone', '/gone', '/gone#1']) {
    const beside = { redirect_uri, state: 'beside', response_type: 'code' }
    const told = answerOf(await p.get(urlOf(origin + path, beside), json))
    assert.deepEqual(
      [told.get('error'), told.get('error_description'), told.get('state'), told.get('code')],
      ['invalid_request_uri', 'The request_uri leads to no request object.', 'beside', null],
    )
    refusedWith(await p.get(urlOf(origin + path), json), 'invalid_request_uri')
    const evil = urlOf(origin + path, { ...beside, redirect_uri: 'https://evil.example/' })
    refusedWith(await p.get(evil, json), 'redirect_uri_mismatch')
  }
  const unregistered = urlOf(`${origin}/unregistered`, { redirect_uri })
  refusedWith(await p.get(unregistered, json), 'invalid_request_uri')
})

test('S-2 a failed fetch of an object is logged once, however many wait for it', async () => {
  w.clock.now += 5
  site.set('/gone', (response) => {
    setTimeout(() => response.writeHead(500).end(), 50)
  })
  const { events } = await withEvents(() =>
    Promise.all(Array.from({ length: 16 }, () => browser(w).get(urlOf(`${origin}/gone`), json))),
  )
  assert.equal(events.filter(({ name }) => name === 'client.request_not_fetched').length, 1)
})

test('S-2 a slow answer is cut off after two seconds, for all who wait at once, and holds nobody else up', {
  timeout: 30_000,
}, async (t) => {
  serve('/object', token({ state: 'meanwhile' }))
  site.set('/slow', (response) => {
    const drip = setInterval(() => response.write('e'), 100)
    response.on('close', () => clearInterval(drip))
  })
  const p = await person(w)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let cutOff = 0
  const count = await asks(async () => {
    const slow = Array.from({ length: 16 }, () => browser(w).get(urlOf(`${origin}/slow`), json))
    for (const each of slow) void each.finally(() => cutOff++)
    while (asked.at(-1) !== '/slow') await new Promise(setImmediate)
    t.mock.timers.tick(1999)
    assert.ok(codeOf(await p.get(urlOf(`${origin}/object`))))
    assert.equal(cutOff, 0)
    t.mock.timers.tick(1)
    for (const answer of await Promise.all(slow)) refusedWith(answer, 'invalid_request_uri')
  })
  assert.equal(count, 2)
})

test('JAR-13, PAR-29 the object there is held to the same rules, and to the duty to push', async () => {
  serve('/object', signed(await signer('ES256'), objectClaims(w, 'refers')))
  const p = await person(w)
  refusedWith(await p.get(urlOf(`${origin}/object`), json), 'invalid_request_object')
  serve('/object', `${encode({ alg: 'none' })}.${encode(objectClaims(w, 'refers'))}.`)
  refusedWith(await p.get(urlOf(`${origin}/object`), json), 'request_uri_not_supported')
  serve('/object', `${origin}/other`)
  refusedWith(await p.get(urlOf(`${origin}/object`), json), 'invalid_request_object')
  const own = await realmOf()
  const advanced = { requirePushedAuthorizationRequests: true }

  await amendRealm(own, { advancedOAuth2Config: advanced })
  const count = await asks(async () => {
    const answer = await (await person(own)).get(urlOf(`${origin}/object`), json)
    refusedWith(answer, 'invalid_request')
  })
  assert.equal(count, 0)
})
