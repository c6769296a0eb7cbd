import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { byId, elements, structure, tokens, visibleText } from '../../test/html-tree.ts'
import { pageSamples } from '../../test/page-samples.ts'
import { hostileTexts } from '../../test/xss.ts'
import type { Html } from '../base/html.ts'
import { htmlText } from '../base/html.ts'
import { formPostScript } from './form-post.ts'
import { chooseMessages, languages } from './messages/index.ts'
import { copyScript, deviceScript, passkeyScript, revealScript, waitScript } from './static-file.ts'

/** Addresses of the scripts of those pages that have any; an inline one has none. */
const ownScripts: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'form post': [undefined],
  login: [revealScript.href],
  'login, refused': [revealScript.href],
  'login, other questions': [passkeyScript.href, waitScript.href, deviceScript.href],
  'login, registration': [revealScript.href],
  error: [copyScript.href],
}

for (const [name, page] of Object.entries(pageSamples)) {
  test(`X-1 X-3 X-4 ${name}: hostile words keep the structure of the page`, () => {
    for (const messages of languages) {
      const benign = structure(page(messages, 'benign'))
      for (const text of hostileTexts) {
        assert.deepEqual(structure(page(messages, text)), benign, JSON.stringify(text))
      }
    }
  })

  test(`X-1 ${name}: no hostile word becomes an address, a handler or a style`, () => {
    for (const text of hostileTexts) {
      for (const { attributes } of tokens(page(chooseMessages(), text))) {
        for (const [attribute, value] of attributes) {
          assert.doesNotMatch(attribute, /^(on.*|style|srcdoc)$/)
          if (/^(href|src|action|formaction)$/.test(attribute)) {
            assert.doesNotMatch(value, /^[\0-\x20]*(j\s*a\s*v\s*a|data|vbscript|blob|file|view)/i)
          }
        }
      }
    }
  })

  test(`${name}: says its language, and every field has a name to go by`, () => {
    for (const messages of languages) {
      const made = page(messages, 'benign')
      assert.equal(elements(made, 'html')[0]?.attributes.get('lang'), messages.lang)
      assert.equal(elements(made, 'main').length, 1)
      assert.equal(elements(made, 'h1').length, 1)
      const labelled = new Set(elements(made, 'label').map((each) => each.attributes.get('for')))
      for (const field of [...elements(made, 'input'), ...elements(made, 'select')]) {
        if (field.attributes.get('type') === 'hidden' || field.attributes.has('hidden')) continue
        assert.ok(labelled.has(field.attributes.get('id')), field.attributes.get('name'))
      }
      const ids = tokens(made).flatMap((each) => each.attributes.get('id') ?? [])
      assert.equal(new Set(ids).size, ids.length, ids.join(' '))
    }
  })

  test(`${name}: no script but its own, no inline style, nothing from elsewhere`, () => {
    const made = page(chooseMessages(), 'benign')
    const scripts = elements(made, 'script')
    const sources = scripts.map(({ attributes }) => attributes.get('src'))
    assert.deepEqual(sources, ownScripts[name] ?? [])
    assert.deepEqual(elements(made, 'style'), [])
    for (const link of elements(made, 'link')) {
      assert.match(
        link.attributes.get('href') ?? '',
        /^\/am\/XUI\/parapet\.(css|svg)\?v=[\w-]{16}$/,
      )
    }
  })
}

test('both languages say everything, and not the same', () => {
  const [en, de] = languages.map((each) => sentences(each))
  assert.deepEqual([...(en?.keys() ?? [])], [...(de?.keys() ?? [])])
  const same = [...(en ?? [])].filter(([key, text]) => de?.get(key) === text).map(([key]) => key)
  assert.deepEqual(same, ['realm', 'error.parameter'])
  for (const text of [...(en?.values() ?? []), ...(de?.values() ?? [])]) assert.notEqual(text, '')
})

test('X-1 form post: its script is the one the policy allows, and it is one of its kind', () => {
  const made = pageSamples['form post']?.(chooseMessages(), 'benign') ?? ''
  const script = /<script>(.*)<\/script>/s.exec(made)?.[1] ?? ''
  assert.equal(formPostScript, `'sha256-${hash('sha256', script, 'base64')}'`)
  assert.equal(byId(made, 'continue')?.attributes.get('type'), 'submit')
})

test('OIDC Core §3.1.2.1 ui_locales come first, then Accept-Language by weight, then English', () => {
  const cases: [ui_locales: string[], accept: string | undefined, lang: string][] = [
    [[], undefined, 'en'],
    [['de'], 'en', 'de'],
    [['fr-CA', 'DE-at', 'en'], 'en', 'de'],
    [['fr'], 'fr, de;q=0.5', 'de'],
    [['fr'], 'fr', 'en'],
    [[], 'de-CH', 'de'],
    [[], 'en;q=0.3,de;q=0.8', 'de'],
    [[], 'en-GB,de', 'en'],
    [[], 'de;q=0, en', 'en'],
    [[], 'de;q=x', 'en'],
    [[], '*', 'en'],
    [['', '__proto__', 'constructor'], ';;,,;q=', 'en'],
  ]
  for (const [ui_locales, accept, lang] of cases) {
    assert.equal(chooseMessages(ui_locales, accept).lang, lang, `${ui_locales} | ${accept}`)
  }
})

test('the German login page speaks German to the end', () => {
  const made = pageSamples.login?.(chooseMessages(['de']), 'X') ?? ''
  const words = visibleText(made)
  for (const word of ['Anmelden', 'Benutzername', 'Passwort', 'weiter zu X', 'Datenschutz']) {
    assert.ok(words.includes(word), word)
  }
  assert.doesNotMatch(words, /Log in|Password|User|Privacy/)
})

/** Every sentence by its path; those that take words are given some. */
function sentences(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map(path === 'lang' ? [] : [[path, value]])
  if (typeof value === 'function') {
    const said = value('X') as string | Html
    return new Map([[path, typeof said === 'string' ? said : htmlText(said)]])
  }
  const found = new Map<string, string>()
  for (const [name, each] of Object.entries(value as object)) {
    const inner = sentences(each, path === '' ? name : `${path}.${name}`)
    for (const [key, text] of inner) found.set(key, text)
  }
  return found
}
