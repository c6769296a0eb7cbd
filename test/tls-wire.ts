/** A real server that speaks https, and how to call it with a certificate of one's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSigned } from './certificate.ts'
import type { Issued } from './pki.ts'
import { type RunningServer, startServer } from './server.ts'

export interface TlsServer {
  readonly server: RunningServer
  /** Directory with `server.pem`, and whatever a test puts there; goes with the server. */
  readonly folder: string
  /** The global `fetch`, but for the certificates shown. */
  fetchWith(...certificates: readonly Issued[]): typeof fetch
  close(): Promise<void>
}

/** Starts a server that asks for certificates and trusts this CA. */
export async function startTlsServer(
  ca: Issued,
  env: Readonly<Record<string, string>> = {},
): Promise<TlsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'parapet-tls-'))
  const { cert, key } = selfSigned('localhost')
  const files = { 'server.pem': cert, 'server.key': key, 'ca.pem': ca.pem }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const server = await startServer({
    demo: true,
    env: {
      PARAPET_TLS_CERT: join(folder, 'server.pem'),
      PARAPET_TLS_KEY: join(folder, 'server.key'),
      PARAPET_TLS_CLIENT_CA: join(folder, 'ca.pem'),
      ...env,
    },
  })
  return {
    server,
    folder,
    fetchWith: (...certificates) => fetchOver(cert, certificates),
    async close() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Certificates of one client as one PEM, and its key. */
export function identityOf([own, ...beside]: readonly Issued[]): { cert?: string; key?: string } {
  if (own === undefined) return {}
  const key = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: [own, ...beside].map(({ pem }) => pem).join(''), key }
}

/** The global `fetch` to a server with this certificate, showing those. */
export function fetchOver(ca: string, certificates: readonly Issued[]): typeof fetch {
  const identity = identityOf(certificates)
  return async (input, init) => {
    const asked = new Request(input, init)
    const body = Buffer.from(await asked.arrayBuffer())
    const { hostname, port, pathname, search } = new URL(asked.url)
    const options = { hostname, port, path: pathname + search, method: asked.method, ca }
    const headers = { ...Object.fromEntries(asked.headers), 'content-length': body.length }
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, ...identity, headers, agent: false }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const shown = Object.entries(response.headersDistinct)
          const pairs = shown.flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          )
          const status = response.statusCode ?? 0
          const text = parts.length === 0 ? null : Buffer.concat(parts)
          resolve(new Response(text, { status, headers: pairs }))
        })
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
