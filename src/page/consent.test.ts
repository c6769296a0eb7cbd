import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import type { ConsentPage } from './consent.ts'
import { consentPage } from './consent.ts'
import { chooseMessages } from './messages/index.ts'

const consent = (more: Partial<ConsentPage> = {}): string =>
  consentPage({
    messages: chooseMessages(),
    brand: { name: '' },
    action: '/am/oauth2/authorize',
    hidden: [
      ['client_id', 'myClient'],
      ['request_uri', 'urn:x'],
    ],
    csrf: 'proof',
    client: { name: 'Example', description: 'Plans your trips' },
    userName: 'demo',
    scopes: [{ name: 'openid' }, { name: 'write', text: 'Change your notes' }, { name: 'other' }],
    claims: ['given_name', 'constructor'],
    canSave: true,
    ...more,
  })

test('PingAM oauth2-authorize: the form posts csrf, decision and save_consent', () => {
  const page = consent()
  const fields = [...elements(page, 'input'), ...elements(page, 'button')].map(({ attributes }) =>
    ['name', 'value', 'id'].map((name) => attributes.get(name)),
  )
  assert.deepEqual(fields, [
    ['client_id', 'myClient', undefined],
    ['request_uri', 'urn:x', undefined],
    ['csrf', 'proof', undefined],
    ['save_consent', 'on', 'save_consent'],
    ['decision', 'deny', 'deny'],
    ['decision', 'allow', 'approve'],
  ])
  assert.equal(byId(page, 'consent_form')?.attributes.get('method'), 'post')
})

test('Enter never allows: the first submit button of the form denies', () => {
  assert.equal(elements(consent(), 'button')[0]?.attributes.get('value'), 'deny')
})

test('consent cannot be saved where the realm does not keep it', () => {
  assert.equal(byId(consent({ canSave: false }), 'save_consent'), undefined)
})

test('F2-25 consent names the client, the user and each scope and claim in words', () => {
  const words = visibleText(consent())
  for (const part of [
    'Allow Example access?',
    'You are logged in as demo.',
    'Plans your trips',
    'Recognise you by an identifier openid',
    'Change your notes write',
    'other other',
    'your first name',
    'constructor',
  ]) {
    assert.ok(words.includes(part), part)
  }
})

test('a request for nothing in particular says so', () => {
  const words = visibleText(consent({ scopes: [], claims: [] }))
  assert.ok(words.includes('Example asks only to know that you are logged in.'))
})
