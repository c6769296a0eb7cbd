/** The client's own side of a flow: where the browser comes back to. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'

/** A redirection endpoint on a port of its own. */
export interface RelyingParty {
  readonly redirect_uri: string
  /** Where a logout comes back to. */
  readonly home: string
  /**
   * Waits until the page has landed at the redirect URI. Gives its URL, fragment included; for a
   * form post the request that was made.
   */
  arrival(page: Page): Promise<URL | Request>
  close(): Promise<void>
}

export async function relyingParty(): Promise<RelyingParty> {
  const posted: string[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.method === 'POST') posted.push(body)
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(`<!doctype html><title>${request.method}</title>`)
    })
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const redirect_uri = `${origin}/callback`
  return {
    redirect_uri,
    home: `${origin}/home`,
    async arrival(page) {
      await page.waitForURL((url) => url.href.startsWith(redirect_uri))
      if ((await page.title()) !== 'POST') return new URL(page.url())
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return new Request(redirect_uri, { method: 'POST', headers, body: posted.pop() ?? '' })
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** An address with a query. */
export function withQuery(address: string, query: URLSearchParams | Record<string, string>): URL {
  const url = new URL(address)
  url.search = new URLSearchParams(query).toString()
  return url
}

/** What an arrival carries, whichever way it came. */
export async function parametersOf(arrival: URL | Request): Promise<URLSearchParams> {
  if (!(arrival instanceof URL)) return new URLSearchParams(await arrival.clone().text())
  return arrival.hash === '' ? arrival.searchParams : new URLSearchParams(arrival.hash.slice(1))
}
