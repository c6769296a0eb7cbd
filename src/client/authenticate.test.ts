import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { redirect_uri, register, secret } from '../../test/register.ts'
import { trials } from '../../test/scale.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'
import { OAuthError } from '../protocol/error.ts'
import { authenticateClient, requireRegisteredMethod } from './authenticate.ts'
import { findClient } from './client.ts'

const w = await world()
await register(w, 'one')
await register(w, 'two')
await register(w, 'pub', { core: { clientType: 'Public' } })

const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

function pushFrom(peer: string, id: string, with_secret: string): Promise<HttpResponse> {
  const headers = { authorization: basic(id, with_secret) }
  return w.serve({ ...requestOf('POST', `${base}/par`, { form, headers }), peer })
}

test('K-11, C-34, OA-3 guessing is held back and cut short; the right client is never locked out', async () => {
  const started = performance.now()
  const guesses = Array.from({ length: 40 }, () => pushFrom('192.0.2.1', 'one', 'wrong'))
  let waiting = guesses.length
  for (const guess of guesses) void guess.finally(() => waiting--)
  await Promise.any(guesses.map(async (guess) => assert.equal((await guess).status, 401)))
  // While others of these wait, the client itself, from the same address, does not.
  assert.equal((await pushFrom('192.0.2.1', 'one', secret)).status, 201)
  assert.equal((await pushFrom('192.0.2.2', 'one', 'wrong')).status, 401)
  assert.ok(waiting > 0, 'another address has its own tries')
  await pushFrom('192.0.2.1', 'two', 'wrong')
  assert.ok(waiting > 0, 'another client has its own')
  const answers = await Promise.all(guesses)
  assert.ok(performance.now() - started > 3000, 'the last guesses were held for seconds')
  const refused = answers.filter((answer) => answer.status === 429)
  assert.ok(refused.length >= 15, `${refused.length} of 40`)
  assert.equal(refused[0]?.headers['retry-after'], '5')
  assert.equal(bodyOf(refused[0] as HttpResponse).error, 'too_many_requests')
})

test('C-34 the right secret ends what the wrong ones before it began', async () => {
  const guesses = Array.from({ length: 25 }, () => pushFrom('192.0.2.4', 'one', 'wrong'))
  await Promise.any(guesses.map(async (guess) => assert.equal((await guess).status, 429)))
  assert.equal((await pushFrom('192.0.2.4', 'one', secret)).status, 201)
  assert.equal((await pushFrom('192.0.2.4', 'one', 'wrong')).status, 401)
  await Promise.all(guesses)
})

test('K-11 a client that does not exist is held back just the same', async () => {
  const guesses = Array.from({ length: 30 }, () => pushFrom('192.0.2.3', 'nobody', 'wrong'))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  assert.ok(statuses.filter((status) => status === 429).length >= 5)
  assert.ok(statuses.every((status) => status === 429 || status === 401))
})

const many = trials(10_000)

test(`K-11 ${many} wrong tries, and the right one is answered at once`, async () => {
  for (let i = 0; i < many; i += 200) {
    const size = Math.min(200, many - i)
    await Promise.all(Array.from({ length: size }, () => pushFrom('192.0.2.4', 'one', 'wrong')))
    w.clock.now += 1
  }
  // What is held would now be held for ever.
  mock.timers.enable({ apis: ['setTimeout'] })
  const { status } = await pushFrom('192.0.2.4', 'one', secret)
  mock.timers.runAll()
  mock.timers.reset()
  assert.equal(status, 201)
})

test('K-11 how much of a wrong secret is right does not show in the time', async () => {
  let sources = 0
  const shortest = (guess: string): Promise<number> =>
    cpuTime(() => {
      sources += 1
      return pushFrom(`198.51.100.${sources}`, 'one', guess)
    }, 7)
  const times = [
    await shortest('x'.repeat(43)),
    await shortest(`${secret.slice(0, 42)}x`),
    await shortest(secret.slice(0, 20)),
  ]
  assert.ok(Math.max(...times) - Math.min(...times) < 25, `${times} ms`)
})

test('PAR-6 who it was and how it was proven', async () => {
  const realm = await w.realm()
  const byHeader = requestOf('POST', `${base}/par`, {
    headers: { authorization: basic('one', secret) },
  })
  const one = await authenticateClient(realm, byHeader, new Map())
  assert.deepEqual(
    [one.client.client_id, one.method, one.singleUse],
    ['one', 'client_secret_basic', undefined],
  )
  const bare = requestOf('POST', `${base}/par`)
  const byForm = new Map([['client_id', 'pub']])
  const pub = await authenticateClient(realm, bare, byForm)
  assert.deepEqual([pub.client.client_id, pub.method], ['pub', 'none'])
  assert.equal(pub.client, await findClient(realm, 'pub'), 'parsed once')
})

