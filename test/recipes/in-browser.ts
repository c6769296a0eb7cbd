/** A recipe that runs in a browser: its page, and what a person does with it. */
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { launchShell } from '../chromium.ts'
import { email, password } from './person.ts'

/** The page that a recipe's code finds: three buttons, and where it says who is signed in. */
const page = (settings: object): string => `<!doctype html>
<title>a page of an application</title>
<button id="login">log in</button>
<button id="refresh">refresh</button>
<button id="logout">log out</button>
<pre id="user"></pre>
<script>globalThis.settings = ${JSON.stringify(settings)}</script>
<script type="module" src="/app.js"></script>`

export async function runInBrowser(
  file: string,
  origin: string,
  settings: { readonly issuer: string; readonly client_id: string },
): Promise<void> {
  const bundled = await build({ entryPoints: [file], bundle: true, format: 'esm', write: false })
  const site = createServer(({ url }, response) => {
    const isCode = url === '/app.js'
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html')
    response.end(isCode ? bundled.outputFiles[0]?.text : page(settings))
  }).listen(Number(new URL(origin).port), 'localhost')
  const browser = await launchShell()
  try {
    const tab = await browser.newPage()
    tab.setDefaultTimeout(30_000)
    const said: string[] = []
    tab.on('console', (message) => said.push(message.text()))
    try {
      await signInAndOut(tab, origin)
    } catch (error) {
      throw new Error(`${tab.url()}: ${String(error)}\n${said.join('\n')}`, { cause: error })
    }
  } finally {
    await browser.close()
    site.closeAllConnections()
    site.close()
  }
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchShell>>['newPage']>>

async function signInAndOut(tab: Page, origin: string): Promise<void> {
  const known = tab.locator('#user', { hasText: `"email":"${email}"` })
  await tab.goto(origin)
  await tab.locator('#user', { hasText: 'null' }).waitFor()
  await tab.click('#login')
  await tab.fill('#username', 'ann')
  await tab.fill('#password', password)
  await tab.locator('form button.primary').click()
  await tab.click('#approve')
  await known.waitFor()
  // What was shown is taken away, so that it is seen again only if the fresh tokens work.
  await tab.evaluate("document.querySelector('#user').textContent = ''")
  await tab.click('#refresh')
  await known.waitFor()
  await tab.click('#logout')
  await tab.waitForURL(`${origin}/bye**`)
  await tab.locator('#user', { hasText: 'null' }).waitFor()
}
