import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../../test/administrator.ts'
import { person, slimUrl } from '../../../../test/flow.ts'
import {
  askedOf,
  askRemotely,
  isAsked,
  post,
  responseOf,
  serviceKey,
} from '../../../../test/remote-consent.ts'
import { bodyOf, push, pushed, pushForm, world } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'
import { readRealm } from '../../../realm/realms.ts'
import { saveProvider } from '../../../realm/record.ts'
import { never } from '../../../store/store.ts'

const w = await world()
const call = await administrator(w)
const agents = '/realm-config/agents/RemoteConsentAgent'
const inherited = (value: unknown) => ({ inherited: false, value })

/** As deployments of SecureApiGateway put it, the key set aside. */
const exported = {
  userpassword: null,
  _id: 'secure-open-banking-rcs',
  _type: { _id: 'RemoteConsentAgent', name: 'OAuth2 Remote Consent Service', collection: true },
  remoteConsentRequestEncryptionAlgorithm: inherited('RSA-OAEP-256'),
  publicKeyLocation: inherited('jwks'),
  jwksCacheTimeout: inherited(0),
  remoteConsentResponseSigningAlg: inherited('PS256'),
  remoteConsentRequestSigningAlgorithm: inherited('RS256'),
  jwkSet: inherited(JSON.stringify({ keys: [serviceKey.jwk] })),
  jwkStoreCacheMissCacheTime: inherited(0),
  remoteConsentResponseEncryptionMethod: inherited('A128GCM'),
  remoteConsentRedirectUrl: inherited('https://rcs.example/'),
  remoteConsentRequestEncryptionEnabled: inherited(false),
  remoteConsentRequestEncryptionMethod: inherited('A128GCM'),
  remoteConsentResponseEncryptionAlgorithm: inherited('RSA-OAEP-256'),
  requestTimeLimit: inherited(0),
  jwksUri: { inherited: false },
}

test('PingAM: RemoteConsentAgent an agent is put as it was exported, read, listed and deleted', async () => {
  const url = `${agents}/${exported._id}`
  const created = await call('PUT', url, exported)
  assert.equal(created.status, 201, String(created.body))
  const { userpassword: _, jwksUri: __, ...same } = exported
  const read = bodyOf(await call('GET', url)) as JsonObject
  for (const [name, value] of Object.entries(same)) assert.deepEqual(read[name], value, name)
  assert.equal('userpassword' in read, false)
  const list = bodyOf(await call('GET', `${agents}?_queryFilter=true`)).result as JsonObject[]
  assert.deepEqual(
    list.map(({ _id, publicKeyLocation }) => [_id, publicKeyLocation]),
    [[exported._id, 'jwks']],
  )
  const all = await call('POST', '/realm-config/agents?_action=nextdescendents')
  const types = (bodyOf(all).result as JsonObject[]).map(({ _type }) => (_type as JsonObject)._id)
  assert.ok(types.includes('RemoteConsentAgent'))
  assert.equal((await call('DELETE', url)).status, 200)
  assert.equal((await call('GET', url)).status, 404)
})

test('PingAM: RemoteConsentAgent the template has AM’s defaults, and the schema says what may be inherited', async () => {
  const template = bodyOf(await call('POST', `${agents}?_action=template`))
  assert.deepEqual(
    [template.requestTimeLimit, template.remoteConsentRequestEncryptionEnabled],
    [180, true],
  )
  const { properties } = bodyOf(await call('POST', `${agents}?_action=schema`)) as {
    properties: Record<string, { properties?: JsonObject }>
  }
  assert.deepEqual(Object.keys(properties.jwksUri?.properties ?? {}), ['inherited', 'value'])
})

