import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { assertion, goodClaims, proof } from '../test/assertion.ts'
import { cpuTime } from '../test/cpu.ts'
import { signed } from '../test/request-object.ts'
import {
  asked,
  basic,
  config,
  keys,
  port,
  published,
  redirect_uri,
  site,
} from '../test/tested-app.ts'
import { challenge, verifier } from '../test/world.ts'
import { generateSigningKey } from './jose/generate.ts'
import type { Parapet } from './testing.ts'
import { startParapet } from './testing.ts'

test('house: a server for a test is ready within 150 ms of processor time, with two clients and three users', async () => {
  const took = await cpuTime(async () => (await startParapet({ config })).stop(), 1)
  assert.ok(took <= 150, `${took} ms`)
})

let parapet: Parapet
before(async () => {
  parapet = await startParapet({ config })
})
after(async () => {
  await parapet.stop()
  site.closeAllConnections()
  site.close()
})

const pushForm = {
  response_type: 'code',
  scope: 'openid notes',
  redirect_uri,
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 'a state',
}

async function post(
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { authorization: basic },
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const body = new URLSearchParams(form)
  const target = parapet.issuer() + path
  const answer = await fetch(target, { method: 'POST', headers, body, redirect: 'manual' })
  const text = await answer.text()
  const json = answer.headers.get('content-type')?.startsWith('application/json')
  return {
    status: answer.status,
    headers: answer.headers,
    body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

const push = (more: Readonly<Record<string, string>> = {}) => post('/par', { ...pushForm, ...more })

/** What `ann` says of a pushed request; gives the parameters that go back to the client. */
async function decide(request_uri: unknown, decision: 'allow' | 'deny'): Promise<URLSearchParams> {
  const { header, cookie } = await parapet.logIn('ann')
  const form = { client_id: 'app', request_uri: String(request_uri), decision, csrf: cookie.value }
  const { headers } = await post('/authorize', form, { cookie: header })
  return new URL(headers.get('location') ?? '').searchParams
}

const exchange = (code: string | null) =>
  post('/access_token', {
    ...{ grant_type: 'authorization_code', code: code ?? '', redirect_uri },
    code_verifier: verifier,
  })

test('RFC 9126 §4 a test sees what became of a push, from a login without a page to the tokens, and none of them', async () => {
  const { status, body } = await push()
  assert.equal(status, 201)
  const last = () => parapet.pushes().at(-1) ?? assert.fail()
  assert.equal(last().request_uri, body.request_uri)
  const { client_id, issuer, state, issued, decision, request } = last()
  assert.deepEqual(
    { client_id, issuer, state, issued, decision },
    {
      client_id: 'app',
      issuer: parapet.issuer('/alpha'),
      state: 'pushed',
      issued: [],
      decision: undefined,
    },
  )
  assert.deepEqual([request.scope, request.state], [['openid', 'notes'], 'a state'])

  const code = (await decide(body.request_uri, 'allow')).get('code')
  assert.deepEqual([last().state, last().issued], ['issued', ['code']])
  const tokens = (await exchange(code)).body
  const { decision: made, ...rest } = last()
  assert.ok(made?.allowed)
  assert.deepEqual([made.username, made.scope], ['ann', ['openid', 'notes']])
  assert.equal(rest.state, 'redeemed')
  assert.deepEqual(rest.issued, ['code', 'access_token', 'refresh_token'])
  const { refresh_token } = tokens
  await post('/access_token', { grant_type: 'refresh_token', refresh_token: String(refresh_token) })
  assert.deepEqual(last().issued.slice(3), ['access_token', 'refresh_token'])
  const told = JSON.stringify(parapet.pushes())
  for (const secret of [code, tokens.access_token, refresh_token, tokens.id_token, 'app secret'])
    assert.ok(typeof secret === 'string' && !told.includes(secret))
})

test('RFC 6749 §4.1.2.1 a test sees that the person denied', async () => {
  const { body } = await push()
  assert.equal((await decide(body.request_uri, 'deny')).get('error'), 'access_denied')
  const { state, decision, issued } = parapet.pushes().at(-1) ?? assert.fail()
  assert.deepEqual(
    { state, decision, issued },
    { state: 'denied', decision: { allowed: false }, issued: [] },
  )
})

test('C-8 a test moves the clock on, and the reference is over; nothing doubts the time, days later neither', async () => {
  const before = parapet.clock.now()
  const request_uri = (await push()).body.request_uri as string
  const visit = async () => {
    const query = new URLSearchParams({ client_id: 'app', request_uri })
    const url = `${parapet.issuer()}/authorize?${query}`
    return (await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })).status
  }
  assert.equal(await visit(), 302)
  parapet.clock.forward(89)
  const later = (await push()).body.request_uri
  parapet.clock.forward(7 * 86_400)
  assert.equal(await visit(), 400)
  assert.notEqual(
    await decide((await push()).body.request_uri, 'allow').then((p) => p.get('code')),
    null,
  )
  assert.ok(parapet.clock.now() >= before + 7 * 86_400 + 89)
  assert.ok(parapet.pushes().some((each) => each.request_uri === later && each.state === 'pushed'))
  assert.throws(() => parapet.clock.forward(-1), /forward/)
})

test('RFC 7009 §2.2.1 a store that fails is told with 503 and when to try again, as often as was said and where', async () => {
  parapet.fail('store', 2, '/par')
  const { body } = await exchange('no code')
  assert.equal(body.error, 'invalid_grant')
  for (let i = 0; i < 2; i++) {
    const { status, headers, body } = await push()
    assert.deepEqual([status, body.error], [503, 'temporarily_unavailable'])
    assert.equal(headers.get('retry-after'), '1')
  }
  assert.equal((await push()).status, 201)
  const mend = parapet.fail('store', Number.POSITIVE_INFINITY)
  assert.equal((await push()).status, 503)
  mend()
  assert.equal((await push()).status, 201)
})

