/** What a person does at the server's pages, in a real browser. */
import type { Browser, Page } from 'playwright-core'

/** A page that is not there by then does not come: milliseconds. */
const patience = 15_000

/** Runs something with a page in a browser of its own: no cookies of anybody before it. */
export async function withPage<T>(browser: Browser, run: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext()
  context.setDefaultTimeout(patience)
  try {
    return await run(await context.newPage())
  } finally {
    await context.close()
  }
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
