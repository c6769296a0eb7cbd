/** What a person does at the server's pages, in a real browser. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page that is not there by then does not come: milliseconds. */
const patience = 15_000

/** Pages nobody uses now, by browser and options: a new context costs as much as a whole login. */
const idle = new WeakMap<Browser, Map<string, Page[]>>()

/** Runs something with a page as of a browser of its own: no cookies of anybody before it. */
export async function withPage<T>(
  browser: Browser,
  run: (page: Page) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const page = idlePages(browser, options).pop() ?? (await newPage(browser, options))
  try {
    const result = await run(page)
    await page.context().clearCookies()
    idlePages(browser, options).push(page)
    return result
  } catch (error) {
    await page.context().close()
    throw error
  }
}

function idlePages(browser: Browser, options: BrowserContextOptions): Page[] {
  const pages = idle.get(browser) ?? new Map<string, Page[]>()
  idle.set(browser, pages)
  const name = JSON.stringify(options)
  const found = pages.get(name) ?? []
  pages.set(name, found)
  return found
}

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(patience)
  return context.newPage()
}

export async function logIn(page: Page, password = 'Ch4ng31t'): Promise<void> {
  await page.fill('#username', 'demo')
  await page.fill('#password', password)
  await page.click('#login')
}

/** Opens an authorization URL as somebody who was never there before: logs in and allows. */
export async function logInAndAllow(page: Page, url: URL): Promise<void> {
  await page.goto(url.href)
  await logIn(page)
  await page.click('#approve')
}

/** Opens an authorization URL as somebody who may have been there: logs in if asked, and allows. */
export async function allow(page: Page, url: URL): Promise<void> {
  await page.goto(url.href)
  if ((await page.locator('#username').count()) > 0) await logIn(page)
  await page.click('#approve')
}
