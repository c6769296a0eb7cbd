import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import type { ConsentPage } from './consent.ts'
import { consentPage } from './consent.ts'
import { chooseMessages } from './messages/index.ts'

const email = { name: 'email', text: 'demo@example.com' }
const verified = { name: 'email_verified', text: 'verified' }

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
    notYou: { action: '/am/XUI/switch', csrf: 'leaves' },
    scopes: [
      { name: 'openid', values: [] },
      { name: 'write', text: 'Change your notes', values: [email, verified] },
      { name: 'other', values: [] },
    ],
    claims: [
      { name: 'given_name', value: 'Dana' },
      { name: 'constructor', value: '' },
    ],
    resources: [],
    details: [],
    redirect_uri: 'https://www.example.com:8443/callback',
    lasts: { seconds: 3600, unused: false },
    canSave: true,
    ...more,
  })

/** The buttons of the form that stands around them. */
const ownButtons = (page: string) =>
  elements(page, 'button').filter(({ attributes }) => !attributes.has('form'))

test('PingAM oauth2-authorize: the form posts csrf, decision and save_consent', () => {
  const page = consent()
  const fields = [...elements(page, 'input'), ...ownButtons(page)].map(({ attributes }) =>
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
  assert.equal(ownButtons(consent())[0]?.attributes.get('value'), 'deny')
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
    'Recognise you by an identifier',
    'Change your notes demo@example.com · verified',
    'other',
    'your first name Dana',
    'constructor',
  ]) {
    assert.ok(words.includes(part), part)
  }
})

test('a request for nothing in particular says so', () => {
  const words = visibleText(consent({ scopes: [], claims: [] }))
  assert.ok(words.includes('Example asks only to know that you are logged in.'))
})

test('consent says where the person goes next and how long it lasts, in words', () => {
  const rows: [more: Partial<ConsentPage>, words: string][] = [
    [{}, 'Next you go to www.example.com:8443. The access ends after 1 hour.'],
    [{ lasts: undefined }, 'Next you go to www.example.com:8443.'],
    [{ lasts: { seconds: 604_800, unused: true } }, 'not been used for 7 days, or when you take'],
    [{ lasts: { seconds: 5400, unused: false } }, 'The access ends after 1.5 hours.'],
    [{ lasts: { seconds: 0, unused: true } }, 'The access lasts until you take it back.'],
    [{ redirect_uri: 'com.example.app:/cb' }, 'Next you go back to a program on this device.'],
  ]
  for (const [more, words] of rows) {
    const page = visibleText(consent(more))
    assert.ok(page.includes(words), page)
  }
})

test('scope names are for experts: they stand where it has to be opened, and nowhere else', () => {
  const page = consent()
  const [plain = '', ...experts] = page.split('<details')
  for (const name of ['openid', 'write', 'given_name']) {
    assert.ok(!visibleText(plain).split(' ').includes(name), name)
    assert.ok(visibleText(`<details${experts.join()}`).includes(name), name)
  }
  assert.equal(byId(page, 'experts')?.attributes.has('open'), false)
})

test('of many values the first is shown, and all of them beside what they are where that is opened', () => {
  const names = ['name', 'nickname', 'gender', 'zoneinfo', 'other']
  const values = names.map((name, i) => ({ name, text: `value ${i}` }))
  const page = consent({ scopes: [{ name: 'profile', values }] })
  const [before = '', opened = ''] = page.split('</summary>')
  const first = visibleText(before)
  assert.ok(first.includes('value 0 All 5 values') && !first.includes('value 1'), first)
  for (const text of ['your full name value 0', 'your nickname value 1', 'other value 4'])
    assert.ok(visibleText(opened.replaceAll('</dt><dd>', ' ')).includes(text), text)
})

test('RFC 8707 §2 the page says where the access will be used, by name, and for experts by identifier', () => {
  const resources = [{ name: 'https://api.example/<notes>', text: '<Notes> of all' }]
  const page = consent({ resources })
  assert.equal(byId(page, 'resources')?.name, 'ul')
  for (const words of ['It may use this at', '<Notes> of all', 'https://api.example/<notes>'])
    assert.ok(visibleText(page).includes(words), words)
  assert.ok(!visibleText(consent()).includes('It may use this at'))
})
