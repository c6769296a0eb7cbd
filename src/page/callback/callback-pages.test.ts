import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../../test/html-tree.ts'
import { nameAndPassword, question, registration } from '../../../test/question-samples.ts'
import type { Callback } from '../../journey/callback/callback.ts'
import { callbackTypes } from '../../journey/callback/index.ts'
import { scriptOf } from '../../journey/node/webauthn/script.ts'
import type { LoginPage } from '../login.ts'
import { loginPage } from '../login.ts'
import { chooseMessages } from '../messages/index.ts'
import { answersIn, stepScripts } from '../question/fields.ts'
import { passkeyScript } from '../static-file.ts'
import { callbackPages } from './index.ts'

const page = (
  callbacks: Parameters<typeof stepScripts>[0],
  lang = 'en',
  more: Partial<LoginPage> = {},
): string =>
  loginPage({
    messages: chooseMessages([lang]),
    brand: { name: '' },
    action: '/am/XUI/',
    hidden: [],
    callbacks,
    submit: 'Next',
    realm: '/',
    ...more,
  })

const attribute = (made: string, id: string, name: string) => byId(made, id)?.attributes.get(name)

test('house: each kind of callback that journeys have is asked by a page, and each page is of one', () => {
  assert.deepEqual(Object.keys(callbackPages).sort(), Object.keys(callbackTypes).sort())
})

test('house: a step that asks what no page can ask says so and has nothing to send it by, since the rest would answer nothing', () => {
  const posts = [{ name: 'redirectMethod', value: 'POST' }]
  const unasked: readonly Callback[] = [
    { type: 'ReCaptchaCallback', output: [], input: [{ name: 'IDToken1', value: '' }] },
    { type: 'SelectIdPCallback', output: [{ name: 'providers', value: [] }] },
    { type: 'RedirectCallback', output: posts },
  ]
  for (const callback of unasked) {
    const made = page([...nameAndPassword, callback])
    assert.ok(visibleText(made).includes(callback.type), callback.type)
    assert.equal(byId(made, 'login'), undefined, callback.type)
    const [form, ...more] = made.split('<form').slice(1)
    assert.deepEqual(more, [], callback.type)
    assert.match(form ?? '', /^[^>]*>\s*<fieldset class="dead" disabled>/, callback.type)
    assert.match(form ?? '', /<\/fieldset>\s*<\/form>/, callback.type)
  }
  assert.ok(byId(page(nameAndPassword), 'login'))
})

test('house: a step of which no page can ask several parts says so once, with what they are, and leads back once', () => {
  const captcha = { type: 'ReCaptchaCallback', output: [] }
  const posted = {
    type: 'RedirectCallback',
    output: [{ name: 'redirectMethod', value: 'POST' }],
  }
  const made = page([...nameAndPassword, captcha, posted, captcha])
  const text = visibleText(made)
  assert.equal(text.split('begin again and choose').length, 2, text)
  assert.equal(made.split('<a href="">').length, 2)
  assert.ok(text.includes('(ReCaptchaCallback, RedirectCallback)'), text)
  assert.ok(byId(made, 'username') && byId(made, 'password'))
})

test('of several buttons the usual one stands out, but none that leaves, and none where nothing is chosen yet', () => {
  for (const [options, defaultOption, chosen, primary] of [
    [['Yes', 'No'], 1, 0, [1]],
    [['Yes', 'No'], 0, 0, [0]],
    [['SUBMIT', 'CANCEL'], 1, 0, [0]],
    [['Submit', 'Use recovery code'], 0, 0, [0]],
    [['Use Recovery Code'], 0, 100, []],
  ] as const) {
    const made = page([question(0, 'ConfirmationCallback', { options, defaultOption }, chosen)])
    const found = options.flatMap((_, i) =>
      attribute(made, `IDToken1_${i}`, 'class') === 'primary' ? [i] : [],
    )
    assert.deepEqual(found, primary, options.join())
  }
})

test('PingAM: a policy is told in words, and one that was not met is marked, also for screen readers', () => {
  const made = page(registration('a b'), 'de')
  assert.equal(attribute(made, 'username', 'aria-invalid'), 'true')
  assert.equal(attribute(made, 'username', 'aria-describedby'), 'username_about')
  const words = visibleText(made)
  assert.ok(words.includes('Nicht erfüllt: Mindestens 8 Zeichen'), words)
  assert.ok(words.includes('Nicht erfüllt: Eine Regel mit dem Namen a b'))
  assert.ok(words.includes('Ziffern: mindestens a b'))
  assert.ok(!words.includes('Muss ausgefüllt sein'))
  assert.equal(attribute(made, 'password', 'autocomplete'), 'new-password')
  assert.equal(attribute(made, 'IDToken4', 'aria-invalid'), undefined)
})

