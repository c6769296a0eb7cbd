import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formBrowser } from '../../../../test/form-browser.ts'
import { elements, visibleText } from '../../../../test/html-tree.ts'
import { letterBox } from '../../../../test/letters.ts'
import { people } from '../../../../test/people.ts'
import { encodeForm } from '../../../base/form.ts'
import { parseClient } from '../../../client/client.ts'
import type { Mail } from '../../../mail/mail.ts'
import { login } from '../login.ts'

const { alpha } = await people()
const goto = 'http://localhost:8080/am/oauth2/realms/root/realms/alpha/authorize?client_id=x'
const begun = encodeForm([
  ['realm', '/alpha'],
  ['service', 'Login'],
  ['goto', goto],
])

/** Where the links of a login page lead, by their ids. */
async function linksOf(
  journeys: readonly string[],
  mail: Mail | undefined,
  query = begun,
): Promise<ReadonlyMap<string, string>> {
  const provider = { ...alpha.provider, journeys }
  const endpoint = login(() => undefined)
  const visitor = formBrowser(
    (http) => endpoint.handle({ ...alpha, provider, mail }, http),
    '/am/XUI/',
  )
  const page = await visitor.get(query)
  assert.equal(page.status, 200)
  return new Map(
    elements(String(page.body), 'a')
      .map(({ attributes }) => [attributes.get('id') ?? '', attributes.get('href') ?? ''] as const)
      .filter(([id]) => id.startsWith('own_')),
  )
}

const { mail } = letterBox()
const all = ['Login', 'ResetPassword', 'ForgottenUsername', 'Registration']

test('the login page leads to what a realm has enabled for people to look after themselves, and on to where it led', async () => {
  const links = await linksOf(all, mail)
  assert.deepEqual([...links.keys()], ['own_password', 'own_name', 'own_account'])
  const query = new URL(links.get('own_password') ?? '', 'http://localhost').searchParams
  assert.deepEqual(
    [query.get('realm'), query.get('service'), query.get('goto')],
    ['/alpha', 'ResetPassword', goto],
  )
})

test('there are no such links where nothing is enabled, no letter can be sent, or one is being followed', async () => {
  assert.equal((await linksOf(['Login'], mail)).size, 0)
  assert.equal((await linksOf(all, undefined)).size, 0)
  assert.equal((await linksOf(all, { ...mail, ready: false })).size, 0)
  const reset = encodeForm([
    ['realm', '/alpha'],
    ['service', 'ResetPassword'],
  ])
  assert.equal((await linksOf(all, mail, reset)).size, 0)
  assert.deepEqual([...(await linksOf(['Login', 'ForgottenUsername'], mail)).keys()], ['own_name'])
})

test('OIDC Core §3.1.2.1 what a journey itself says speaks ui_locales as the page around it does, unless locale says otherwise', async () => {
  const registered = { client_id: 'x', document: {}, secrets: [] }
  const client = parseClient(Buffer.from(JSON.stringify(registered)), 1)
  const provider = { ...alpha.provider, journeys: all }
  const said = async (ui_locales: readonly string[], ...more: [string, string][]) => {
    const hints = {
      ...{ client, login_hint: undefined, ui_locales, active: false },
      redirect_uri: 'https://rp.example/cb',
    }
    const endpoint = login(() => hints)
    const visitor = formBrowser(
      (http) => endpoint.handle({ ...alpha, provider, mail }, http),
      '/am/XUI/',
    )
    const asked: [string, string][] = [
      ['realm', '/alpha'],
      ['service', 'ResetPassword'],
      ['goto', goto],
    ]
    return visibleText(String((await visitor.get(encodeForm([...asked, ...more]))).body))
  }
  const [german, english] = [/Neues Passwort wählen/, /Choose a new password/]
  for (const ui_locales of [['de'], ['xx', 'de-AT', 'en']]) {
    const text = await said(ui_locales)
    assert.match(text, german)
    assert.doesNotMatch(text, english)
  }
  assert.match(await said(['en', 'de']), english)
  assert.match(await said(['x'.repeat(300), '<b>', '']), english)
  assert.match(await said(['de'], ['locale', 'en']), english)
  assert.match(await said(['en'], ['locale', 'de_DE']), german)
})
