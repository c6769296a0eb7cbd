import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import { errors } from '../protocol/error.ts'
import type { ErrorPage } from './error.ts'
import { errorPage, errorScript } from './error.ts'
import { chooseMessages, languages } from './messages/index.ts'

const error = (more: Partial<ErrorPage> = {}): string =>
  errorPage({
    messages: chooseMessages(),
    brand: { name: '' },
    status: 400,
    code: 'invalid_request',
    description: 'scope is malformed',
    parameter: 'scope',
    request: { id: 'order-4711', time: '2026-11-28T12:00:00.000Z' },
    ...more,
  })

test('C-21 an error page carries fixed text, the code and the offending name', () => {
  for (const messages of languages) {
    for (const code of Object.keys(errors) as (keyof typeof errors)[]) {
      const page = error({ messages, code })
      const words = visibleText(page)
      assert.ok(words.includes(code))
      assert.ok(words.includes('scope is malformed'))
      assert.ok(Object.values(messages.error.texts).some((text) => words.includes(text)))
      assert.ok(byId(page, 'error_parameter'))
    }
  }
})

test('C-2c a spent or expired request_uri is told apart, with a link back', () => {
  const code = 'invalid_request_uri'
  const back = { href: 'https://www.example.com/', text: 'Back to Example' }
  const spent = error({ code, fate: 'spent', back })
  assert.ok(visibleText(spent).includes('has been used already'))
  assert.ok(visibleText(error({ code, fate: 'expired', back })).includes('has expired'))
  assert.equal(byId(spent, 'back')?.attributes.get('href'), back.href)
})

test('C-2c without a link the page says what to do; it never forwards by itself', () => {
  const page = error()
  assert.ok(byId(page, 'advice'))
  assert.equal(byId(page, 'back'), undefined)
  for (const meta of elements(page, 'meta')) assert.ok(!meta.attributes.has('http-equiv'))
})

test('R-5 R-6 a link back never runs script and never leaves by a disguised path', () => {
  for (const href of [
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil',
    'x',
  ]) {
    assert.equal(byId(error({ back: { href, text: 'x' } }), 'back'), undefined, href)
  }
  for (const href of ['com.example.app:/cb', 'https://www.example.com/', '/demo']) {
    assert.ok(byId(error({ back: { href, text: 'x' } }), 'back'), href)
  }
})

test('an error without a parameter shows no empty row', () => {
  const page = error({ parameter: undefined, description: '' })
  assert.equal(byId(page, 'error_parameter'), undefined)
  assert.equal(byId(page, 'error_description'), undefined)
})

test('an error page names its request and the time, to be copied, and folds what is for developers', () => {
  const page = error()
  assert.ok(visibleText(page).includes('order-4711'))
  assert.ok(visibleText(page).includes('2026-11-28T12:00:00.000Z'))
  const copied = byId(page, 'copy')?.attributes.get('value')
  assert.equal(
    copied,
    'order-4711 2026-11-28T12:00:00.000Z 400 invalid_request scope scope is malformed',
  )
  const [folded] = elements(page, 'details')
  assert.ok(folded)
  assert.ok(!folded.attributes.has('open'))
  // Without scripts, or where nothing can be copied, there is no button that does nothing.
  assert.ok(byId(page, 'copy')?.attributes.has('hidden'))
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? []
  assert.equal(errorScript, `'sha256-${hash('sha256', script, 'base64')}'`)
})
