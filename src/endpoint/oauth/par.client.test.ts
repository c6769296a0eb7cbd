import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elsewhere, post, redirect_uri, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { saveClient } from '../../client/registration.ts'
import { hashSecret } from '../../client/stored-secret.ts'

const w = await world()
const postMethod = { tokenEndpointAuthMethod: 'client_secret_post' }
await register(w, 'one')
await register(w, 'two')
await register(w, 'poster', { advanced: postMethod })
await register(w, 'opens by default', { core: { defaultScopes: ['openid'] } })
await register(w, 'gone', { core: { status: 'Inactive' } })
await register(w, 'by key', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: { publicKeyLocation: 'jwks', jwkSet: '{"keys":[]}' },
})
await register(w, 'pub', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none' },
})
await register(w, 'strict', { own: { profile: 'strict' } })
await register(w, 'strict poster', { advanced: postMethod, own: { profile: 'strict' } })
await register(w, 'strict pub', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none' },
  own: { profile: 'strict' },
})

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}
const failed = { error_description: 'Client authentication failed' }

function refused(response: HttpResponse, status: number, error = 'invalid_client'): void {
  assert.equal(response.status, status, String(response.body))
  assert.deepEqual(bodyOf(response), { ...failed, error })
  const challenged = response.headers['www-authenticate']
  if (error === 'invalid_client')
    assert.equal(challenged, status === 401 ? 'Basic realm="/alpha"' : undefined)
}

type Form = Readonly<Record<string, string>>

