import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { errorScript } from '../src/page/error.ts'
import { formPostScript } from '../src/page/form-post.ts'
import { pageHeaders } from '../src/page/headers.ts'
import { chooseMessages, languages } from '../src/page/messages/index.ts'
import { mark, staticFiles } from '../src/page/static-file.ts'
import { accessibilityProblems } from './axe.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { pageSamples } from './page-samples.ts'
import { hostileTexts } from './xss.ts'

const origin = 'http://localhost:9'
const redirect_uri = 'https://www.example.com/cb'
let browser: Browser | undefined

before(async () => {
  if (needsChromium().skip === undefined) browser = await launchChromium()
})
after(() => browser?.close())

interface Tab {
  readonly page: Page
  /** What every page of ours is, and the headers it is served with. */
  served: { readonly body: string; readonly headers: Readonly<Record<string, string>> }
  /** What was written to the console, thrown or asked of the user. */
  seen: string[]
}

/** Tabs nobody looks at now, by their options: a new one costs more than what is looked at in it. */
const idle = new Map<string, Tab[]>()

async function newTab(options: BrowserContextOptions): Promise<Tab> {
  const context = await (browser as Browser).newContext(options)
  const page = await context.newPage()
  const tab: Tab = { page, served: { body: '', headers: {} }, seen: [] }
  page.on('console', (message) => tab.seen.push(message.text()))
  page.on('pageerror', (error) => tab.seen.push(error.message))
  page.on('dialog', (dialog) => {
    tab.seen.push(`dialog ${dialog.message()}`)
    return dialog.dismiss()
  })
  await page.route('**/*', (route) => {
    const { pathname, search } = new URL(route.request().url())
    const file = staticFiles.find(({ href }) => href === `${pathname}${search}`)
    if (file !== undefined) return route.fulfill({ contentType: file.type, body: file.body })
    if (pathname === '/logo.svg') return route.fulfill({ contentType: mark.type, body: mark.body })
    if (pathname === '/cb') return route.fulfill({ body: route.request().postData() ?? '' })
    return route.fulfill({ contentType: 'text/html;charset=UTF-8', ...tab.served })
  })
  return tab
}

/** A tab that gets `body` for every page of ours, loaded anew: of what was in it before only its history is left. */
async function show(body: string, options: BrowserContextOptions = {}, script?: string) {
  const name = JSON.stringify(options)
  const tabs = idle.get(name) ?? []
  idle.set(name, tabs)
  const tab = tabs.pop() ?? (await newTab(options))
  const logo = 'https://www.example.com/logo.svg'
  tab.served = { body, headers: pageHeaders({ redirect_uri, logo, ...(script && { script }) }) }
  tab.seen = []
  await tab.page.goto(`${origin}/`)
  return { page: tab.page, seen: tab.seen, close: () => void tabs.push(tab) }
}

/** Parsed by the browser: every element with the names of its attributes, in order. */
function trees(page: Page, bodies: readonly string[]): Promise<string[]> {
  return page.evaluate((texts) => {
    const scope = globalThis as unknown as { DOMParser: new () => ParserLike }
    return texts.map((text) =>
      [...new scope.DOMParser().parseFromString(text, 'text/html').querySelectorAll('*')]
        .map((each) => `${each.parentNode.nodeName}>${each.nodeName} ${each.getAttributeNames()}`)
        .join('\n'),
    )
  }, bodies)
}

interface ElementLike {
  readonly nodeName: string
  readonly parentNode: { readonly nodeName: string }
  getAttributeNames(): string[]
}
interface ParserLike {
  parseFromString(text: string, type: string): { querySelectorAll(all: string): ElementLike[] }
}

const desktop = { width: 1280, height: 900 }
const phone = { width: 320, height: 640 }
const looks: readonly BrowserContextOptions[] = [
  { viewport: desktop },
  { viewport: desktop, colorScheme: 'dark' },
]

/** What the policy of those pages says whose script is a file. */
const fileScripts: Readonly<Record<string, string>> = {
  error: errorScript,
  ...Object.fromEntries(
    Object.keys(pageSamples).flatMap((name) =>
      name.startsWith('login') ? [[name, "'self'"]] : [],
    ),
  ),
}

for (const [name, sample] of Object.entries(pageSamples)) {
  test(`WCAG 2.2: axe-core finds nothing wrong with ${name}`, needsChromium(), async () => {
    for (const [i, look] of looks.entries()) {
      const messages = languages[i % languages.length] ?? chooseMessages()
      // The script that posts the form at once is left out, so that there is a page to look at.
      const made = sample(messages, 'Example').replace(/<script>.*<\/script>/s, '')
      const { page, seen, close } = await show(made, look, fileScripts[name])
      assert.deepEqual(await accessibilityProblems(page), [])
      for (const size of [phone, desktop]) {
        await page.setViewportSize(size)
        const width = await page.evaluate('document.documentElement.scrollWidth')
        assert.ok(Number(width) <= size.width, `${width} wide`)
      }
      assert.deepEqual(seen, [])
      close()
    }
  })

  test(
    `X-1 X-3 X-4 ${name}: Chromium parses hostile words into the same tree`,
    needsChromium(),
    async () => {
      const { page, close } = await show('')
      const bodies = ['benign', ...hostileTexts].map((text) => sample(chooseMessages(), text))
      const [benign, ...hostile] = await trees(page, bodies)
      for (const [i, tree] of hostile.entries()) assert.equal(tree, benign, hostileTexts[i])
      close()
    },
  )

  test(`X-1 ${name}: hostile words run nothing and load nothing`, needsChromium(), async () => {
    const made = sample(chooseMessages(), hostileTexts.join(' ')).replace(
      /<script>.*<\/script>/s,
      '',
    )
    const { page, seen, close } = await show(made, {}, fileScripts[name])
    assert.deepEqual(seen, [])
    assert.equal(page.url(), `${origin}/`)
    close()
  })
}

