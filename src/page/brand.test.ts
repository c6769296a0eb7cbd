import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { byId, elements, visibleText } from '../../test/html-tree.ts'
import { requestOf, world } from '../../test/world.ts'
import { contrastRatio } from '../base/contrast.ts'
import { accentGrounds, leastContrast } from '../realm/provider/brand-rule.ts'

const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const parapetConfig = {
  brandName: ['Example', 'de|Beispiel'],
  brandLogo: `data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`,
  brandAccent: '#7a1f5c',
  brandHelp: ['https://www.example.com/help', 'de|https://www.example.com/hilfe'],
  brandPrivacy: ['https://www.example.com/privacy'],
}
const w = await world({
  alpha: { parapetConfig },
  bravo: { parapetConfig: { brandLogo: 'https://cdn.example/logo.png' } },
})

const get = (target: string, headers: Readonly<Record<string, string>> = {}) =>
  w.serve(requestOf('GET', target, { headers: { accept: 'text/html', ...headers } }))

const places = [
  '/am/XUI/?realm=/alpha',
  '/am/oauth2/alpha/authorize',
  '/am/oauth2/alpha/connect/endSession',
]

test('a realm’s name, picture, colours and links are on its pages, errors too, in the page’s language', async () => {
  for (const place of places) {
    const page = await get(place, { 'accept-language': 'de' })
    const body = String(page.body)
    assert.equal(visibleText(body).includes('Beispiel'), true, place)
    assert.equal(byId(body, 'brand')?.name, 'bdi')
    const links = ['help', 'privacy'].map((id) => byId(body, id)?.attributes.get('href'))
    assert.deepEqual(links, ['https://www.example.com/hilfe', 'https://www.example.com/privacy'])
    const sheets = elements(body, 'link').map(({ attributes }) => attributes.get('href') ?? '')
    const sheet = sheets.find((href) => href.startsWith('/am/XUI/brand.css')) ?? ''
    const css = await get(sheet)
    assert.equal(css.headers['content-type'], 'text/css;charset=UTF-8')
    assert.match(String(css.headers['cache-control']), /immutable/)
    assert.match(String(css.body), /--accent: #7a1f5c;/)
    const etag = String(css.headers.etag)
    assert.equal((await get(sheet, { 'if-none-match': etag })).status, 304)
    assert.match(
      String(page.headers['content-security-policy']),
      /style-src 'self'; img-src 'self';/,
    )
  }
})

test('a realm without a brand has none of another’s, and its pages none to load', async () => {
  const root = String((await get('/am/XUI/')).body)
  assert.doesNotMatch(root, /brand/)
  assert.equal((await get('/am/XUI/brand.css?realm=/bravo')).status, 404)
  assert.equal((await get('/am/XUI/brand-logo')).status, 404)
})

test('H-10 img-src names where a realm’s picture lies, and nothing more', async () => {
  const page = await get('/am/XUI/?realm=/bravo')
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /img-src 'self' https:\/\/cdn\.example;/)
  assert.equal(
    elements(String(page.body), 'img')[0]?.attributes.get('src'),
    'https://cdn.example/logo.png',
  )
})

test('H-10 a picture that is opened by itself runs nothing', async () => {
  const [logo] = elements(String((await get(places[0] as string)).body), 'img')
  const picture = await get(logo?.attributes.get('src') ?? '')
  assert.equal(picture.headers['content-type'], 'image/svg+xml')
  assert.equal(String(picture.body), drawing)
  assert.equal(picture.headers['content-security-policy'], "default-src 'none'; sandbox")
  assert.equal(picture.headers['x-content-type-options'], 'nosniff')
})

test('WCAG 2.2 §1.4.3 a dark accent that is made of the light one can be read', async () => {
  const css = String((await get('/am/XUI/brand.css?realm=/alpha')).body)
  const [, dark = ''] = css.split('@media')
  const accent = /--accent: (#[0-9a-f]{6})/.exec(dark)?.[1] ?? ''
  const { ground, ink } = accentGrounds.brandAccentDark
  for (const other of [ground, ink]) assert.ok(contrastRatio(accent, other) >= leastContrast)
})

test('house: contrast is measured against the colours the stylesheet has', () => {
  const css = readFileSync(new URL('parapet.css', import.meta.url), 'utf8')
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')
  const value = (text: string, name: string) => new RegExp(`--${name}: (#\\w+);`).exec(text)?.[1]
  for (const [text, { ground, ink }] of [
    [light, accentGrounds.brandAccent],
    [dark, accentGrounds.brandAccentDark],
  ] as const)
    assert.deepEqual([value(text, 'card'), value(text, 'on-accent')], [ground, ink])
})
