import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchChromium, needsChromium } from './chromium.ts'

test('house: the browser of the browser tests starts', needsChromium(), async () => {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.setContent('<title>up</title>')
    assert.equal(await page.title(), 'up')
  } finally {
    await browser.close()
  }
})
