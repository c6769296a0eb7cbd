import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type Administer,
  administrator,
  ask,
  closed,
  coded,
  codeOf,
  codeParameters,
  cookieOf,
  granted,
  json,
  keyParty,
  logIn,
  oauth2,
  open,
  type Party,
  pushed,
  pushParameters,
  refreshParameters,
  setProvider,
  visit,
} from '../party.ts'
import { adminPassword } from '../server.ts'
import { type Answer, jsonOf, type Wire } from '../wire.ts'
import { openPair, outcomeOf, type Pair, tally } from './pair.ts'

const rounds = 20

let pair: Pair
let administer: { readonly a: Administer; readonly b: Administer }

before(async () => {
  pair = await openPair()
  administer = { a: await administrator(pair.a), b: await administrator(pair.b) }
})

after(() => pair?.close())

/** Runs `call` over and over beside `work`; gives how often each outcome was seen. */
async function beside(
  call: () => Promise<string>,
  work: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  let going = true
  const seen: string[] = []
  const loops = Array.from({ length: 8 }, async () => {
    while (going) seen.push(await call())
  })
  try {
    await work()
  } finally {
    going = false
    await Promise.all(loops)
  }
  return tally(seen)
}

async function pushOutcome(w: Wire, party: Party): Promise<string> {
  return outcomeOf(await ask(w, party, '/par', pushParameters))
}

const client = '/agents/OAuth2Client/myPublicClient'

async function setStatus(by: Administer, status: string): Promise<void> {
  const document = jsonOf(await by('GET', client)) as Record<string, Record<string, unknown>>
  const core = { ...document.coreOAuth2ClientConfig, status }
  jsonOf(await by('PUT', client, { ...document, coreOAuth2ClientConfig: core }))
}

test('PingAM: a client disabled at one process is refused by the other at once', async () => {
  const request_uri = await pushed(pair.a, open)
  const opened = async (): Promise<number> =>
    (await visit(pair.b, open, request_uri, undefined)).status
  const seen = await beside(
    () => pushOutcome(pair.b, closed),
    async () => {
      for (let i = 0; i < rounds; i++) {
        assert.equal(await opened(), 302)
        await setStatus(administer.a, 'Inactive')
        assert.equal(await opened(), 400)
        // Wrong tries are answered ever later (C-34): a few will do.
        if (i < 2) assert.equal(await pushOutcome(pair.b, open), '400 invalid_client')
        await setStatus(administer.a, 'Active')
      }
    },
  )
  // Who was not meant never noticed.
  assert.deepEqual(Object.keys(seen), ['201'])
})

test('PingAM: a changed provider setting holds at the other process at once', async () => {
  const lifetime = (by: Administer, seconds: number): Promise<void> =>
    setProvider(by, 'advancedOAuth2Config', 'parRequestUriLifetime', seconds)
  for (let i = 0; i < rounds; i++) {
    const [by, w] = i % 2 === 0 ? [administer.a, pair.b] : [administer.b, pair.a]
    await lifetime(by, 30 + i)
    const answer = jsonOf(await ask(w, open, '/par', pushParameters), 201)
    assert.equal(answer.expires_in, 30 + i)
  }
})

test('PingAM: a client registered at one process is known to the other, and gone when deleted', async () => {
  const keyed = await keyParty(pair.a, administer.a)
  assert.equal(await pushOutcome(pair.b, keyed), '201')
  jsonOf(await administer.a('DELETE', `/agents/OAuth2Client/${keyed.client_id}`))
  assert.equal(await pushOutcome(pair.b, keyed), '400 invalid_client')
})

test('P-3 a secret changed at one process: at the other the old one is refused at once', async () => {
  assert.equal(await pushOutcome(pair.b, closed), '201')
  const path = '/agents/OAuth2Client/myClient'
  const document = jsonOf(await administer.a('GET', path)) as Record<string, object>
  const userpassword = 'another secret'
  const core = { ...document.coreOAuth2ClientConfig, userpassword }
  jsonOf(await administer.a('PUT', path, { ...document, coreOAuth2ClientConfig: core }))
  assert.equal(await pushOutcome(pair.b, closed), '401 invalid_client')
})

test('PingAM: what was pushed under other settings is judged by those in force', async () => {
  const request_uri = await pushed(pair.a, open)
  await setStatus(administer.a, 'Inactive')
  const token = cookieOf(await logIn(pair.b))
  assert.equal((await visit(pair.b, open, request_uri, token)).status, 400)
  await setStatus(administer.a, 'Active')
  assert.notEqual(codeOf(await visit(pair.b, open, request_uri, token)), undefined)
})

test('PingAM: a logout at one process ends the session at the other at once', async () => {
  const token = await logIn(pair.a)
  const cookie = cookieOf(token)
  const code = await coded(pair.b, open, cookie)
  jsonOf(await ask(pair.b, open, '/access_token', codeParameters(code)))
  const headers = { 'accept-api-version': 'resource=3.1, protocol=1.0', cookie }
  jsonOf(await pair.a.call('POST', `${json}/sessions/?_action=logout`, { headers, json: {} }))
  const answer = await visit(pair.b, open, await pushed(pair.b, open), cookie)
  assert.match(String(answer.headers.location), /\/am\/XUI\/\?/)
})

/** A call of administration to one process; the path begins with the realm's JSON. */
async function manage(w: Wire, method: string, path: string, body?: unknown): Promise<Answer> {
  const iplanetdirectorypro = await logIn(w, ['amadmin', adminPassword], '/am/json/realms/root')
  const headers = { iplanetdirectorypro, 'accept-api-version': 'protocol=2.1,resource=1.0' }
  const answer = await w.call(method, path, { headers, json: body })
  jsonOf(answer)
  return answer
}

