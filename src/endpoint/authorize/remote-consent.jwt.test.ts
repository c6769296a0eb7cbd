import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { keySet, signer } from '../../../test/assertion.ts'
import type { Browser } from '../../../test/browser.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import { withEvents } from '../../../test/events.ts'
import { answerOf, authorizeUrl, codeOf, person, slimUrl } from '../../../test/flow.ts'
import { allowing, answers, asked as fetches, host } from '../../../test/key-site.ts'
import { anotherProcess } from '../../../test/nodes.ts'
import {
  agentId,
  askedOf,
  askRemotely,
  decrypted,
  encrypted,
  post,
  responseOf,
  serviceKey,
  signedBySecret,
  verified,
} from '../../../test/remote-consent.ts'
import type { World } from '../../../test/world.ts'
import { base, bodyOf, pushed, pushForm, requestOf, world } from '../../../test/world.ts'
import { requestAlgorithms, responseAlgorithms } from '../../authorization/remote-consent/agent.ts'
import { findRemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { generateEncryptionKey } from '../../jose/generate.ts'
import { publicJwk } from '../../jose/jwk.ts'

async function realmKey(w: World, kty: string) {
  const { keys } = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`))) as {
    keys: { use: string; kty: string; kid: string }[]
  }
  const found = keys.find((key) => key.use === 'enc' && key.kty === kty)
  assert.ok(found)
  return found
}

test('RFC 7519 §11.2 consent_request is signed and then encrypted for the service, and its answer may be so too', async () => {
  const w = await world()
  const { privateJwk } = await generateEncryptionKey('RSA')
  const set = { keys: [serviceKey.jwk, { ...publicJwk(privateJwk), use: 'enc' }] }
  await askRemotely(w, {
    remoteConsentRequestEncryptionEnabled: true,
    remoteConsentResponseEncryptionAlgorithm: 'ECDH-ES',
    jwkSet: JSON.stringify(set),
  })
  const p = await person(w)
  const sent = locationOf(await p.get(slimUrl(await pushed(w)))).searchParams.get('consent_request')
  const { header, text } = await decrypted(sent ?? '', privateJwk)
  assert.deepEqual([header.alg, header.enc], ['RSA-OAEP-256', 'A128GCM'])
  const asked = await verified(w, text)
  const wrapped = async (kty: string, alg: string, enc: string) =>
    encrypted(responseOf(w, asked), await realmKey(w, kty), alg, enc)
  for (const [kty, alg, enc] of [
    ['RSA', 'RSA-OAEP-256', 'A128GCM'],
    ['EC', 'ECDH-ES', 'A256GCM'],
    ['EC', 'ECDH-ES+A128KW', 'A128GCM'],
  ] as const) {
    const { status } = await post(p, asked, await wrapped(kty, alg, enc))
    assert.equal(status, 400, `${alg} ${enc} is not what the agent says`)
  }
  codeOf(await post(p, asked, await wrapped('EC', 'ECDH-ES', 'A128GCM')))
})

test('RFC 7518 §3.2 both ways may be signed by the agent’s secret, and then by nothing else', async () => {
  const w = await world()
  const userpassword = '4f9d0c7a61b84e2f93d5a0be7c18f6d2'
  await askRemotely(w, {
    userpassword,
    remoteConsentRequestSigningAlgorithm: 'HS256',
    remoteConsentResponseSigningAlg: 'HS256',
    publicKeyLocation: 'jwks_uri',
  })
  const p = await person(w)
  const sent = locationOf(await p.get(slimUrl(await pushed(w)))).searchParams.get('consent_request')
  const [header, payload, signature] = (sent ?? '').split('.')
  const mac = createHmac('sha256', userpassword).update(`${header}.${payload}`).digest('base64url')
  assert.equal(signature, mac)
  const asked = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  assert.equal((await post(p, asked, responseOf(w, asked))).status, 400)
  const claims = { ...asked, iss: agentId, aud: asked.iss, decision: true, scopes: ['write'] }
  const by = (secret: string) => signedBySecret({ ...claims, exp: w.clock.now + 60 }, secret)
  assert.equal((await post(p, asked, await by(`${userpassword}x`))).status, 400)
  codeOf(await post(p, asked, await by(userpassword)))
})

test('S-1 keys of a service are fetched from its jwksUri, and from no address inside that the realm does not allow', async () => {
  const keys = await signer('ES256')
  answers.set('/rcs', (_, response) => response.end(keySet(keys)))
  const fetched = { publicKeyLocation: 'jwks_uri', jwksUri: `http://${host}/rcs` }
  const w = await allowing(host)
  await askRemotely(w, fetched)
  const p = await person(w)
  const asked = await askedOf(w, await p.get(slimUrl(await pushed(w))))
  assert.equal((await post(p, asked, responseOf(w, asked))).status, 400, 'another key')
  codeOf(await post(p, asked, responseOf(w, asked, {}, keys)))
  assert.equal(fetches.get('/rcs'), 1)

  const closed = await world()
  await askRemotely(closed, fetched)
  const q = await person(closed)
  const other = await askedOf(closed, await q.get(slimUrl(await pushed(closed))))
  const answer = await withEvents(() => post(q, other, responseOf(closed, other, {}, keys)))
  assert.equal(answer.value.status, 400)
  assert.ok(answer.events.some(({ name }) => name === 'client.keys_not_fetched'))
  assert.equal(fetches.get('/rcs'), 1, 'nobody was asked')
})

