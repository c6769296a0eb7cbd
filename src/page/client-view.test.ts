import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientView, registeredNames, resourceViews, scopeViews } from './client-view.ts'

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

for (const blank of ['', '   ', '\t\n', '\u00a0', '\u200b', '\u3164', '\u2800', ' \u2060\ufeff ']) {
  for (const entry of [blank, `en|${blank}`]) {
    test(`RFC 7591 §2 a text that shows nothing counts as none: ${JSON.stringify(entry)}`, () => {
      const named = { ...client, client_name: [entry], descriptions: [entry] }
      const { name, description } = clientView(named, 'en')
      assert.deepEqual([name, description], ['c1', undefined])
      assert.equal(clientView({ ...client, display_names: [entry] }, 'en').name, 'Example')
      assert.deepEqual(registeredNames(named), ['c1'])
      assert.deepEqual(registeredNames({ ...client, display_names: [entry] }), client.client_name)
      const [scope] = scopeViews({ ...client, scopes: [`read|${entry}`] }, ['read'], 'en')
      assert.equal(scope?.text, undefined)
      const [shown] = resourceViews([{ identifier: 'https://r', displayNames: [entry] }], 'en')
      assert.equal(shown?.text, 'https://r')
      const marked = { ...client, client_name: [`${entry}x`] }
      assert.equal(clientView(marked, 'en').name, `${blank}x`)
    })
  }
}