test('RFC 6749 §5.2 a bug is told as server_error, once', async () => {
  parapet.fail('server_error')
  const { status, body } = await push()
  assert.deepEqual([status, body.error], [500, 'server_error'])
  assert.equal((await push()).status, 201)
})

test('K-12 keys that cannot be got refuse the client; later they are got from this very machine', async () => {
  const pushKeyed = async () => {
    const claims = goodClaims('keyed', parapet.issuer(), parapet.clock.now())
    return post('/par', { ...pushForm, ...proof(assertion(keys, claims)) }, {})
  }
  parapet.fail('jwks_uri')
  assert.equal((await pushKeyed()).body.error, 'invalid_client')
  assert.deepEqual(asked, [])
  parapet.clock.forward(10)
  assert.equal((await pushKeyed()).status, 201)
  assert.deepEqual(asked, ['/jwks'])
})

test('RFC 9101 §5.2 a request object that cannot be got is told as that', async () => {
  const iat = parapet.clock.now()
  const claims = {
    iss: 'keyed',
    aud: parapet.issuer(),
    client_id: 'keyed',
    nbf: iat,
    exp: iat + 60,
  }
  published.set('/object', signed(keys, { ...claims, ...pushForm }))
  const request_uri = `http://127.0.0.1:${port}/object`
  const query = new URLSearchParams({ client_id: 'keyed', request_uri })
  const visit = () =>
    fetch(`${parapet.issuer()}/authorize?${query}`, {
      ...{ redirect: 'manual', headers: { accept: 'application/json' } },
    })
  parapet.fail('request_uri')
  const refused = await visit()
  assert.equal(((await refused.json()) as { error: string }).error, 'invalid_request_uri')
  parapet.clock.forward(10)
  assert.equal((await visit()).status, 302)
  const { client_id, state } = parapet.pushes().at(-1) ?? assert.fail()
  assert.deepEqual([client_id, state], ['keyed', 'pushed'], 'what a browser brought is no push')
})

test('house: an answer that is lost leaves done what was asked for, and its connection open', async () => {
  const before = parapet.pushes().length
  parapet.fail('answer')
  const gone = new AbortController()
  const answer = fetch(`${parapet.issuer()}/par`, {
    ...{ method: 'POST', headers: { authorization: basic }, signal: gone.signal },
    body: new URLSearchParams(pushForm),
  })
  while (parapet.pushes().length === before) await nextTurn()
  gone.abort()
  await assert.rejects(answer, { name: 'AbortError' })
  assert.equal((await push()).status, 201)
})

test('house: servers of one process know nothing of each other, and one that stopped holds nothing open', async () => {
  const open = () => process.getActiveResourcesInfo().filter((what) => /^TCP/.test(what))
  const before = open()
  const other = await startParapet({ config, clock: 1_800_000_000 })
  assert.notEqual(other.origin, parapet.origin)
  assert.equal(other.clock.now(), 1_800_000_000)
  const pushes = parapet.pushes().length
  const { cookie } = await other.logIn('ben', '/alpha')
  assert.equal(cookie.url, other.origin)
  assert.equal((await fetch(`${other.issuer()}/.well-known/openid-configuration`)).status, 200)
  await other.stop()
  await nextTurn()
  assert.ok(open().length <= before.length)
  await assert.rejects(fetch(other.origin))
  assert.equal(parapet.pushes().length, pushes)
  await assert.rejects(parapet.logIn('nobody'), /\/alpha has no active user nobody/)
  await assert.rejects(parapet.logIn('ann', '/charlie'), /no realm \/charlie/)
})

test('house: a document that says something wrong is refused with every place, and nothing is left open', async () => {
  const wrong = {
    realms: [
      {
        path: '/alpha',
        clients: [{ _id: 'a', coreOAuth2ClientConfig: { clientType: 'Neither' } }],
      },
      { path: '/bravo', provider: { advancedOAuth2Config: { parRequestUriLifetime: 1 } } },
    ],
  }
  await assert.rejects(startParapet({ config: wrong }), (error: Error) => {
    const lines = error.message.split('\n')
    assert.match(lines[0] ?? '', /^config: realms\[0\]\.clients\[0\].*clientType/)
    assert.match(lines[1] ?? '', /^config: realms\[1\]\.provider.*parRequestUriLifetime/)
    return lines.length === 2
  })
  assert.throws(() => parapet.fail('weather' as 'store'), /store, server_error/)
})

test('RFC 7517 §5 a server for a test takes its document from a file, variables from the test, and keys that were made before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-testing-'))
  const file = join(folder, 'realms.yaml')
  const client = `{ _id: app, coreOAuth2ClientConfig: { userpassword: '$\{env:SECRET}' } }`
  writeFileSync(file, `realms:\n  - path: /charlie\n    clients: [${client}]\n`)
  const made = await generateSigningKey('ES256')
  const other = await startParapet({
    config: file,
    env: { SECRET: 'a secret of the app' },
    keys: [made.privateJwk],
  })
  try {
    const { keys: set } = (await (await fetch(`${other.issuer()}/connect/jwk_uri`)).json()) as {
      keys: { kid: string }[]
    }
    assert.ok(set.some(({ kid }) => kid === made.privateJwk.kid))
    assert.equal(other.issuer(), `${other.origin}/am/oauth2/realms/root/realms/charlie`)
  } finally {
    await other.stop()
    rmSync(folder, { recursive: true })
  }
})
