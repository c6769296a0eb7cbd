import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchShell, needsChromium } from './chromium.ts'
import { logIn } from './clients/person.ts'
import { type Choices, openFromDemo, pushAtDemo, visit } from './demo-visitor.ts'
import { type RunningServer, startServer } from './server.ts'

let server: RunningServer | undefined
let browser: Browser | undefined
let origin: string

before(async () => {
  if (needsChromium().skip !== undefined) return
  server = await startServer({ demo: true })
  origin = server.origin
  browser = await launchShell()
})
after(async () => {
  await Promise.all([browser?.close(), server?.stop()])
  assert.deepEqual(server?.alarms ?? [], [])
})

function walk(
  name: string,
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  test(name, needsChromium(), () => visit(browser as Browser, options, run))
}

/** The end of a flow that went well, with the tokens that were promised, decoded. */
async function assertTokens(page: Page, ...tokens: readonly string[]): Promise<void> {
  await page.waitForSelector('#result')
  assert.equal(await page.textContent('#result'), 'Every check passed.')
  assert.equal(page.url(), `${origin}/demo/callback`.concat(new URL(page.url()).search))
  for (const name of tokens) {
    const [text = ''] = await page.locator(`pre.${name}`).allTextContents()
    assert.match(text, /"iss": "http/)
    assert.match(text, /"sub": "[\da-f-]{36}"/)
  }
}

/** What the page tells of its own push, in order; that pages were shown is left out. */
async function stepsTold(page: Page): Promise<string> {
  const written = await page.innerHTML('#timeline')
  const names = [...written.matchAll(/data-step="(\w+)"/g)].map(([, name]) => name ?? '')
  return names.filter((name) => !name.endsWith('_shown')).join(' ')
}

/** A flow that ended otherwise says why. */
async function assertSays(page: Page, words: RegExp): Promise<void> {
  await page.waitForSelector('#result')
  assert.match((await page.textContent('main')) ?? '', words)
}

const both = ['id_token', 'access_token']

const flows: readonly [choices: Choices, tokens: readonly string[], ends: string][] = [
  [
    { response_type: 'code', response_mode: 'form_post', scope: 'openid write phone' },
    both,
    'code redeemed',
  ],
  [
    { response_type: 'code', realm: 'bravo', pkce: 'no', scope: 'write' },
    ['access_token'],
    'code redeemed',
  ],
  [{ response_type: 'token id_token', realm: 'bravo' }, both, 'tokens'],
  [{ response_type: 'code token id_token' }, both, 'code_tokens redeemed'],
]

for (const [choices, tokens, ends] of flows) {
  walk(`RFC 9126 §4 demo: ${Object.values(choices).join(', ')} ends at tokens`, async (page) => {
    await openFromDemo(page, origin, choices)
    await logIn(page)
    await page.click('#approve')
    await assertTokens(page, ...tokens)
    const told = await stepsTold(page)
    assert.equal(told, `pushed opened logged_in held consent_given ${ends}`)
  })
}

walk('PingAM: isConsentImplied demo: the public client asks for no consent', async (page) => {
  await openFromDemo(page, origin, { client_id: 'myPublicClient' })
  await logIn(page)
  await assertTokens(page, ...both)
})

walk('RFC 6749 §4.1.2.1 demo: a wrong password, then a denial, are told', async (page) => {
  await openFromDemo(page, origin)
  await logIn(page, 'wrong')
  await page.waitForSelector('#failed')
  await logIn(page)
  await page.click('#deny')
  await assertSays(page, /the server answered access_denied/)
  await page.click('#again')
  await page.waitForURL(`${origin}/demo`)
})

walk('RFC 9126 §2.3 demo: a refused push is shown, with a way on', async (page) => {
  await pushAtDemo(page, origin, { scope: 'openid nonsense' })
  await assertSays(page, /"error": "invalid_scope"/)
  assert.equal(await stepsTold(page), 'refused')
  assert.match((await page.textContent('#stopped')) ?? '', /invalid_scope.*RFC 6749 §3.3/s)
  await page.click('#again')
  await page.waitForURL(`${origin}/demo`)
})

walk(
  'C-33 demo: where a refused visit stopped, its push tells in a tab beside it',
  async (page) => {
    await pushAtDemo(page, origin)
    const authorize = (await page.getAttribute('#continue', 'href')) ?? ''
    await page.goto(authorize.replace('myClient', 'myPublicClient'))
    await page.waitForSelector('#request_id')
    await page.goto(`${origin}/demo`)
    const opened = page.waitForEvent('popup')
    await page.click('#history_link')
    const told = await opened
    await told.waitForSelector('#stopped')
    assert.equal(told.url(), `${origin}/demo/history`)
    assert.equal(await stepsTold(told), 'pushed refused')
    assert.match((await told.textContent('#stopped')) ?? '', /pushed by another client/)
  },
)

walk('RFC 6749 §4.1.2 demo: going on twice leads to no dead end', async (page) => {
  await openFromDemo(page, origin)
  await logIn(page)
  await page.click('#approve')
  await assertTokens(page, ...both)
  await page.reload()
  assert.match((await page.textContent('#result')) ?? '', /no request under way/)
  await page.click('#again')
  await page.waitForURL(`${origin}/demo`)
})

walk('OIDC RP-Initiated Logout §2 demo: logged out, a login is asked for again', async (page) => {
  // The public client is not asked for consent: nothing stays behind for the other tests.
  const choices = { client_id: 'myPublicClient' }
  await openFromDemo(page, origin, choices)
  await logIn(page)
  await assertTokens(page, ...both)
  await openFromDemo(page, origin, { ...choices, prompt: 'none' })
  await assertTokens(page, ...both)
  await page.click('#logout')
  await page.waitForURL(`${origin}/demo`)
  await openFromDemo(page, origin, { ...choices, prompt: 'none' })
  await assertSays(page, /the server answered interaction_required/)
})

walk(
  'OAuth 2.0 Form Post §2 demo: the whole way works without scripts',
  async (page) => {
    for (const response_mode of ['query', 'form_post']) {
      await openFromDemo(page, origin, { response_mode, prompt: 'login' })
      await logIn(page)
      await page.click('#approve')
      if (response_mode === 'form_post') await page.click('#continue')
      await assertTokens(page, ...both)
    }
  },
  { javaScriptEnabled: false },
)
