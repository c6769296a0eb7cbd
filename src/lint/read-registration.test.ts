import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRegistration } from './read-registration.ts'

test('a registration is read in PingAM’s sections, wrapped or not, and as RFC 7591 §2 has it', () => {
  const redirect_uris = ['https://rp.example/cb']
  const sections = readRegistration({
    coreOAuth2ClientConfig: { redirectionUris: { inherited: false, value: redirect_uris } },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
  })
  const flat = readRegistration({
    redirect_uris,
    token_endpoint_auth_method: 'private_key_jwt',
    client_name: 'App',
    jwks: { keys: [] },
  })
  for (const { client, problems } of [sections, flat]) {
    assert.deepEqual(problems, [])
    assert.deepEqual(client.redirect_uris, redirect_uris)
    assert.equal(client.token_endpoint_auth_method, 'private_key_jwt')
    assert.equal(client.clientType, 'Confidential')
  }
  assert.deepEqual(flat.client.response_types, ['code'])
  assert.equal(readRegistration({ token_endpoint_auth_method: 'none' }).client.clientType, 'Public')
})

test('what of a registration cannot be read is named', () => {
  const { problems } = readRegistration({ redirect_uris: 'https://rp.example/cb' })
  assert.deepEqual(
    problems.map(({ path }) => path),
    ['redirect_uris'],
  )
})
