import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'

const clients = '/realm-config/agents/OAuth2Client'

function section(response: HttpResponse, name: string): Record<string, unknown> {
  return bodyOf(response)[name] as Record<string, unknown>
}

/** The client of PingAM's own page on this endpoint (8.1), which leaves three attributes odd. */
const documented = {
  coreOAuth2ClientConfig: {
    agentgroup: '',
    status: { inherited: true, value: 'string' },
    userpassword: 'forgerock',
    clientType: { inherited: false, value: 'Confidential' },
    redirectionUris: { inherited: false, value: ['https://www.example.com:443/callback'] },
    scopes: { inherited: false, value: ['write', 'read'] },
    defaultScopes: { inherited: true, value: ['write'] },
    clientName: { inherited: true, value: ['My Test Client'] },
  },
  advancedOAuth2ClientConfig: {
    name: { inherited: false, value: [null] },
    grantTypes: { inherited: true, value: ['authorization_code', 'client_credentials'] },
    tokenEndpointAuthMethod: { inherited: true, value: 'client_secret_basic' },
  },
}

test('PingAM: rest-api-oauth2-client the client its page shows is created, and comes back as it can be put again', async () => {
  const w = await world()
  const call = await administrator(w)
  const created = await call('PUT', `${clients}/myClient2`, documented)
  assert.equal(created.status, 201, String(created.body))
  assert.deepEqual(section(created, 'coreOAuth2ClientConfig').status, {
    inherited: false,
    value: 'Active',
  })
  assert.deepEqual(section(created, 'advancedOAuth2ClientConfig').name, {
    inherited: false,
    value: [],
  })
  const form = pushForm({ redirect_uri: 'https://www.example.com:443/callback' })
  const headers = { authorization: basic('myClient2', 'forgerock') }
  const pushed = await w.serve(requestOf('POST', `${base}/par`, { form, headers }))
  assert.equal(pushed.status, 201, String(pushed.body))
  const { _rev, ...shown } = bodyOf(created)
  assert.equal((await call('PUT', `${clients}/myClient2`, shown as JsonObject)).status, 200)
})
