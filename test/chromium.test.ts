import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchChromium, launchShell, needsChromium } from './chromium.ts'

for (const launch of [launchChromium, launchShell])
  test(
    `house: the browser of the browser tests starts (${launch.name})`,
    needsChromium(),
    async () => {
      const browser = await launch()
      try {
        const page = await browser.newPage()
        await page.setContent('<title>up</title>')
        assert.equal(await page.title(), 'up')
      } finally {
        await browser.close()
      }
    },
  )
