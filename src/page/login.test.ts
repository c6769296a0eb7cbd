import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import { nameAndPassword, question } from '../../test/question-samples.ts'
import type { LoginPage } from './login.ts'
import { loginPage } from './login.ts'
import { chooseMessages } from './messages/index.ts'

const login = (more: Partial<LoginPage> = {}): string =>
  loginPage({
    messages: chooseMessages(),
    brand: { name: '' },
    action: '/am/XUI/',
    hidden: [['authId', 'a.b.c']],
    callbacks: nameAndPassword,
    submit: 'Next',
    realm: '/alpha',
    ...more,
  })

const attribute = (page: string, id: string, name: string) => byId(page, id)?.attributes.get(name)

test('conformance 1.5 the login form has stable ids and posts the callbacks’ own names', () => {
  const page = login()
  assert.equal(attribute(page, 'login_form', 'method'), 'post')
  assert.equal(attribute(page, 'login_form', 'action'), '/am/XUI/')
  assert.equal(attribute(page, 'username', 'name'), 'IDToken1')
  assert.equal(attribute(page, 'username', 'autocomplete'), 'username')
  assert.equal(attribute(page, 'password', 'name'), 'IDToken2')
  assert.equal(attribute(page, 'password', 'type'), 'password')
  assert.equal(attribute(page, 'password', 'autocomplete'), 'current-password')
  assert.equal(attribute(page, 'login', 'type'), 'submit')
  assert.ok(byId(page, 'username')?.attributes.has('autofocus'))
})

test('OIDC Core §3.1.2.1 a login_hint stands in the name field; a password is never written', () => {
  const filled = [
    question(0, 'NameCallback', { prompt: 'User Name' }, 'demo'),
    question(1, 'PasswordCallback', { prompt: 'Password' }, 'Ch4ng31t'),
  ]
  const page = login({ callbacks: filled })
  assert.equal(attribute(page, 'username', 'value'), 'demo')
  assert.ok(!page.includes('Ch4ng31t'))
  assert.ok(byId(page, 'password')?.attributes.has('autofocus'))
})

test('a refused step says so, to screen readers as well', () => {
  const page = login({ notice: 'failed' })
  assert.equal(attribute(page, 'failed', 'role'), 'alert')
  assert.equal(attribute(page, 'password', 'aria-describedby'), 'failed')
  assert.equal(attribute(page, 'password', 'aria-invalid'), 'true')
  assert.equal(byId(login(), 'failed'), undefined)
})

test('prompts of PingAM are said in the language of the page, others as they come', () => {
  const de = chooseMessages(['de'])
  const callbacks = [
    question(0, 'NameCallback', { prompt: ' User Name: ' }),
    question(1, 'NameCallback', { prompt: 'constructor' }),
    question(2, 'PasswordCallback', { prompt: '' }),
  ]
  const page = login({ messages: de, callbacks })
  const labels = [...page.matchAll(/<label for="(.*?)">(.*?)</g)].map((m) => `${m[1]}: ${m[2]}`)
  assert.deepEqual(labels, [
    'username: Benutzername',
    'IDToken2: constructor',
    'password: IDToken3',
  ])
})

test('conformance 1.5 registered logo, policy and terms are on the login page', () => {
  const client = {
    name: 'Example',
    logo_uri: 'https://www.example.com/logo.png',
    policy_uri: 'https://www.example.com/policy',
    tos_uri: 'https://www.example.com/terms',
    client_uri: 'http://localhost:9000/',
  }
  const page = login({ client })
  assert.equal(elements(page, 'img')[0]?.attributes.get('src'), client.logo_uri)
  assert.equal(attribute(page, 'policy_uri', 'href'), client.policy_uri)
  assert.equal(attribute(page, 'tos_uri', 'href'), client.tos_uri)
  assert.equal(attribute(page, 'client_uri', 'href'), client.client_uri)
  assert.equal(attribute(page, 'client_uri', 'rel'), 'noopener noreferrer')
})

test('X-4 registered addresses other than https are not shown', () => {
  for (const bad of [
    'http://www.example.com/',
    'javascript:alert(1)',
    'data:,x',
    '//x',
    '/x',
    '',
  ]) {
    const client = { name: 'E', logo_uri: bad, policy_uri: bad, tos_uri: bad, client_uri: bad }
    const page = login({ client })
    assert.equal(elements(page, 'a').length, 0)
    assert.match(elements(page, 'img')[0]?.attributes.get('src') ?? '', /^\/am\/XUI\/parapet.svg/)
  }
})

test('every other kind of question has a field', () => {
  const page = login({
    callbacks: [
      question(
        0,
        'ChoiceCallback',
        { prompt: 'Way', choices: ['App', 'Mail'], defaultChoice: 1 },
        1,
      ),
      question(1, 'BooleanAttributeInputCallback', { prompt: 'News', value: true }, true),
      question(2, 'HiddenValueCallback', { value: 'v', id: 'password' }, 'password'),
      question(3, 'ConfirmationCallback', { options: ['Yes', 'No'], defaultOption: 1 }, 1),
    ],
  })
  const choices = elements(page, 'input').filter((each) => each.attributes.get('type') === 'radio')
  assert.deepEqual(
    choices.map((each) => each.attributes.has('checked')),
    [false, true],
  )
  assert.equal(attribute(page, 'IDToken2', 'value'), 'true')
  assert.ok(byId(page, 'IDToken2')?.attributes.has('checked'))
  assert.ok(page.includes('<input type="hidden" name="IDToken3" value="v">'))
  const buttons = elements(page, 'button').map(({ attributes }) => attributes)
  assert.deepEqual(
    buttons.map((each) => [each.get('name'), each.get('value'), each.get('class')]),
    [
      ['IDToken4', '0', undefined],
      ['IDToken4', '1', 'primary'],
    ],
  )
  assert.equal(byId(page, 'login'), undefined)
})

test('text from a journey is shown by its kind; scripts and unknown questions are not hidden traps', () => {
  const text = (messageType: string) =>
    login({ callbacks: [question(0, 'TextOutputCallback', { message: 'hello', messageType })] })
  assert.match(text('0'), /<p class="notice">hello<\/p>/)
  assert.match(text('2'), /<p class="notice error" role="alert">hello<\/p>/)
  assert.ok(!text('4').includes('hello'))
  const unknown = login({ callbacks: [question(0, '__proto__', {})] })
  assert.ok(visibleText(unknown).includes('does not have (__proto__)'))
  assert.ok(elements(unknown, 'a').some(({ attributes }) => attributes.get('href') === ''))
})
