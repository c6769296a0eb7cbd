/** A language that is written from right to left is one file like any other: everything it shows is mirrored. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { en } from '../src/page/messages/en.ts'
import type { Messages } from '../src/page/messages/message.ts'
import { staticFiles } from '../src/page/static-file.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { pageSamples } from './page-samples.ts'

/** As its file would be: words, a tag and a direction. That the words are English ones makes the pages comparable. */
const hebrew: Messages = {
  ...en,
  lang: 'he',
  language: '\u05e2\u05d1\u05e8\u05d9\u05ea',
  dir: 'rtl',
}

let browser: Browser | undefined
before(async () => {
  if (needsChromium().skip === undefined) browser = await launchChromium()
})
after(() => browser?.close())

/** Boxes of a page, each by its tag and its distance from the side where lines begin. */
const boxes = `(() => {
  const rtl = document.documentElement.dir === 'rtl'
  const width = document.documentElement.clientWidth
  return [...document.querySelectorAll('main, form, .field, h1, p, ul, ol, li, label, input, button, dt, dd')]
    .filter((each) => !/^inline/.test(getComputedStyle(each).display) || each.matches('input, button'))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0)
    .map(([each, box]) => [each.tagName, each.id, Math.round(rtl ? width - box.right : box.left)])
})()`

const styles = `(() => {
  const of = (each) => getComputedStyle(each)
  return { dir: document.documentElement.dir, direction: of(document.body).direction,
    wide: document.documentElement.scrollWidth, logical: [...document.querySelectorAll('*')]
      .every((each) => of(each).textAlign !== 'left' && of(each).float === 'none') }
})()`

async function opened(page: Page, body: string): Promise<readonly [string, string, number][]> {
  await page.setContent(body)
  return page.evaluate(boxes)
}

test(
  'WCAG 1.4.10: from right to left every page is mirrored and needs no scrolling sideways, wide and narrow',
  needsChromium(),
  async () => {
    const page = await (browser as Browser).newPage()
    await page.route('**/*', (route) => {
      const { pathname, search } = new URL(route.request().url())
      const file = staticFiles.find(({ href }) => href === `${pathname}${search}`)
      return file === undefined
        ? route.fulfill({ contentType: 'text/html', body: '' })
        : route.fulfill({ contentType: file.type, body: file.body })
    })
    await page.goto('http://localhost:9/')
    for (const [name, sample] of Object.entries(pageSamples)) {
      const [from, to] = [en, hebrew].map((each) =>
        sample(each, 'Example').replace(/<script.*?<\/script>/gs, ''),
      ) as [string, string]
      assert.match(to, /^<!doctype html>\n<html lang="he" dir="rtl">/, name)
      assert.match(from, /^<!doctype html>\n<html lang="en">/, name)
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 })
        const left = await opened(page, from)
        const right = await opened(page, to)
        assert.ok(left.length > 0, name)
        assert.deepEqual(right, left, `${name} at ${width}`)
        const style = { dir: 'rtl', direction: 'rtl', wide: width, logical: true }
        assert.deepEqual(await page.evaluate(styles), style, `${name} at ${width}`)
      }
    }
  },
)
