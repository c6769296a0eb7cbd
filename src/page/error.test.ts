import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import { errors } from '../protocol/error.ts'
import type { ErrorPage } from './error.ts'
import { errorPage, errorScript } from './error.ts'
import { pageHeaders } from './headers.ts'
import { chooseMessages, languages } from './messages/index.ts'
import { copyScript } from './static-file.ts'

const error = (more: Partial<ErrorPage> = {}): string =>
  errorPage({
    messages: chooseMessages(),
    brand: { name: '' },
    status: 400,
    code: 'invalid_request',
    description: 'scope is malformed',
    parameter: 'scope',
    request: { id: 'order-4711', time: '2026-11-28T12:00:00Z' },
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

test('house: an error page says how the request is called and when it was, above what is folded', () => {
  for (const messages of languages) {
    const page = error({ messages })
    assert.ok(!elements(page, 'details')[0]?.attributes.has('open'))
    assert.equal(byId(page, 'time')?.attributes.get('datetime'), '2026-11-28T12:00:00Z')
    const [open = '', folded = ''] = page.split('<details')
    for (const text of ['>order-4711<', '>2026-11-28T12:00:00Z<', 'id="error_code"'])
      assert.ok(open.includes(text), text)
    for (const id of ['error_status', 'error_parameter', 'error_description'])
      assert.ok(folded.includes(`id="${id}"`), id)
    const button = byId(page, 'copy')?.attributes
    assert.ok(button?.has('hidden'), 'nothing to press where no script runs')
    assert.equal(button?.get('data-done'), messages.error.copied)
  }
})

test('C-30 the one script of an error page is a file of this server, and its policy allows no other kind', () => {
  const scripts = elements(error(), 'script')
  assert.deepEqual(
    scripts.map(({ attributes }) => attributes.get('src')),
    [copyScript.href],
  )
  assert.match(error(), /<script type="module" src="[^"]*"><\/script>/)
  const policy = pageHeaders({ script: errorScript })['content-security-policy']
  assert.match(policy ?? '', /; script-src 'self';/)
  assert.doesNotMatch(policy ?? '', /unsafe|\*|data:|https?:/)
})

test('an error page says whether the server has too much to do, or whoever asks does it too often', () => {
  const [busy, often] = (['temporarily_unavailable', 'too_many_requests'] as const).map((code) =>
    visibleText(error({ code })),
  )
  assert.match(String(busy), /The server is too busy/)
  assert.match(String(often), /too many requests/)
  assert.doesNotMatch(String(often), /busy/)
})
