import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { elements, structure, tokens } from '../../test/html-tree.ts'
import { hostileTexts } from '../../test/xss.ts'
import type { HtmlValue } from './html.ts'
import { attributes, escapeHtml, html, htmlText, isScriptAddress } from './html.ts'

const page = (value: string) =>
  htmlText(
    html`<p title="${value}">${value}</p><input ${attributes({ value })}><i>${[html`${value}`]}</i>`,
  )

test('X-1 hostile text keeps the structure and arrives as it was', () => {
  const benign = structure(page('benign'))
  for (const text of hostileTexts) {
    const made = page(text)
    assert.deepEqual(structure(made), benign, JSON.stringify(text))
    const kept = text.replaceAll('\0', '\ufffd')
    assert.equal(elements(made, 'p')[0]?.attributes.get('title'), kept)
    assert.equal(elements(made, 'input')[0]?.attributes.get('value'), kept)
    const shown = tokens(made).filter((each) => each.kind === 'text')
    assert.deepEqual(
      shown.map((each) => each.text),
      [kept, kept],
    )
  }
})

test('X-1 any text at all keeps the structure', () => {
  const benign = structure(page('benign'))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      assert.deepEqual(structure(page(text)), benign)
    }),
  )
})

test('html passes nested markup and lists of it, and writes nothing for absent values', () => {
  const items = ['a', '<b>'].map((each) => html`<li>${each}</li>`)
  assert.equal(htmlText(html`<ul>${items}</ul>`), '<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  assert.equal(htmlText(html`${undefined}${false}${0}${html`<hr>`}`), '0<hr>')
})

test('html takes nothing for markup that JSON could hold', () => {
  for (const value of [{ html: '<hr>' }, { 'Symbol(html)': '<hr>' }, [{ html: '<hr>' }], null]) {
    assert.throws(() => html`${value as unknown as HtmlValue}`, TypeError)
  }
})

test('html refuses holes where escaping would not help', () => {
  const x = 'x'
  const nested = html`<b>"</b>`
  const spread = attributes({ id: 'x' })
  const mistakes = [
    () => html`<p title=${x}>`,
    () => html`<p title='${x}'>`,
    () => html`<p ${x}>`,
    () => html`<p ${nested}>`,
    () => html`<p title="${nested}">`,
    () => html`<p title="${spread}">`,
    () => html`<${x}>`,
    () => html`<p${spread}>`,
    () => html`</${x}>`,
    () => html`<script>${x}</script>`,
    () => html`<style>${x}</style>`,
    () => html`<p onclick="${x}">`,
    () => html`<p style="${x}">`,
    () => html`<iframe srcdoc="${x}">`,
    () => html`<a href="${x}${x}">`,
    () => html`${spread}`,
    () => attributes({ onclick: 'x' }),
    () => attributes({ style: 'x' }),
    () => attributes({ 'a b': 'x' }),
  ]
  for (const mistake of mistakes) assert.throws(mistake, TypeError, mistake.toString())
})

test('html finds its way through quotes, equal signs and brackets in values', () => {
  const x = '"x"'
  assert.equal(
    htmlText(html`<a title="a>b='c' d=" href="/x?a=${x}&amp;b=${x}" class="e">${x}</a>`),
    '<a title="a>b=\'c\' d=" href="/x?a=&quot;x&quot;&amp;b=&quot;x&quot;" class="e">&quot;x&quot;</a>',
  )
  assert.equal(htmlText(html`a < b ${x}`), 'a < b &quot;x&quot;')
})

test('R-5 addresses that run script are not written', () => {
  for (const bad of [
    'javascript:x',
    ' JAVASCRIPT:x',
    '\0java\tscript:x',
    'data:,x',
    'vbscript:x',
  ]) {
    assert.equal(htmlText(html`<a href="${bad}">`), '<a href="about:invalid">')
    assert.equal(attributesText({ action: bad }), 'action="about:invalid"')
  }
  for (const good of [
    'https://a.example/?x=javascript:y',
    '/javascript:x',
    'com.example.app:/cb',
  ]) {
    assert.equal(isScriptAddress(good), false)
    assert.equal(htmlText(html`<a href="${good}">`), `<a href="${good}">`)
  }
})

test('attributes writes names alone for true, and nothing for false', () => {
  assert.equal(
    attributesText({ id: 'a', checked: true, value: undefined, hidden: false }),
    'id="a" checked',
  )
  assert.equal(
    attributesText({ 'aria-label': 'a "b"', tabindex: 0 }),
    'aria-label="a &quot;b&quot;" tabindex="0"',
  )
})

test('escapeHtml keeps a carriage return, which a parser would turn into a line feed', () => {
  assert.equal(escapeHtml('a\r\nb'), 'a&#13;\nb')
})

function attributesText(named: Parameters<typeof attributes>[0]): string {
  return htmlText(html`<x ${attributes(named)}>`).slice(3, -1)
}