test('S-1 where its keys cannot be fetched to encrypt with, the client may come back later, and the push with it', async () => {
  const { privateJwk } = await generateEncryptionKey('RSA')
  let published = '{'
  answers.set('/later', (_, response) => response.end(published))
  const w = await allowing(host)
  await askRemotely(w, {
    publicKeyLocation: 'jwks_uri',
    jwksUri: `http://${host}/later`,
    remoteConsentRequestEncryptionEnabled: true,
  })
  const p = await person(w)
  const request_uri = await pushed(w)
  const refused = await p.get(slimUrl(request_uri))
  assert.equal(answerOf(refused).get('error'), 'temporarily_unavailable')
  published = JSON.stringify({ keys: [publicJwk(privateJwk)] })
  w.clock.now += 10
  assert.match(locationOf(await p.get(slimUrl(request_uri))).href, /^https:\/\/consent\.example/)
})

test('T-1 two servers on one store that get an answer at once: one code, of a push and of a request in the URL', async () => {
  const w = await world()
  await askRemotely(w)
  const p = await person(w)
  const there = await anotherProcess(w)
  const elsewhere: Browser = browser({ ...w, serve: there.serve })
  for (const url of [
    slimUrl(await pushed(w)),
    authorizeUrl({ client_id: 'myClient', ...pushForm({ state: 'race' }) }),
  ]) {
    const asked = await askedOf(w, await p.get(url))
    for (const [name, value] of p.cookies) elsewhere.cookies.set(name, value)
    const token = responseOf(w, asked)
    const both = await Promise.all([post(p, asked, token), post(elsewhere, asked, token)])
    const again = await post(elsewhere, asked, token)
    if (url.includes('request_uri')) {
      const codes = [...both, again].map((each) => codeOf(each))
      assert.deepEqual(codes, Array(3).fill(codes[0]))
    } else {
      assert.deepEqual(both.map(({ status }) => status).sort(), [302, 400])
      assert.equal(again.status, 400)
    }
  }
})

test('C-6c the answer is worth nothing in another session, even of the same user and for the same request', async () => {
  const w = await world()
  await askRemotely(w)
  const url = authorizeUrl({ client_id: 'myClient', ...pushForm({ state: 'same' }) })
  const [p, other] = [await person(w), await person(w)]
  const asked = await askedOf(w, await p.get(url))
  await other.get(url)
  assert.equal((await post(other, asked, responseOf(w, asked))).status, 400)
  codeOf(await post(p, asked, responseOf(w, asked)))
})

test('PingAM: remote-consent metadata say what services are asked and answer with: what realm and profile have, and of the rest nothing counts', async () => {
  const w = await world({
    alpha: {
      parapetConfig: { profile: 'fapi2' },
      consent: { supportedRcsResponseEncryptionMethods: ['A256GCM', 'A512GCM'] },
    },
  })
  const metadata = async () =>
    bodyOf(await w.serve(requestOf('GET', `${base}/.well-known/openid-configuration`)))
  const members = async () =>
    Object.entries(await metadata()).filter(([name]) => name.startsWith('rcs_'))
  assert.deepEqual(await members(), [])
  await askRemotely(w, { remoteConsentResponseSigningAlg: 'RS256' })
  const said = Object.fromEntries(await members())
  assert.equal(Object.keys(said).length, 6)
  assert.deepEqual(said.rcs_request_signing_alg_values_supported, [
    ...['ES256', 'PS256', 'EdDSA', 'Ed25519'],
  ])
  assert.deepEqual(said.rcs_response_encryption_enc_values_supported, ['A256GCM'])
  const agent = await findRemoteConsentAgent(await w.realm(), agentId)
  assert.ok(agent)
  assert.deepEqual(requestAlgorithms(await w.realm(), agent).signing, [])
  assert.deepEqual(responseAlgorithms(await w.realm(), agent).signing, [])
})
