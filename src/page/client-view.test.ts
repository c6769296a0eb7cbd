import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientView, scopeViews } from './client-view.ts'

const client = {
  client_id: 'c1',
  display_names: [],
  descriptions: ['All trips', 'de|Alle Reisen'],
  client_name: ['Example', 'de|Beispiel', 'pt-BR|Exemplo'],
  logo_uri: [],
  policy_uri: ['https://a.example/p', 'de|https://a.example/de'],
  tos_uri: [],
  client_uri: [],
  scopes: ['openid', 'write|Change notes', 'read|en|Read notes', 'read|de|Notizen lesen', 'x|'],
}

test('PingAM OAuth2 client: names and addresses by locale', () => {
  assert.equal(clientView(client, 'de').name, 'Beispiel')
  assert.equal(clientView(client, 'pt').name, 'Exemplo')
  assert.equal(clientView(client, 'en').name, 'Example')
  assert.equal(clientView(client, 'de').policy_uri, 'https://a.example/de')
  assert.equal(clientView(client, 'de').description, 'Alle Reisen')
  assert.equal(clientView({ ...client, display_names: ['de|Anders'] }, 'de').name, 'Anders')
  assert.equal(clientView({ ...client, client_name: [] }, 'en').name, 'c1')
  assert.equal(clientView({ ...client, client_name: ['en|Only'] }, 'de').name, 'Only')
})

test('PingAM OAuth2 client: scope|locale|description', () => {
  const scopes = ['openid', 'write', 'read', 'x', 'unknown']
  const texts = (lang: string) => scopeViews(client, scopes, lang).map(({ text }) => text)
  assert.deepEqual(texts('de'), [undefined, 'Change notes', 'Notizen lesen', undefined, undefined])
  assert.deepEqual(texts('en'), [undefined, 'Change notes', 'Read notes', undefined, undefined])
})