const formRows: [check: string, credentials: Form, error?: string][] = [
  ['PAR-6 nobody', {}],
  ['PAR-6 a client that is unknown', { client_id: 'three', client_secret: secret }],
  ['PAR-6 another case of the id', { client_id: 'ONE', client_secret: secret }],
  ['P-11 an inactive client', { client_id: 'gone', client_secret: secret }],
  ['JCA-11 a wrong secret', { client_id: 'one', client_secret: 'wrong' }],
  ['K-11 a right start of the secret', { client_id: 'one', client_secret: secret.slice(0, -1) }],
  ['RFC 6749 §3.2.1 no secret', { client_id: 'one' }],
  ['RFC 6749 §3.2.1 an empty secret', { client_id: 'one', client_secret: '' }],
  ['RFC 6749 §2.3.1 a secret without an id', { client_secret: secret }],
  ['JCA-1 an assertion without its type', { client_id: 'by key', client_assertion: 'a.b.c' }],
  [
    'JCA-1 a type without an assertion',
    { client_id: 'one', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:x' },
  ],
  ['PAR-4 the secret of a client that signs', { client_id: 'by key', client_secret: secret }],
  [
    'OA-2 a secret and an assertion at once',
    {
      client_id: 'one',
      client_secret: secret,
      client_assertion: 'a.b.c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
    'invalid_request',
  ],
]
for (const [check, credentials, error] of formRows) {
  test(`C-23 ${check}: 400`, async () => {
    const before = w.records.changeCount()
    refused(await post(w, '/par', { ...good, ...credentials }), 400, error)
    assert.equal(w.records.changeCount(), before, 'nothing is stored')
  })
}

const encoded = (text: string): string => Buffer.from(text).toString('base64')
const right = encoded(`one:${secret}`)

const headerRows: [check: string, authorization: string][] = [
  ['PAR-6 an unknown client', basic('three', secret)],
  ['P-11 an inactive client', basic('gone', secret)],
  ['JCA-11 a wrong secret', basic('one', 'wrong')],
  ['RFC 6749 §2.3.1 an empty secret', basic('one', '')],
  ['peers 9 the credentials of another client than client_id', basic('two', secret)],
  ['K-10 another scheme', `Bearer ${right}`],
  ['K-10 two spaces', `Basic  ${right}`],
  ['K-10 a tab', `Basic\t${right}`],
  ['K-10 no space', `Basic${right}`],
  ['K-10 words behind', `Basic ${right} x`],
  ['K-10 a comma', `Basic ${right}, Basic ${right}`],
  ['K-10 padding in front', `Basic =${right}`],
  ['K-10 empty', 'Basic '],
  ['K-11 no colon', `Basic ${encoded('one')}`],
  ['K-11 bytes that are no UTF-8', `Basic ${Buffer.from([0xff, 0x3a, 0xff]).toString('base64')}`],
  ['K-11 bad percent-encoding', `Basic ${encoded(`one:%zz${secret}`)}`],
  ['K-11 a NUL', `Basic ${encoded(`one\0:${secret}`)}`],
  ['K-11 space about the id', `Basic ${encoded(` one:${secret}`)}`],
]
for (const [check, authorization] of headerRows) {
  test(`C-23 ${check}, by header: 401 and a challenge`, async () => {
    const before = w.records.changeCount()
    refused(await post(w, '/par', { ...good, client_id: 'one' }, { authorization }), 401)
    assert.equal(w.records.changeCount(), before)
  })
}

for (const scheme of ['Basic', 'basic', 'BASIC']) {
  test(`K-10 only the case of the scheme may vary: ${scheme}`, async () => {
    const response = await post(w, '/par', good, { authorization: `${scheme} ${right}` })
    assert.equal(response.status, 201)
  })
}

test('OA-2 two Authorization headers: invalid_request', async () => {
  const http = requestOf('POST', `${base}/par`, { form: good })
  const authorization = `Basic ${right}`
  const response = await w.serve(
    elsewhere({
      ...http,
      headers: { ...http.headers, authorization },
      rawHeaders: [...http.rawHeaders, 'Authorization', authorization, 'authorization', 'x'],
    }),
  )
  refused(response, 400, 'invalid_request')
})

const assertion = {
  client_assertion: 'a.b.c',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
}
for (const more of [
  { client_secret: secret },
  { client_id: 'one', client_secret: secret },
  assertion,
]) {
  test(`OA-2 Basic and ${Object.keys(more)}: invalid_request`, async () => {
    const form = { ...good, ...more }
    refused(
      await post(w, '/par', form, { authorization: basic('one', secret) }),
      400,
      'invalid_request',
    )
  })
}

test('OA-2, H-7 credentials and parameters in the query are nobody’s', async () => {
  const query = `client_id=one&client_secret=${encodeURIComponent(secret)}`
  refused(await post(w, `/par?${query}`, good), 400)
  const { response_type: _, ...rest } = good
  const response = await post(w, '/par?response_type=code', rest, {
    authorization: basic('one', secret),
  })
  assert.equal(bodyOf(response).error_description, 'Missing parameter, response_type')
})

test('K-11, OA-1 id and secret are form-decoded: colon, percent, plus, UTF-8', async () => {
  const realm = await w.realm()
  const client_id = 'a:b c/ü'
  const chosen = 'p%: +ß=&'
  const { document } = await saved('one')
  await saveClient(realm, {
    client_id,
    document,
    secrets: [await hashSecret(realm, chosen, false)],
  })
  const authorization = basic(client_id, chosen)
  assert.equal((await post(w, '/par', good, { authorization })).status, 201)
  const form = { ...good, client_id, client_secret: chosen }
  assert.equal((await post(w, '/par', form)).status, 201)
})

async function saved(client_id: string) {
  const stored = await w.settings.get(`client/%2Falpha/${client_id}`)
  return JSON.parse(String(stored?.value))
}

test('RFC 6749 §2.3.1 a secret with colons is cut at the first one; PingAM’s encoded colon is one', async () => {
  const one = `one:${secret}`.replace(':', '%3A')
  const response = await post(w, '/par', good, { authorization: `Basic ${encoded(one)}` })
  assert.equal(response.status, 201)
})

const ways: [way: string, client: string, byHeader: boolean, scope: string, status: number][] = [
  ['PAR-4 Basic where Basic is registered', 'one', true, 'openid', 201],
  ['PAR-4 post where post is registered', 'poster', false, 'openid', 201],
  ['PingAM: oauth2-authz-grant-par post instead of Basic', 'one', false, 'write', 201],
  ['PingAM: oauth2-authz-grant-par Basic instead of post', 'poster', true, 'write', 201],
  ['PAR-4 post instead of Basic, with openid', 'one', false, 'write openid', 400],
  ['PAR-4 Basic instead of post, with openid', 'poster', true, 'openid', 401],
  ['PAR-4 a secret instead of a signature', 'by key', true, 'write', 401],
  ['PAR-4 strict: the registered one only', 'strict', false, 'write', 401],
]
for (const [way, client_id, byHeader, scope, status] of ways) {
  test(`${way}: ${status}`, async () => {
    const response = byHeader
      ? await post(w, '/par', { ...good, scope }, { authorization: basic(client_id, secret) })
      : await post(w, '/par', { ...good, scope, client_id, client_secret: secret })
    assert.equal(response.status, status, String(response.body))
  })
}

test('PAR-4 openid as the default scope counts as much as one that was sent', async () => {
  const { scope: _, ...rest } = good
  const client = { client_id: 'opens by default', client_secret: secret }
  refused(await post(w, '/par', { ...rest, ...client }), 400)
  const authorization = basic('opens by default', secret)
  assert.equal((await post(w, '/par', rest, { authorization })).status, 201)
})

for (const client_secret of [secret, 'wrong']) {
  test(`C-23 strict answers 401 where no header was sent, and challenges nobody: ${client_secret}`, async () => {
    const client_id = client_secret === secret ? 'strict' : 'strict poster'
    const response = await post(w, '/par', { ...good, client_id, client_secret })
    assert.equal(response.status, 401)
    assert.deepEqual(bodyOf(response), { ...failed, error: 'invalid_client' })
    assert.equal(response.headers['www-authenticate'], undefined)
  })
}

test('PAR-6 a public client proves nothing: AM lets it send what it likes, strict does not', async () => {
  const named = { ...good, client_id: 'pub' }
  assert.equal((await post(w, '/par', named)).status, 201)
  assert.equal((await post(w, '/par', { ...named, client_secret: 'x' })).status, 201)
  assert.equal((await post(w, '/par', good, { authorization: basic('pub', '') })).status, 201)
  const strict = { ...good, client_id: 'strict pub' }
  assert.equal((await post(w, '/par', strict)).status, 201)
  const silly = await post(w, '/par', { ...strict, client_secret: 'x' })
  assert.equal(silly.status, 401)
})
