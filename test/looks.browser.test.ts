/**
 * The pages as they are really served. With PARAPET_SCREENSHOTS set (`npm run screenshots`) the
 * pictures in docs/screenshots are taken on the way.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { accessibilityProblems } from './axe.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { logIn } from './clients/person.ts'
import { openFromDemo, pushAtDemo, visit } from './demo-visitor.ts'
import { type RunningServer, startServer } from './server.ts'

const pictures = Boolean(process.env.PARAPET_SCREENSHOTS)
const folder = join(import.meta.dirname, '..', 'docs', 'screenshots')
/** Pages worth a picture. */
const pictured = ['demo', 'login', 'consent', 'result', 'account', 'error']

let server: RunningServer | undefined
let browser: Browser | undefined
let origin: string

before(async () => {
  if (needsChromium().skip !== undefined) return
  // In pictures the server is where the documents say it is.
  server = await startServer({ demo: true, env: pictures ? { PORT: '8080' } : {} })
  origin = server.origin
  browser = await launchChromium()
})
after(async () => {
  await Promise.all([browser?.close(), server?.stop()])
  assert.deepEqual(server?.alarms ?? [], [])
})

const screen = { width: 1280, height: 900 }
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: screen, colorScheme: 'light' },
  dark: { viewport: screen, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true },
}

/** WCAG 1.4.10: at this width nothing needs to be scrolled sideways. */
const narrow = { width: 320, height: 640 }

/** A click does not wait for the page it leads to, nor for that page's looks. */
async function arrive(page: Page, mark: string): Promise<void> {
  await page.waitForSelector(mark)
  await page.waitForLoadState()
}

async function widthAt(page: Page, size: { width: number; height: number }): Promise<unknown> {
  const before = page.viewportSize()
  await page.setViewportSize(size)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  if (before !== null) await page.setViewportSize(before)
  return width
}

/** Looks at a page, called by name; `mark` is what tells it from the page before. */
type Look = (name: string, mark: string) => Promise<void>

/** Every page on the way of a person who hesitates, logs in, allows, goes back, looks at their account and logs out. */
async function everyPage(page: Page, look: Look): Promise<void> {
  await page.goto(origin)
  await look('start', '#push_command')
  await page.click('#demo')
  await look('demo', '#push')
  await pushAtDemo(page, origin, { scope: 'openid profile email write' })
  await look('pushed', '#continue')
  const authorize = (await page.getAttribute('#continue', 'href')) ?? ''
  await page.goto(authorize.replace('myClient', 'myPublicClient'))
  await page.goto(`${origin}/demo/history`)
  await look('history', '#stopped')
  await page.goto(authorize)
  await look('login', '#login')
  await logIn(page, 'wrong')
  await look('login, refused', '#failed')
  await logIn(page)
  await look('consent', '#approve')
  await page.click('#approve')
  await look('result', '#result')
  await page.goto(authorize)
  await look('error', '#request_id')
  await page.goto(`${origin}/am/XUI/?realm=/alpha`)
  await look('signed in', '#signed_in')
  await page.click('#account')
  await look('account', '#applications')
  await page.goto(`${origin}/am/oauth2/realms/root/realms/alpha/connect/endSession`)
  await look('logout', '#stay')
  await page.click('#logout')
  await look('logged out', '#logged_out')
}

for (const [name, options] of Object.entries(looks)) {
  test(`WCAG 2.2 C-30: every page as served, ${name}`, needsChromium(), () =>
    visit(browser as Browser, options, (page) =>
      everyPage(page, async (place, mark) => {
        await arrive(page, mark)
        // The phone's pages are the same documents: only their width is new.
        if (name === 'phone') assert.equal(await widthAt(page, narrow), narrow.width, place)
        else assert.deepEqual(await accessibilityProblems(page), [], place)
        if (!pictures || !pictured.includes(place)) return
        if (place === 'result') await page.locator('pre.id_token').scrollIntoViewIfNeeded()
        await page.screenshot({ path: join(folder, `${place}-${name}.png`) })
      }),
    ),
  )
}

/** Presses Tab until something has the focus, and can be seen to have it (WCAG 2.4.7). */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if ((await page.evaluate('document.activeElement.id')) === id) {
      const outline = 'getComputedStyle(document.activeElement).outlineStyle'
      assert.notEqual(await page.evaluate(outline), 'none')
      return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard never reaches ${id}`)
}

async function press(page: Page, id: string): Promise<void> {
  await tabTo(page, id)
  await page.keyboard.press('Enter')
}

test('WCAG 2.1.1: the whole way by keyboard alone', needsChromium(), () =>
  visit(browser as Browser, {}, async (page) => {
    await page.goto(`${origin}/demo`)
    await press(page, 'push')
    await page.waitForSelector('#continue')
    await press(page, 'continue')
    await page.waitForSelector('#username:focus')
    await page.keyboard.type('demo')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Ch4ng31t')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#approve')
    await press(page, 'approve')
    await page.waitForSelector('#result')
    assert.equal(await page.textContent('#result'), 'Every check passed.')
  }),
)

test('OIDC Core §3.1.2.1 ui_locales: German, on a phone', needsChromium(), () =>
  visit(browser as Browser, { viewport: narrow }, async (page) => {
    const german = async (heading: string, mark: string): Promise<void> => {
      await arrive(page, mark)
      assert.equal(await page.getAttribute('html', 'lang'), 'de')
      assert.match((await page.textContent('h1')) ?? '', new RegExp(heading))
      assert.deepEqual(await accessibilityProblems(page), [])
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), narrow.width)
    }
    await openFromDemo(page, origin, { ui_locales: 'fr de', scope: 'openid write address' })
    await german('Anmelden', '#login')
    await logIn(page)
    await german('Zugriff erlauben', '#approve')
    assert.match((await page.textContent('#scopes')) ?? '', /Ihre Notizen ändern/)
    await page.click('#deny')
    await page.waitForSelector('#result')
    await page.setExtraHTTPHeaders({ 'accept-language': 'de-AT' })
    await page.goto(`${origin}/am/oauth2/realms/root/realms/alpha/authorize?client_id=nobody`)
    await german('nicht', '#request_id')
    await page.setExtraHTTPHeaders({})
  }),
)

test(
  'WCAG 2.1.1 the account page by keyboard alone: withdraw, change the password',
  needsChromium(),
  () =>
    visit(browser as Browser, {}, async (page) => {
      await openFromDemo(page, origin, { scope: 'openid write' })
      await logIn(page)
      await page.click('#approve')
      await page.waitForSelector('#result')
      await page.goto(`${origin}/am/XUI/account?realm=/alpha`)
      await press(page, 'application_1')
      await page.waitForSelector('#withdrawn')
      assert.equal(await page.locator('#no_applications').count(), 1)
      const change = async (from: string, to: string): Promise<void> => {
        await tabTo(page, 'current')
        for (const text of [from, to, to]) {
          await page.keyboard.type(text)
          await page.keyboard.press('Tab')
        }
        await page.keyboard.press('Enter')
      }
      await change('wrong', 'correct horse')
      await page.waitForSelector('#current:focus')
      assert.deepEqual(await accessibilityProblems(page), [])
      await change('Ch4ng31t', 'correct horse')
      await page.waitForSelector('#password_changed')
      // As it was, for whoever comes next.
      await change('correct horse', 'Ch4ng31t')
      await page.waitForSelector('#password_changed')
    }),
)