/** What of a grant still counts at a process: who it is about, and another token. */
async function alive(w: Wire, party: Party, tokens: Readonly<Record<string, unknown>>) {
  const authorization = `Bearer ${String(tokens.access_token)}`
  const userinfo = await w.call('GET', `${oauth2}/userinfo`, { headers: { authorization } })
  const parameters = refreshParameters(String(tokens.refresh_token))
  return [userinfo.status, outcomeOf(await ask(w, party, '/access_token', parameters))]
}

const dead = [401, '400 invalid_grant']

test('B-12 a user disabled at one process is nobody at the other: session, tokens, login', async () => {
  const keyed = await keyParty(pair.a, administer.a)
  const cookie = cookieOf(await logIn(pair.b))
  const tokens = await granted(pair.b, keyed, cookie)
  const setStatus = (status: string) =>
    manage(pair.a, 'PATCH', `${json}/users/demo`, [
      { operation: 'replace', field: '/inetUserStatus', value: [status] },
    ])
  await setStatus('Inactive')
  assert.deepEqual(await alive(pair.b, keyed, tokens), dead)
  const answer = await visit(pair.b, keyed, await pushed(pair.b, keyed), cookie)
  assert.match(String(answer.headers.location), /\/am\/XUI\/\?/)
  await assert.rejects(logIn(pair.b), /401/)
  await setStatus('Active')
  assert.deepEqual(
    (await alive(pair.b, keyed, await granted(pair.b, keyed, cookieOf(await logIn(pair.b)))))[0],
    200,
  )
})

test('RFC 7592 §2.3 of a client deleted at one process nothing is worth anything at the other', async () => {
  const keyed = await keyParty(pair.a, administer.a)
  const tokens = await granted(pair.b, keyed, cookieOf(await logIn(pair.b)))
  await manage(pair.a, 'DELETE', `${json}/realm-config/agents/OAuth2Client/${keyed.client_id}`)
  assert.deepEqual(await alive(pair.b, keyed, tokens), [401, '400 invalid_client'])
})

test('PingAM: what a user allowed and takes back at one process is over at the other, and asked for again', async () => {
  const keyed = await keyParty(pair.a, administer.a)
  const other = await keyParty(pair.a, administer.a)
  const token = await logIn(pair.b)
  const cookie = cookieOf(token)
  const [mine, others] = [
    await granted(pair.b, keyed, cookie),
    await granted(pair.b, other, cookie),
  ]
  const path = `/agents/OAuth2Client/${keyed.client_id}`
  const document = jsonOf(await administer.a('GET', path))
  const advanced = document.advancedOAuth2ClientConfig as object
  jsonOf(
    await administer.a('PUT', path, {
      ...document,
      advancedOAuth2ClientConfig: { ...advanced, isConsentImplied: false },
    }),
  )
  const opened = async () => visit(pair.b, keyed, await pushed(pair.b, keyed), cookie)
  assert.equal((await opened()).status, 200, 'a page asks')
  const { client_id } = keyed
  const request_uri = await pushed(pair.b, keyed)
  const form = { client_id, request_uri, csrf: token, decision: 'allow', save_consent: 'on' }
  assert.ok(codeOf(await pair.b.call('POST', `${oauth2}/authorize`, { cookie, form })))
  assert.ok(codeOf(await opened()), 'what was saved is not asked')
  await manage(pair.a, 'DELETE', `${json}/users/demo/oauth2/applications/${client_id}`)
  assert.deepEqual(await alive(pair.b, keyed, mine), dead)
  assert.equal((await opened()).status, 200, 'a page asks again')
  assert.equal((await alive(pair.b, other, others))[0], 200)
})

test('OIDC Core §10.1.1 a key rotated at one process signs no more at the other, and the new one is published', async () => {
  const keyed = await keyParty(pair.a, administer.a)
  const cookie = cookieOf(await logIn(pair.b))
  const signer = async (w: Wire): Promise<unknown> => {
    const { id_token } = await granted(w, keyed, cookie)
    return (
      JSON.parse(Buffer.from(String(id_token).split('.')[0] ?? '', 'base64url').toString()) as {
        kid: string
      }
    ).kid
  }
  const before = await signer(pair.a)
  assert.equal(await signer(pair.b), before)
  await manage(pair.a, 'POST', `${json}/parapet/keys?_action=rotate`, { keys: 'ES256', now: true })
  const after = await signer(pair.b)
  assert.notEqual(after, before)
  assert.equal(await signer(pair.a), after)
  for (const w of [pair.a, pair.b]) {
    const { keys } = jsonOf(await w.call('GET', `${oauth2}/connect/jwk_uri`)) as {
      keys: { kid: string }[]
    }
    const kids = keys.map(({ kid }) => kid)
    assert.ok(kids.includes(String(after)) && !kids.includes(String(before)))
  }
})

test('C-37 a realm deleted at one process is none at the other', async () => {
  const bravo = '/am/oauth2/realms/root/realms/bravo'
  const discovery = () => pair.b.call('GET', `${bravo}/.well-known/openid-configuration`)
  assert.equal((await discovery()).status, 200)
  const form = { client_id: open.client_id, ...pushParameters }
  jsonOf(await pair.b.call('POST', `${bravo}/par`, { form }), 201)
  const id = Buffer.from('/bravo').toString('base64url')
  await manage(pair.a, 'DELETE', `/am/json/realms/root/global-config/realms/${id}`)
  assert.equal((await discovery()).status, 404)
  assert.equal((await pair.b.call('POST', `${bravo}/par`, { form })).status, 404)
})
