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
  json,
  keyParty,
  logIn,
  open,
  type Party,
  pushed,
  pushParameters,
  setProvider,
  visit,
} from '../party.ts'
import { jsonOf, type Wire } from '../wire.ts'
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