test('a step says which fields it has, so that an empty one and a box that is off are answers', () => {
  const made = page(registration('a'))
  const asked = elements(made, 'input').find((each) => each.attributes.get('name') === 'asked')
  const names = asked?.attributes.get('value') ?? ''
  const ids = [1, 2, 3, 4, 5].map((n) => `IDToken${n}`)
  const kba = [6, 7].flatMap((n) => [`IDToken${n}question`, `IDToken${n}answer`])
  assert.deepEqual(names.split(' '), [...ids, ...kba, 'IDToken8', 'IDToken9'])
  const answers = answersIn(new Map([...Object.entries({ asked: names, IDToken4: '7' })]))
  assert.equal(answers.get('IDToken4'), '7')
  assert.equal(answers.get('IDToken5'), '')
  assert.ok(!answers.has('IDToken10'))
  assert.deepEqual([...answersIn(new Map([['asked', 'authId x IDToken']])).keys()], ['asked'])
})

test('WCAG 1.3.5: browsers are told what a field is for', () => {
  const code = question(0, 'PasswordCallback', { prompt: 'One Time Password' })
  assert.equal(attribute(page([code]), 'password', 'autocomplete'), 'one-time-code')
  const named = { prompt: 'User Name', autocompleteValues: ['username', 'webauthn', '"x'] }
  const name = question(0, 'NameCallback', named)
  assert.equal(attribute(page([name]), 'username', 'autocomplete'), 'username webauthn')
  const mail = question(0, 'StringAttributeInputCallback', { name: 'mail', prompt: 'E-Mail' })
  assert.equal(attribute(page([mail]), 'IDToken1', 'type'), 'email')
  assert.equal(attribute(page([mail]), 'IDToken1', 'autocomplete'), 'email')
})

test('X-4 a journey leads away to addresses of the web only, and posts to none', () => {
  const leads = (redirectUrl: string, redirectMethod = 'GET') =>
    attribute(
      page([question(0, 'RedirectCallback', { redirectUrl, redirectMethod })]),
      'redirect',
      'href',
    )
  assert.equal(leads('https://idp.example/a?b=c'), 'https://idp.example/a?b=c')
  assert.equal(leads('https://idp.example/', 'POST'), undefined)
  for (const bad of ['javascript:alert(1)', 'ftp://x', '/a', 'https://u:p@x/', ''])
    assert.equal(leads(bad), undefined, bad)
})

test('PingAM: asScript what PingAM’s pages are given as a script, ours read', () => {
  const data = { _type: 'WebAuthn', _action: 'webauthn_registration', challenge: '</script>\n"' }
  const message = scriptOf(data)
  assert.ok(!message.includes('</script'))
  const callbacks = [
    question(0, 'TextOutputCallback', { message, messageType: '4' }),
    question(1, 'HiddenValueCallback', { value: 'false', id: 'webAuthnOutcome' }),
  ]
  const made = page(callbacks)
  assert.deepEqual(JSON.parse(attribute(made, 'passkey', 'data-asked') ?? ''), data)
  assert.deepEqual(stepScripts(callbacks), [passkeyScript])
  // Without a script one goes on by the button.
  assert.equal(attribute(made, 'webAuthnOutcome', 'value'), 'unsupported')
  assert.equal(attribute(made, 'passkey_without', 'type'), 'submit')
  assert.equal(byId(made, 'login'), undefined)
  assert.equal(attribute(made, 'passkey', 'data-again'), undefined)
  const again = page(callbacks, 'en', { notice: 'failed' })
  assert.equal(attribute(again, 'passkey', 'data-again'), '')
  assert.match(visibleText(again), /The passkey could not be used/)
  const other = question(0, 'TextOutputCallback', { message: 'alert(1)', messageType: '4' })
  assert.deepEqual(stepScripts([other]), [])
})

test('a step is called as it calls itself, in text that is no markup', () => {
  const made = loginPage({
    messages: chooseMessages(),
    brand: { name: '' },
    action: '/am/XUI/',
    hidden: [],
    callbacks: [question(0, 'SuspendedTextOutputCallback', { message: 'Look at your mail' })],
    header: '<b>Mail</b>',
    description: 'We <i>wrote</i>',
    submit: 'Next',
    realm: '/',
  })
  assert.match(made, /<h1>&lt;b&gt;Mail&lt;\/b&gt;<\/h1>/)
  assert.match(made, /<title>&lt;b&gt;Mail/)
  assert.match(made, /id="description">We &lt;i&gt;wrote/)
  assert.equal(byId(made, 'login'), undefined)
})
