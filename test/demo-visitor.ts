/** A person at the demo, with eyes on what a browser complains about. */
import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import { withPage } from './clients/person.ts'

/**
 * Runs something in a browser of its own. Whatever the browser complains of on the way (scripts,
 * content policy, missing files) makes it fail.
 */
export function visit(
  browser: Browser,
  options: BrowserContextOptions,
  run: (page: Page) => Promise<void>,
): Promise<void> {
  return withPage(
    browser,
    async (page) => {
      const complaints: string[] = []
      const hear = (message: ConsoleMessage): void => {
        if (!expected.test(message.text())) complaints.push(message.text())
      }
      const fail = (error: Error): void => void complaints.push(error.message)
      page.on('console', hear).on('pageerror', fail)
      await run(page)
      page.off('console', hear).off('pageerror', fail)
      assert.deepEqual(complaints, [])
    },
    options,
  )
}

/** A page with an error status counts as a resource that failed; a test is faster than the autofocus. */
const expected = /status of 40[01]|already has a focused element/

/** What to choose on the start page, by the name of the field. */
export type Choices = Readonly<Record<string, string>>

/** Chooses and pushes at `/demo`. `pkce`: `no` leaves the challenge out. */
export async function pushAtDemo(page: Page, origin: string, choices: Choices = {}): Promise<void> {
  await page.goto(`${origin}/demo`)
  for (const [name, value] of Object.entries(choices)) {
    const field = page.locator(`#${name}`)
    if (name === 'pkce') await field.setChecked(value !== 'no')
    else if ((await page.locator(`select#${name}`).count()) > 0) await field.selectOption(value)
    else await field.fill(value)
  }
  await page.click('#push')
}

/** The same, and on to the authorization endpoint. */
export async function openFromDemo(
  page: Page,
  origin: string,
  choices: Choices = {},
): Promise<void> {
  await pushAtDemo(page, origin, choices)
  await page.click('#continue')
}