test(
  'C-30 the form post page posts itself, and by its button where scripts are off',
  needsChromium(),
  async () => {
    const made = pageSamples['form post']?.(chooseMessages(), 'a&b="c"') ?? ''
    const expected = new URLSearchParams({ state: 'a&b="c"', 'a&b="c"': 'x' }).toString()
    const alone = await show(made, {}, formPostScript)
    await alone.page.waitForURL(redirect_uri)
    assert.equal(await alone.page.textContent('body'), expected)
    alone.close()
    const still = await show(made, { javaScriptEnabled: false })
    await still.page.click('#continue')
    await still.page.waitForURL(redirect_uri)
    assert.equal(await still.page.textContent('body'), expected)
    still.close()
  },
)

test(
  'house: an error page is copied by its button, folded rows too, and selected where that is not allowed',
  needsChromium(),
  async () => {
    const made = pageSamples.error?.(chooseMessages(['de']), 'a&b') ?? ''
    const options = { permissions: ['clipboard-read', 'clipboard-write'] }
    const { page, seen, close } = await show(made, options, errorScript)
    await page.click('#copy')
    await page.waitForFunction("document.getElementById('copied').textContent !== ''")
    assert.equal(await page.textContent('#copied'), 'Kopiert')
    await page.click('summary')
    assert.deepEqual(await accessibilityProblems(page), [])
    assert.deepEqual(String(await page.evaluate('navigator.clipboard.readText()')).split('\n'), [
      ...['Fehler: invalid_request', 'Zeit: 2026-11-28T12:00:00.000Z', 'Anfrage: a&b', 'HTTP: 400'],
      ...['Parameter: a&b', 'Einzelheiten: a&b', 'Grund: a&b', 'Abschnitt: a&b'],
    ])
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error())')
    await page.click('#copy')
    await page.waitForFunction("String(getSelection()) !== ''")
    assert.match(String(await page.evaluate('String(getSelection())')), /2026-11-28T12:00:00\.000Z/)
    assert.deepEqual(seen, [])
    close()
    const still = await show(made, { javaScriptEnabled: false }, errorScript)
    assert.equal(await still.page.isVisible('#copy'), false)
    assert.equal(await still.page.isVisible('#request_id'), true)
    assert.equal(await still.page.isVisible('#error_description'), false)
    await still.page.click('summary')
    assert.equal(await still.page.isVisible('#error_description'), true)
    still.close()
  },
)

test(
  'PingAM: a step that waits is sent by itself, with what the device says of itself',
  needsChromium(),
  async () => {
    const made = pageSamples['login, other questions']?.(chooseMessages(), 'x') ?? ''
    const soon = made.replace('data-milliseconds="600000"', 'data-milliseconds="2000"')
    const before = await show('')
    const sent = before.page.waitForRequest((request) => request.method() === 'POST')
    before.close()
    // The tab that was left last is the next one.
    const { seen, close } = await show(soon, {}, "'self'")
    const form = new URLSearchParams((await sent).postData() ?? '')
    const device = JSON.parse(form.get('IDToken17') ?? '') as { metadata: { browser: object } }
    assert.ok('userAgent' in device.metadata.browser)
    assert.match(form.get('IDToken11') ?? '', /^ERROR::/)
    assert.deepEqual(seen, [])
    close()
  },
)

test('C-30 a policy without the hash keeps the script from running', needsChromium(), async () => {
  const made = pageSamples['form post']?.(chooseMessages(), 'x') ?? ''
  const { page, seen, close } = await show(made)
  assert.match(seen.join('\n'), /Content Security Policy/)
  assert.equal(page.url(), `${origin}/`)
  close()
})

test(
  'WCAG 2.1.1: the login and consent pages work by keyboard alone',
  needsChromium(),
  async () => {
    const refused = pageSamples['login, refused']?.(chooseMessages(), 'x') ?? ''
    const login = await show(refused, {}, fileScripts['login, refused'])
    const order = await focusOrder(login.page, 4)
    assert.deepEqual(order, ['username', 'password', 'password_reveal', 'login'])
    await login.page.fill('#password', 'secret')
    await login.page.click('#password_reveal')
    assert.equal(await login.page.getAttribute('#password', 'type'), 'text')
    assert.equal(await login.page.getAttribute('#password_reveal', 'aria-pressed'), 'true')
    login.close()
    const consent = await show(pageSamples.consent?.(chooseMessages(), 'x') ?? '')
    await consent.page.keyboard.press('Tab')
    // What is opened to see all values has no name of its own.
    const boxes = ['detail_0', 'detail_1']
    const answers = ['not_you', ...boxes, '', 'save_consent', 'deny', 'approve']
    assert.deepEqual(await focusOrder(consent.page, answers.length), answers)
    consent.close()
  },
)

async function focusOrder(page: Page, steps: number): Promise<unknown[]> {
  const order: unknown[] = []
  for (let i = 0; i < steps; i++) {
    order.push(await page.evaluate('document.activeElement.id'))
    await page.keyboard.press('Tab')
  }
  return order
}
