import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopeViews } from '../page/client-view.ts'
import { userClaims } from '../protocol/claims.ts'
import { clientAttributes, clientMetadata } from '../protocol/client-metadata.ts'
import { readDocument } from '../protocol/document.ts'
import { responseTypes } from '../protocol/response-type.ts'
import { readSettings } from '../protocol/setting.ts'
import { demoClients, demoUser } from './seed.ts'

const origin = 'http://127.0.0.1:9090'

test('the demo clients are documents PingAM’s rows accept', () => {
  for (const { document } of demoClients(origin)) {
    const read = readDocument(clientAttributes, document)
    assert.deepEqual(read.problems, [])
    assert.deepEqual(read.unknown, [])
    assert.deepEqual(read.document, document)
  }
})

test('the demo clients: who they are, where they go back to, what they may ask for', () => {
  const [confidential, open] = demoClients(origin)
  assert.equal(confidential?.client_id, 'myClient')
  assert.equal(confidential.client_secret, 'mySecret')
  assert.equal(open?.client_id, 'myPublicClient')
  assert.equal(open.client_secret, undefined)
  for (const each of [confidential, open]) {
    const { values } = readSettings(clientMetadata, each.document)
    assert.deepEqual(values.redirect_uris, [
      'https://www.example.com:443/callback',
      `${origin}/demo/callback`,
      'http://localhost:8080/demo/callback',
    ])
    assert.equal(values.clientType, each === open ? 'Public' : 'Confidential')
    assert.equal(values.isConsentImplied, each === open)
    assert.equal(values.token_endpoint_auth_method, each === open ? 'none' : 'client_secret_basic')
    assert.deepEqual(
      values.response_types,
      responseTypes.map(({ name }) => name),
    )
    const { client_id } = each
    const [write] = scopeViews({ ...values, client_id }, ['write'], 'de')
    assert.equal(write?.text, 'Ihre Notizen ändern')
  }
})

test('an origin that is registered anyway is not listed twice', () => {
  const [client] = demoClients('http://localhost:8080')
  const { values } = readSettings(clientMetadata, client?.document ?? {})
  assert.equal(new Set(values.redirect_uris).size, values.redirect_uris.length)
})

test('OIDC Core §5.1 the demo user has a value for every standard claim', () => {
  assert.deepEqual(
    [...userClaims].filter((name) => !Object.hasOwn(demoUser.attributes, name)),
    [],
  )
})
