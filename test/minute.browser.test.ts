import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { banner } from '../src/demo/banner.ts'
import { launchChromium, needsChromium } from './chromium.ts'
import { needsCurl } from './curl.ts'
import { visit } from './demo-visitor.ts'
import { documents } from './markdown.ts'
import { type RunningServer, startServer } from './server.ts'

const needed = needsCurl.skip === undefined ? needsChromium() : needsCurl

let server: RunningServer | undefined
let browser: Browser | undefined

before(async () => {
  if (needed.skip !== undefined) return
  server = await startServer({ demo: true })
  browser = await launchChromium()
})
after(async () => {
  await Promise.all([browser?.close(), server?.stop()])
  assert.deepEqual(server?.alarms ?? [], [])
})

const bash = promisify(execFile)

/** Pastes a command; gives the JSON it prints. */
async function paste(command: string): Promise<Record<string, string>> {
  const { stdout } = await bash('bash', ['-c', command])
  return JSON.parse(stdout) as Record<string, string>
}

/** The curl and the address to open, as the README has them. */
function readme(): readonly [curl: string, address: string] {
  const { text } = documents().find(({ path }) => path === 'README.md') ?? { text: '' }
  const [, minute = ''] = text.split(/^## A push in a minute$/m)
  const [curl = ''] = /^curl [\s\S]*?(?=^```)/m.exec(minute) ?? []
  const [, address = ''] = /Open `([^`]+)…`/.exec(minute) ?? []
  return [curl, address].map((each) => here(each)) as [string, string]
}

/** The same as a start prints them. */
function printed(): readonly [curl: string, address: string] {
  const said = banner(server?.origin as string, 'x')
  const [curl = ''] = /^ {2}curl [\s\S]*?(?=\n\n)/m.exec(said) ?? []
  const [, address = ''] = /^ {2}(http\S+request_uri=)…$/m.exec(said) ?? []
  return [curl, address]
}

function here(text: string): string {
  return text.replaceAll('http://localhost:8080', server?.origin as string)
}

/** What a person does with them: paste, open, log in, answer. */
async function walk(page: Page, [curl, address]: readonly [string, string], answer: string) {
  const { request_uri = '' } = await paste(curl)
  assert.match(request_uri, /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/)
  await page.goto(address + request_uri)
  await page.fill('#username', 'demo')
  await page.fill('#password', 'Ch4ng31t')
  await page.click('#login')
  await page.click(answer)
  await page.waitForSelector('#result')
}

for (const [name, taken] of [
  ['the README’s minute', readme],
  ['what a start prints', printed],
] as const) {
  test(
    `house: ${name} ends on a page that says it worked, with the code and what makes tokens of it`,
    needed,
    () =>
      visit(browser as Browser, {}, async (page) => {
        await walk(page, taken(), '#approve')
        assert.equal(await page.textContent('h1'), 'It worked')
        const code = new URL(page.url()).searchParams.get('code') ?? ''
        assert.match((await page.textContent('.steps')) ?? '', new RegExp(`code = ${code}`))
        const tokens = await paste((await page.textContent('#redeem')) ?? '')
        assert.deepEqual([tokens.token_type, tokens.scope], ['Bearer', 'openid profile'])
        assert.ok(tokens.access_token && tokens.id_token)
      }),
  )
}

test('house: a start prints the push that the README has', needed, () => {
  const bare = (text: string): string => text.replace(/^ +/gm, '').trim()
  assert.deepEqual(printed().map(bare), readme().map(bare))
})

test('RFC 6749 §4.1.2.1 a push by hand that is denied ends on a page that says so', needed, () =>
  visit(browser as Browser, {}, async (page) => {
    await walk(page, readme(), '#deny')
    assert.match((await page.textContent('#result')) ?? '', /access_denied/)
    assert.equal(await page.locator('#redeem').count(), 0)
  }),
)