test('RFC 7518 §3.2 an agent is refused whose algorithms its keys or its secret do not serve', async () => {
  const put = async (changes: JsonObject) => {
    const response = await call('PUT', `${agents}/wrong`, changes)
    return [response.status, String(response.body)] as const
  }
  for (const [changes, said] of [
    [{ remoteConsentResponseSigningAlg: 'HS256' }, 'remoteConsentResponseSigningAlg'],
    [
      { remoteConsentResponseSigningAlg: 'HS256', userpassword: 'short' },
      'remoteConsentResponseSigningAlg',
    ],
    [{ remoteConsentResponseSigningAlg: 'none' }, 'remoteConsentResponseSigningAlg'],
    [{ remoteConsentRequestSigningAlgorithm: 'RS512' }, 'remoteConsentRequestSigningAlgorithm'],
    [
      { publicKeyLocation: 'jwks', jwkSet: JSON.stringify({ keys: [serviceKey.jwk] }) },
      'remoteConsentRequestEncryptionAlgorithm',
    ],
    [{ jwkSet: '{' }, 'jwkSet'],
    [{ jwksUri: 'ftp://rcs.example/jwks' }, 'jwksUri'],
    [{ remoteConsentRedirectUrl: 'javascript:x' }, 'remoteConsentRedirectUrl'],
    [{ remoteConsentRedirectUri: 'https://rcs.example/' }, 'remoteConsentRedirectUri'],
  ] as const) {
    const [status, body] = await put(changes)
    assert.deepEqual([status, body.includes(said)], [400, true], body)
  }
})

test('C-39 an http jwksUri is kept and named, and no key counts in its place', async () => {
  const own = await world()
  await askRemotely(own)
  const admin = await administrator(own)
  const { _id, _rev, _type, ...agent } = bodyOf(await admin('GET', `${agents}/rcs`))
  const put = await admin('PUT', `${agents}/rcs`, {
    ...agent,
    publicKeyLocation: 'jwks_uri',
    jwksUri: 'http://rcs:8080/jwks',
  })
  assert.deepEqual([put.status, bodyOf(put).parapet], [200, { unserved: ['jwksUri'] }])
  assert.deepEqual(bodyOf(put).jwksUri, inherited('http://rcs:8080/jwks'))
  const p = await person(own)
  const asked = await askedOf(own, await p.get(slimUrl(await pushed(own))))
  assert.equal((await post(p, asked, responseOf(own, asked))).status, 400)
})

test('C-39 an agent that a version before has only kept is served, and no longer among what is kept', async () => {
  const own = await world()
  const realm = await own.realm()
  await askRemotely(own)
  const path = 'realm-config/agents/RemoteConsentAgent/rcs'
  const key = `kept/${encodeURIComponent('/alpha')}/${encodeURIComponent(path)}`
  const document = { ...exported, remoteConsentRedirectUrl: 'https://consent.example/ask' }
  await own.settings.delete(key)
  await own.settings.insert(key, Buffer.from(JSON.stringify({ path, document })), never)
  const p = await person(own)
  const asked = await p.get(slimUrl(await pushed(own)))
  assert.equal((await askedOf(own, asked)).aud, 'rcs')
  const admin = await administrator(own)
  const { result } = bodyOf(await admin('GET', '/parapet/unserved?_queryFilter=true'))
  assert.deepEqual(result, [])
  const read = bodyOf(await admin('GET', `${agents}/rcs`))
  assert.deepEqual(read.remoteConsentResponseSigningAlg, inherited('PS256'))
  assert.equal(realm.path, '/alpha')
})

test('C-39 where a version before kept that remote consent is on, users are refused until the settings are saved anew', async () => {
  const own = await world()
  await askRemotely(own)
  const realm = await own.realm()
  const stored = await readRealm(realm)
  assert.ok(stored)
  const { consent: _, ...document } = stored.record.document
  const remoteConsentServiceId = 'rcs'
  const before = { ...document, consent: { remoteConsentServiceId } }
  await saveProvider(realm, stored, before, { consent: { enableRemoteConsent: true } })
  const refused = await push(own, pushForm())
  assert.match(String(refused.body), /consent\.enableRemoteConsent/)
  const admin = await administrator(own)
  const provider = '/realm-config/services/oauth-oidc'
  const { _rev: __, ...read } = bodyOf(await admin('GET', provider))
  assert.equal((await admin('PUT', provider, read)).status, 200)
  assert.ok(isAsked(await (await person(own)).get(slimUrl(await pushed(own)))))
})