test('PAR-4 a request for openid is held to the registered method before anything else is looked at', async () => {
  const realm = await w.realm()
  const bare = requestOf('POST', `${base}/access_token`)
  const credentials: [string, string][] = [
    ['client_id', 'one'],
    ['client_secret', secret],
  ]
  const plain = await authenticateClient(realm, bare, new Map(credentials))
  assert.equal(plain.method, 'client_secret_post')
  const openid = new Map([...credentials, ['scope', 'write openid']])
  await assert.rejects(authenticateClient(realm, bare, openid), /invalid_client/)
})

test('PAR-4 openid holds a client to its registered method, public clients aside', async () => {
  const realm = await w.realm()
  const client = await findClient(realm, 'one')
  const pub = await findClient(realm, 'pub')
  assert.ok(client && pub)
  const rows: [method: string, scope: string[], status: number | undefined][] = [
    ['client_secret_basic', ['openid'], undefined],
    ['client_secret_post', ['write'], undefined],
    ['client_secret_post', ['write', 'openid'], 400],
  ]
  for (const [method, scope, status] of rows) {
    const run = (): void => requireRegisteredMethod(realm, { client, method }, scope)
    if (status === undefined) run()
    else assert.throws(run, (e) => e instanceof OAuthError && e.status === status)
  }
  requireRegisteredMethod(realm, { client: pub, method: 'none' }, ['openid'])
})

test('RFC 6749 §2.3.1 an empty secret of a public client may be left out or sent, in every profile that has them', async () => {
  const push = (more: Readonly<Record<string, string>>, authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization }
    return w.serve(requestOf('POST', `${base}/par`, { form: { ...form, ...more }, headers }))
  }
  for (const profile of ['ping', 'strict']) {
    const id = `public ${profile}`
    await register(w, id, { core: { clientType: 'Public' }, own: { profile } })
    assert.equal((await push({ client_id: id })).status, 201, profile)
    assert.equal((await push({}, basic(id, ''))).status, 201, profile)
    assert.equal((await push({ client_id: id }, basic(id, ''))).status, 201, profile)
    assert.equal((await push({ client_id: id, client_secret: '' })).status, 201, profile)
  }
  const wrong = await push({}, basic('public strict', 'x'))
  assert.deepEqual([wrong.status, bodyOf(wrong).error], [401, 'invalid_client'])
  const confidential = await push({}, basic('two', ''))
  assert.deepEqual([confidential.status, bodyOf(confidential).error], [401, 'invalid_client'])
})

const byHeader = 'client_secret_basic'
const inBody = 'client_secret_post'
const either: [
  profile: string,
  registered: string,
  sent: string,
  allowed: boolean,
  openid: boolean,
][] = [
  ['ping', byHeader, inBody, true, true],
  ['ping', inBody, byHeader, true, true],
  ['ping', byHeader, inBody, false, false],
  ['ping', inBody, byHeader, false, false],
  ['ping', 'private_key_jwt', byHeader, true, false],
  ['strict', byHeader, inBody, true, false],
  ['strict', inBody, byHeader, true, false],
  ['fapi2', byHeader, inBody, true, false],
]
for (const [profile, registered, sent, eitherSecretMethod, openid] of either) {
  const title = `${profile}, registered ${registered}${eitherSecretMethod ? ', either allowed' : ''}`
  test(`PAR-4 ${title}: a request for openid by ${sent} ${openid ? 'passes' : 'is refused'}`, async () => {
    const id = `either ${title}`
    const advanced = { tokenEndpointAuthMethod: registered }
    await register(w, id, { advanced, own: { profile, eitherSecretMethod } })
    const authorization = basic(id, secret)
    const credentials = { client_id: id, client_secret: secret }
    const call = (path: string, more: Readonly<Record<string, string>>) =>
      w.serve(
        sent === byHeader
          ? requestOf('POST', base + path, { form: more, headers: { authorization } })
          : requestOf('POST', base + path, { form: { ...more, ...credentials } }),
      )
    const { status } = await call('/par', { ...form, scope: 'openid' })
    assert.equal(status === 201, openid, String(status))
    const code = await call('/access_token', {
      grant_type: 'authorization_code',
      code: 'x',
      scope: 'openid',
    })
    assert.equal(bodyOf(code).error === 'invalid_client', !openid)
  })
}
