import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Parapet, startParapet } from '../src/testing.ts'
import { documents } from './markdown.ts'
import { documentOf, secret } from './recipes/registration.ts'
import { wire } from './wire.ts'

const redirect_uri = 'http://localhost:1/callback'
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const good = {
  response_type: 'code',
  scope: 'openid',
  redirect_uri,
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

let parapet: Parapet
let cookie = ''

before(async () => {
  const config = documentOf([
    { client_id: 'app', origin: 'http://localhost:1', callback: '/callback' },
    { client_id: 'page', origin: 'http://localhost:2', callback: '/callback', browser: true },
  ])
  parapet = await startParapet({ config })
  cookie = (await parapet.logIn('ann')).header
})
after(() => parapet.stop())

type Fields = Readonly<Record<string, string>>

/** What somebody is told: the body of an answer, or the address it leads to. */
async function told(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(parapet.issuer('/alpha') + path, { redirect: 'manual', ...init })
  const location = answer.headers.get('location')
  if (location === null) return answer.text()
  return JSON.stringify(Object.fromEntries(new URL(location).searchParams))
}

function post(path: string, fields: Fields, password = secret): Promise<string> {
  const headers = { authorization: `Basic ${btoa(`app:${password.replaceAll(' ', '+')}`)}` }
  return told(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
}

const push = (differs: Fields) => post('/par', { ...good, ...differs })
const visit = (fields: Fields) =>
  told(`/authorize?${new URLSearchParams(fields)}`, { headers: { cookie } })
const redeem = (fields: Fields) =>
  post('/access_token', {
    grant_type: 'authorization_code',
    redirect_uri,
    code_verifier: verifier,
    ...fields,
  })

async function pushed(): Promise<{ client_id: string; request_uri: string }> {
  const { request_uri } = JSON.parse(await push({})) as { request_uri: string }
  return { client_id: 'app', request_uri }
}

/** A person allows what was pushed; gives the code. */
async function allowed(reference: Fields): Promise<string> {
  const page = await visit(reference)
  const csrf = /name="csrf" value="([^"]*)/.exec(page)?.[1] ?? ''
  const answer = await told(`/authorize?${new URLSearchParams(reference)}`, {
    ...{ method: 'POST', headers: { cookie } },
    body: new URLSearchParams({ ...reference, csrf, decision: 'allow' }),
  })
  return (JSON.parse(answer) as { code: string }).code
}

/** What the guide says in backticks, and how one comes to see it. */
const rows: readonly (readonly [said: string, see: () => Promise<string>])[] = [
  [
    "Missing parameter, 'code_challenge'",
    () => push({ code_challenge: '', code_challenge_method: '' }),
  ],
  [
    'The code_challenge_method plain is not allowed: S256 is required',
    () => push({ code_challenge_method: 'plain' }),
  ],
  ['redirect_uri_mismatch', () => push({ redirect_uri: `${redirect_uri}/` })],
  [
    'redirect_uri_mismatch',
    () => visit({ ...good, client_id: 'app', redirect_uri: `${redirect_uri}/` }),
  ],
  ['invalid_scope', () => push({ scope: 'openid orders' })],
  ['invalid_scope', () => visit({ ...good, client_id: 'app', scope: 'orders' })],
  ['unsupported_response_type', () => push({ response_type: 'code id_token' })],
  [
    'The application that sent you is not known here',
    () => visit({ ...good, client_id: 'nobody' }),
  ],
  [
    'The request_uri has been used.',
    async () => {
      const reference = await pushed()
      await allowed(reference)
      return visit(reference)
    },
  ],
  ['The request_uri is unknown.', async () => visit({ ...(await pushed()), client_id: 'page' })],
  [
    'interaction_required',
    () => told(`/authorize?${new URLSearchParams({ ...good, client_id: 'app', prompt: 'none' })}`),
  ],
  ['Client authentication failed', () => post('/par', good, 'wrong')],
  [
    'Client authentication failed',
    () => {
      const body = new URLSearchParams({ ...good, client_id: 'app', client_secret: secret })
      return told('/par', { method: 'POST', body })
    },
  ],
  [
    'The provided access grant is invalid, expired, or revoked.',
    async () => redeem({ code: await allowed(await pushed()), code_verifier: 'a'.repeat(43) }),
  ],
  [
    'The client is not authorized to use this grant type.',
    () => post('/access_token', { grant_type: 'client_credentials' }),
  ],
  ['The access token is missing.', () => told('/userinfo')],
  [
    'The access token is invalid.',
    () => told('/userinfo', { headers: { authorization: 'Bearer x' } }),
  ],
  [
    'The post_logout_redirect_uri is not registered.',
    () => told('/connect/endSession?client_id=app&post_logout_redirect_uri=http://localhost:1/no'),
  ],
  ['Realm "/nowhere" not found', () => told('/../nowhere/.well-known/openid-configuration')],
  [
    'This server does not answer for the host that was asked for',
    async () => {
      const here = wire(Number(new URL(parapet.origin).port))
      const answer = await here.call('GET', '/am/oauth2', { headers: { host: 'another.example' } })
      here.close()
      assert.equal(answer.status, 421)
      return answer.text
    },
  ],
  // These two let the time go on, and stand last.
  [
    'Authorization code expired.',
    async () => {
      const code = await allowed(await pushed())
      parapet.clock.forward(61)
      return redeem({ code })
    },
  ],
  [
    'The request_uri has expired.',
    async () => {
      const reference = await pushed()
      parapet.clock.forward(91)
      return visit(reference)
    },
  ],
]

const guide = documents().find(({ path }) => path === 'docs/guide/troubleshooting.md')?.text ?? ''

test('house: what troubleshooting says one sees is what the server says', async () => {
  for (const [said, see] of rows) {
    const text = await see()
    const plain = text.replaceAll('\\"', '"').replaceAll('&#39;', "'")
    assert.ok(plain.includes(said), `${said}: ${text}`)
    assert.ok(guide.includes(said), said)
  }
})

test('house: a page of an origin that is not allowed reads the metadata, and no token answer', async () => {
  const issuer = parapet.issuer('/alpha')
  const allowedFor = async (path: string, origin: string) => {
    const answer = await fetch(issuer + path, { method: 'POST', headers: { origin } })
    return answer.headers.get('access-control-allow-origin')
  }
  const metadata = await fetch(`${issuer}/.well-known/openid-configuration`)
  assert.equal(metadata.headers.get('access-control-allow-origin'), '*')
  assert.equal(await allowedFor('/access_token', 'http://localhost:3'), null)
  assert.equal(await allowedFor('/access_token', 'http://localhost:2'), 'http://localhost:2')
})

test('house: the metadata says the issuer of the name it was read at', async () => {
  const other = parapet.issuer('/alpha').replace('localhost', '127.0.0.1')
  const answer = await fetch(`${other}/.well-known/openid-configuration`)
  assert.equal(((await answer.json()) as { issuer: string }).issuer, other)
})
