import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import type { JsonObject } from '../base/json.ts'
import { builtInTemplates } from './built-in.ts'
import type { Letter } from './letter.ts'
import { letterOf, readTemplate } from './template.ts'

const to = { name: '', address: 'demo@example.com' }

function made(document: JsonObject, object: JsonObject = {}, language = 'en'): Letter | undefined {
  const template = readTemplate(document, (texts) => texts[language])
  return template && letterOf(template, to, object)
}

test('PingIDM: a template is filled in the language of its reader, and HTML is not made of values', () => {
  const document = {
    subject: { en: 'Hello {{object.givenName}}', de: 'Hallo {{object.givenName}}' },
    html: {
      en: '<p>{{object.givenName}} {{{object.link}}} {{object.none}}{{object.a.b}}</p>',
      de: '<p>Hallo</p>',
    },
    message: { en: 'Hi {{ object.givenName }}', de: 'Hallo' },
  }
  const object = { givenName: '<b>"Dana"</b>', link: 'a&b', a: { b: 1 } }
  const english = made(document, object)
  assert.equal(english?.subject, 'Hello <b>"Dana"</b>')
  assert.equal(english?.html, '<p>&lt;b&gt;&quot;Dana&quot;&lt;/b&gt; a&b 1</p>')
  assert.equal(english?.text, 'Hi <b>"Dana"</b>')
  assert.equal(made(document, object, 'de')?.subject, 'Hallo <b>"Dana"</b>')
})

test('PingIDM: what there is only as HTML is text too, with where its links lead', () => {
  const message =
    '<html><head><title>x</title></head><body><p>Hi {{object.n}}</p><p><a href="{{object.u}}">Go on</a></p></body></html>'
  const letter = made(
    { mimeType: 'text/html', message: { en: message } },
    { n: 'a&b', u: 'https://x.example/?a=1&b=2' },
  )
  assert.equal(letter?.text, 'Hi a&b\n\nGo on https://x.example/?a=1&b=2')
})

test('PingIDM: what depends on whether there is a value', () => {
  const document = {
    message: { en: '{{#if object.userName}}You are {{object.userName}}.{{else}}Nobody.{{/if}}' },
  }
  assert.equal(made(document, { userName: 'dana' })?.text, 'You are dana.')
  assert.equal(made(document)?.text, 'Nobody.')
})

test('a value cannot bring placeholders of its own', () => {
  const letter = made({ message: { en: '{{object.a}}' } }, { a: '{{object.b}}', b: 'secret' })
  assert.equal(letter?.text, '{{object.b}}')
})

test('what is switched off or empty is no letter', () => {
  assert.equal(made({ enabled: false, message: { en: 'x' } }), undefined)
  assert.equal(made({ subject: { en: 'x' } }), undefined)
})

test('all templates that are there from the start say something in English and in German', () => {
  const object = { userName: 'dana', resumeURI: 'https://as.example/am/XUI/?a=1&b=2' }
  for (const [name, document] of Object.entries(builtInTemplates)) {
    const [en, de] = ['en', 'de'].map((language) => made(document, object, language))
    assert.ok(en && de && en.subject !== de.subject && en.text !== de.text, name)
    assert.equal(/\{\{/.test(JSON.stringify([en, de])), false, name)
    if (name !== 'welcome') assert.ok(en.text.includes(`\n${object.resumeURI}`), name)
  }
})

test('C-34 a template of any text is read in time by its length, and what it has of tags without an end stays words', async () => {
  const pieces = [
    ...['<', '<a ', '<a href="', '<a href="x">', '<style>', '<br', '<p>', '</p>', '\n ', ' \t'],
    ...[
      '{{#if a}}',
      '{{#if a}}{{else}}',
      '{{else}}',
      '{{ ',
      '{{{ ',
      '{{a ',
      '&amp',
      '<head ',
      '"',
      '>',
    ],
  ]
  for (const piece of pieces) {
    const message = `<p>${piece.repeat(Math.floor(60_000 / piece.length))}`
    const time = await cpuTime(() => made({ message: { en: message } }), 1)
    assert.ok(time < 300, `${piece}: ${time} ms`)
  }
  const odd = '<style>a</style><p>1 <b>2</b> <style>3<br>4<a href="u">5<i>6</i></a> <a>7</a> 8 < 9'
  assert.equal(made({ message: { en: odd } })?.text, '1 2 3\n456 7 8 < 9')
})
