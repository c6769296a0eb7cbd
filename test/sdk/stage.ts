/** Server, browser and an app of another origin, allowed by the realm while the server runs. */
import type { Browser, Cookie, Page, Request } from 'playwright-core'
import { launchShell } from '../chromium.ts'
import { type RunningServer, startServer } from '../server.ts'
import type { Sdk } from './app.ts'
import { type Configuration, configuration } from './configuration.ts'
import { appScript, type WebApp, webApp } from './web-app.ts'

/**
 * How long the SDKs may wait for a frame, in milliseconds. Their own three and five seconds are for a
 * machine that does not run other tests beside.
 */
export const patience = 20_000

export interface Stage {
  readonly server: RunningServer
  readonly browser: Browser
  readonly app: WebApp
  readonly admin: Configuration
  /** Metadata of alpha. */
  readonly wellknown: string
  /** The app's start page in a browser nobody used before. */
  open(): Promise<Page>
  close(): Promise<unknown>
}

export async function openStage(): Promise<Stage> {
  const parts = await Promise.allSettled([
    startServer({ demo: true }),
    launchShell(),
    appScript().then(webApp),
  ])
  const [server, browser, app] = parts
  const close = () =>
    Promise.all([fulfilled(browser)?.close(), fulfilled(server)?.stop(), fulfilled(app)?.close()])
  try {
    const failed = parts.find((part) => part.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return await stageOf(
      fulfilled(server) as RunningServer,
      fulfilled(browser) as Browser,
      fulfilled(app) as WebApp,
      close,
    )
  } catch (error) {
    // What is left open would keep the test process alive for ever.
    await close()
    throw error
  }
}

async function stageOf(
  server: RunningServer,
  browser: Browser,
  app: WebApp,
  close: Stage['close'],
): Promise<Stage> {
  const issuer = `${server.origin}/am/oauth2/realms/root/realms/alpha`
  return {
    server,
    browser,
    app,
    admin: await configuration(server),
    wellknown: `${issuer}/.well-known/openid-configuration`,
    async open() {
      const page = await (await browser.newContext()).newPage()
      await page.goto(app.origin)
      return page
    },
    close,
  }
}

function fulfilled<T>(settled: PromiseSettledResult<T>): T | undefined {
  return settled.status === 'fulfilled' ? settled.value : undefined
}

/** Name and value under which the app's pages have the SDKs; in a page it is `globalThis`. */
export interface AppGlobal {
  readonly sdk: Sdk
}

/** What the browser asked the server for while something ran: `POST /par`, told by path below the realm. */
export async function traffic(
  page: Page,
  server: RunningServer,
  run: () => Promise<unknown>,
): Promise<readonly Call[]> {
  const calls: Call[] = []
  const note = (request: Request): void => {
    const url = new URL(request.url())
    if (url.origin !== server.origin) return
    const path = url.pathname.replace(/^.*\/alpha/, '')
    calls.push({ name: `${request.method()} ${path}`, url, request })
  }
  page.on('request', note)
  try {
    await run()
  } finally {
    page.off('request', note)
  }
  return calls
}

export function names(calls: readonly Call[]): string[] {
  return calls.map(({ name }) => name)
}

export interface Call {
  readonly name: string
  readonly url: URL
  readonly request: Request
}

/** The cookies by which the server knows this browser's session: one, or none. */
export async function sessionCookies(page: Page): Promise<readonly Cookie[]> {
  const cookies = await page.context().cookies()
  return cookies.filter(({ name }) => name === 'iPlanetDirectoryPro')
}
