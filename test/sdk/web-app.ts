/** A web app on a port of its own: to browsers another origin than the server, on the same site. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'

export interface WebApp {
  /** `http://localhost:40123`. */
  readonly origin: string
  /** The redirect URI: a page of the app like every other. */
  readonly callback: string
  close(): Promise<void>
}

const title = '<!doctype html><title>App</title>'
const page = `${title}<script type="module" src="/app.js"></script>`

/** Serves the app whose script this is, at every path. */
export async function webApp(script: Uint8Array): Promise<WebApp> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/app.js'
    // In a frame the SDKs look at the address only.
    const html = request.headers['sec-fetch-dest'] === 'iframe' ? title : page
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : html)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    callback: `${origin}/callback`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The app's script with everything in it, made in memory. */
export async function appScript(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'app.ts')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    write: false,
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild gave nothing')
  return file.contents
}
