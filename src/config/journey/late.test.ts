import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { bodyOf, push, pushForm, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { findClient } from '../../client/client.ts'
import { failureId } from '../../journey/tree.ts'

const w = await world()
const call = await administrator(w)
const trees = '/realm-config/authentication/authenticationtrees/trees'
const client = '/realm-config/agents/OAuth2Client/myClient'
const provider = '/realm-config/services/oauth-oidc'
const section = 'advancedOAuth2ClientConfig'

async function change(url: string, at: string, values: JsonObject): Promise<JsonObject> {
  const { _rev, ...read } = bodyOf(await call('GET', url)) as Record<string, JsonObject>
  const put = await call('PUT', url, { ...read, [at]: { ...read[at], ...values } })
  assert.equal(put.status, 200, String(put.body))
  return bodyOf(put) as JsonObject
}

async function pushed(form: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await push(w, pushForm(form))).status
}

function tree(enabled: boolean): JsonObject {
  return { entryNodeId: failureId, nodes: {}, enabled }
}

test('C-39 a client’s journey that comes later is served once it is there and enabled, without saving the client anew', async () => {
  const saved = await change(client, section, { treeName: 'Tenant' })
  assert.deepEqual(saved.parapet, { unserved: [`${section}.treeName`] })
  assert.equal(await pushed(), 400)
  await call('PUT', `${trees}/Tenant`, tree(false))
  assert.equal(await pushed(), 400)
  await call('PUT', `${trees}/Tenant`, tree(true))
  assert.equal(await pushed(), 201)
  assert.equal((await findClient(await w.realm(), 'myClient'))?.treeName, 'Tenant')
  assert.deepEqual(bodyOf(await call('GET', '/parapet/unserved')).result, [])
  await call('DELETE', `${trees}/Tenant`)
  assert.equal(await pushed(), 400)
  await change(client, section, { treeName: '[Empty]' })
  assert.equal(await pushed(), 201)
})

test('C-39 an acr value whose journey comes later is served once it is there', async () => {
  const levels = { loaMapping: { high: 'Strong', low: 'Login' } }
  const saved = await change(provider, 'advancedOIDCConfig', levels)
  assert.deepEqual(saved.parapet, { unserved: ['advancedOIDCConfig.loaMapping'] })
  assert.equal(await pushed({ acr_values: 'high' }), 400)
  assert.equal(await pushed({ acr_values: 'low' }), 201)
  await call('PUT', `${trees}/Strong`, tree(true))
  assert.equal(await pushed({ acr_values: 'high' }), 201)
  assert.deepEqual(bodyOf(await call('GET', '/parapet/unserved')).result, [])
})

test('PingAM: a client may choose a journey of the realm’s own', async () => {
  await call('PUT', `${trees}/Mine`, tree(true))
  const saved = await change(client, section, { treeName: 'Mine' })
  assert.equal(saved.parapet, undefined)
})
