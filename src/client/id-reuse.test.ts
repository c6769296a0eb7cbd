import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { clientAgain, realmAgain } from '../../test/again.ts'
import { amend } from '../../test/amend.ts'
import type { Signer } from '../../test/assertion.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../test/assertion.ts'
import { authorizeUrl, person } from '../../test/flow.ts'
import { post, redirect_uri } from '../../test/register.ts'
import { objectClaims, registerSigner, signed } from '../../test/request-object.ts'
import type { World } from '../../test/world.ts'
import { base, bodyOf, push, pushForm, world } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'
import { never } from '../store/store.ts'
import { findClient } from './client.ts'

const es256 = await signer('ES256')
const other = await signer('ES256')

/** A code, at whichever client's address. */
const isAnswer = (response: HttpResponse): boolean =>
  String(response.headers.location).includes('?code=')

test('C-37 a secret that was proven before is not the new client’s', async () => {
  const w = await world()
  const tried = async (): Promise<number> => (await push(w, pushForm())).status
  assert.equal(await tried(), 201)
  await clientAgain(w, 'myClient', 'another one')
  assert.equal(await tried(), 401)
})

/** A client that proves itself by assertions, and whose objects the same key signs. */
const registerSigning = (w: World, by: Signer): Promise<void> =>
  registerSigner(w, 'signs', [by], {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt', isConsentImplied: true },
    keys: { tokenEndpointAuthSigningAlgorithm: 'ES256' },
  })

const pushBy = (w: World, client_assertion: string): Promise<HttpResponse> =>
  post(w, '/par', { ...proof(client_assertion), ...pushForm({ redirect_uri }) })

test('C-37, P-7 an assertion and an object stay spent when their client is made again, or its realm', async () => {
  for (const end of [(w: World) => clientAgain(w, 'signs'), realmAgain]) {
    const w = await world()
    await registerSigning(w, es256)
    const used = assertion(es256, goodClaims('signs', base, w.clock.now))
    const request = signed(es256, objectClaims(w, 'signs', { jti: 'once', aud: base }))
    const visit = async () => (await person(w)).get(authorizeUrl({ client_id: 'signs', request }))
    assert.equal((await pushBy(w, used)).status, 201)
    assert.ok(isAnswer(await visit()))
    await end(w)
    assert.equal(bodyOf(await pushBy(w, used)).error, 'invalid_client')
    assert.equal(
      (await pushBy(w, assertion(es256, goodClaims('signs', base, w.clock.now)))).status,
      201,
    )
    assert.ok(!isAnswer(await visit()))
  }
})

test('C-37 a key of the old client proves nothing of the new one', async () => {
  const w = await world()
  await registerSigning(w, es256)
  const by = (key: Signer) => pushBy(w, assertion(key, goodClaims('signs', base, w.clock.now)))
  assert.equal((await by(es256)).status, 201)
  await clientAgain(w, 'signs')
  await registerSigning(w, other)
  assert.equal(bodyOf(await by(es256)).error, 'invalid_client')
  assert.equal((await by(other)).status, 201)
})

test('C-37 nor one that was fetched for the old client, when the new one publishes elsewhere', async () => {
  const sets = new Map([
    ['/old', keySet(es256)],
    ['/new', keySet(other)],
  ])
  const server = createServer((request, response) => response.end(sets.get(String(request.url))))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  after(() => server.close())
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const w = await world({ alpha: { parapetConfig: { jwksPrivateAddresses: [host] } } })
  await registerSigning(w, es256)
  const publishAt = (path: string): Promise<void> =>
    amend(w, 'signs', {
      signEncOAuth2ClientConfig: {
        publicKeyLocation: 'jwks_uri',
        jwksUri: `http://${host}${path}`,
        tokenEndpointAuthSigningAlgorithm: 'ES256',
      },
    })
  const by = (key: Signer) => pushBy(w, assertion(key, goodClaims('signs', base, w.clock.now)))
  await publishAt('/old')
  assert.equal((await by(es256)).status, 201)
  await clientAgain(w, 'signs')
  await publishAt('/new')
  assert.equal(bodyOf(await by(es256)).error, 'invalid_client')
  assert.equal((await by(other)).status, 201)
})

test('C-37 each realm and each client that is made again is another one; the root always is itself', async () => {
  const w = await world()
  const seen = new Set<string>()
  for (let i = 0; i < 3; i++) {
    const realm = await w.realm()
    seen.add(realm.identity)
    assert.match(realm.identity, /^\/alpha#[\w-]{4}$/)
    seen.add((await findClient(realm, 'myClient'))?.incarnation ?? '')
    await realmAgain(w)
    await clientAgain(w, 'myClient')
  }
  assert.equal(seen.size, 6)
  assert.equal((await w.realm('/')).identity, '/')
})

test('C-37 a realm and a client from before there were incarnations are the first', async () => {
  const w = await world()
  for (const key of ['realm/%2Falpha', 'client/%2Falpha/myClient']) {
    const { value, version } = (await w.settings.get(key)) ?? assert.fail()
    const { incarnation, created, ...old } = JSON.parse(value.toString()) as Record<string, unknown>
    assert.equal(typeof incarnation, 'string')
    assert.equal(typeof created, key.startsWith('client/') ? 'number' : 'undefined')
    await w.settings.replace(key, version, Buffer.from(JSON.stringify(old)), never)
  }
  const realm = await w.realm()
  const client = await findClient(realm, 'myClient')
  assert.deepEqual([realm.identity, client?.incarnation, client?.created], ['/alpha', '', 0])
})
