import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { parsed, postWith, request, worldOf } from '../../../test/mtls.ts'
import type { Issued } from '../../../test/pki.ts'
import { authority, cn, issue } from '../../../test/pki.ts'
import { register } from '../../../test/register.ts'
import { bodyOf, requestOf, base as url } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Json } from '../../base/json.ts'
import { authenticateClient } from '../authenticate.ts'

let published = ''
let asked = 0
const server = createServer((_, response) => {
  asked += 1
  response.end(published)
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
after(() => {
  server.closeAllConnections()
  server.close()
})
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

const ca = authority('Some CA')
const w = await worldOf([ca], { parapetConfig: { jwksPrivateAddresses: [host] } })

/** The JWK of a certificate's key, its certificate beside it unless said otherwise. */
function jwkOf(issued: Issued, x5c: Json = [issued.der.toString('base64')]): object {
  const jwk = issued.publicKey.export({ format: 'jwk' })
  return x5c === null ? jwk : { ...jwk, x5c }
}

function setOf(...keys: readonly object[]): string {
  return JSON.stringify({ keys })
}

function holding(client_id: string, keys: Readonly<Record<string, Json>>): Promise<void> {
  const advanced = { tokenEndpointAuthMethod: 'self_signed_tls_client_auth' }
  return register(w, client_id, { advanced, keys })
}

const own = issue({ subject: cn('own') })
const next = issue({ subject: cn('next') })
/** Another certificate about the same key. */
const renewed = issue({ subject: cn('own'), keys: own })

await holding('by value', { mTLSTrustedCert: own.pem })
await holding('two', { mTLSTrustedCert: `${own.pem}${next.pem}` })
await holding('base64', { mTLSTrustedCert: own.der.toString('base64') })
await holding('x5c', { publicKeyLocation: 'jwks', jwkSet: setOf(jwkOf(own)) })
await holding('key', { publicKeyLocation: 'jwks', jwkSet: setOf(jwkOf(own, null)) })
await holding('by uri', { jwksUri: `http://${host}/jwks` })

function push(client_id: string, ...certificates: readonly Issued[]): Promise<HttpResponse> {
  return postWith(w, '/par', { ...request, client_id }, certificates)
}

async function refused(response: Promise<HttpResponse>): Promise<void> {
  const { status, body } = await response
  assert.deepEqual([status, bodyOf({ body } as HttpResponse).error], [400, 'invalid_client'])
}

for (const client_id of ['by value', 'base64', 'x5c', 'key']) {
  test(`MTLS-5 ${client_id}: the registered certificate proves the client, whoever issued it`, async () => {
    assert.equal((await push(client_id, own)).status, 201)
    await refused(push(client_id, next))
    await refused(push(client_id, issue({ subject: cn('own') })))
    await refused(push(client_id))
    const issued = issue({ subject: cn('own'), issuer: ca })
    await refused(push(client_id, issued, ca))
  })
}

test('MTLS-5 another certificate about the same key is good only where the key alone is registered', async () => {
  assert.equal((await push('key', renewed)).status, 201)
  for (const client_id of ['by value', 'x5c']) await refused(push(client_id, renewed))
})

test('MTLS-5 two certificates, so that one can take the place of the other', async () => {
  for (const each of [own, next]) assert.equal((await push('two', each)).status, 201)
})

test('MTLS-5 a certificate of a CA is as good as any other that is registered', async () => {
  const issued = issue({ subject: cn('own'), issuer: authority('Another') })
  await holding('issued', { mTLSTrustedCert: issued.pem })
  assert.equal((await push('issued', issued)).status, 201)
})

test('PAR-4 every endpoint that authenticates clients takes it, and keeps x5t#S256', async () => {
  const form = { grant_type: 'client_credentials', scope: 'write', token: 'x', client_id: 'x5c' }
  for (const path of ['/access_token', '/introspect', '/token/revoke']) {
    assert.equal((await postWith(w, path, form, [own])).status, 200, path)
    await refused(postWith(w, path, form, [next]))
  }
  const http = { ...requestOf('POST', `${url}/par`), certificates: [own.der] }
  const who = await authenticateClient(await w.realm(), http, new Map([['client_id', 'x5c']]))
  assert.equal(who['x5t#S256'], parsed(own).thumbprint)
})

test('MTLS-5 jwks_uri: fetched once, and again for a certificate that is new there', async () => {
  published = setOf(jwkOf(own))
  assert.equal((await push('by uri', own)).status, 201)
  assert.equal((await push('by uri', own)).status, 201)
  assert.equal(asked, 1)
  published = setOf(jwkOf(next))
  assert.equal((await push('by uri', next)).status, 201)
  assert.equal(asked, 2)
  await refused(push('by uri', own))
  for (let i = 0; i < 5; i++) await refused(push('by uri', renewed))
  assert.equal(asked, 2, 'strangers cause no flood')
})

const times: [check: string, years: readonly [number, number]][] = [
  ['expired by the realm’s clock', [2020, 2025]],
  ['not yet in force', [2040, 2049]],
]
for (const [check, years] of times) {
  test(`K-8 ${check}: invalid_client`, async () => {
    const issued = issue({ subject: cn('own'), years })
    await holding('timed', { mTLSTrustedCert: issued.pem })
    await refused(push('timed', issued))
  })
}

test('K-8 a weak key is nobody’s, even if it is registered', async () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const weak = issue({ keys, issuer: authority('x') })
  const key = { publicKeyLocation: 'jwks', jwkSet: setOf(jwkOf(weak)) }
  await holding('weak', key)
  await refused(push('weak', weak))
})

const spoiled: [check: string, x5c: Json][] = [
  ['another certificate', [next.der.toString('base64')]],
  ['no list', own.der.toString('base64')],
  ['an empty list', []],
  ['no text', [7]],
]
for (const [check, x5c] of spoiled) {
  test(`K-8 x5c with ${check}: neither that certificate nor the key counts`, async () => {
    await holding('spoiled', { publicKeyLocation: 'jwks', jwkSet: setOf(jwkOf(own, x5c)) })
    for (const each of [own, next]) await refused(push('spoiled', each))
  })
}

test('K-8 a key for encryption proves nothing', async () => {
  const jwkSet = setOf({ ...jwkOf(own), use: 'enc' })
  await holding('enc', { publicKeyLocation: 'jwks', jwkSet })
  await refused(push('enc', own))
})
