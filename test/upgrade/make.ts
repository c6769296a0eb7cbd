/**
 * Makes the fixture of a commit: `node test/upgrade/make.ts <commit>`. Runs the server of that commit
 * with the demo, drives it by HTTP as clients and browsers do, stops it, and keeps its data directory
 * and what they have in their hands in `test/vectors/store-<commit>.json`. Before the stored form is
 * changed again, the last commit before the change gets one. `node test/upgrade/make.ts <commit> journeys` does so with
 * what journeys leave, and with `bound` what is tied to keys, certificates, details and resources.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import type { HttpRequest, HttpResponse } from '../../src/base/http.ts'
import { linkIn } from '../sdk/away.ts'
import { startServer } from '../server.ts'
import { freePorts, wire } from '../wire.ts'
import { origin, type World } from '../world.ts'
import { collectBound } from './bound/collect.ts'
import { writeBound } from './bound/hands.ts'
import { collect } from './collect.ts'
import { fixtureFile, type StoreFixture } from './fixture.ts'
import { collectJourneys, writeFixture } from './journey/kept.ts'
import { commitOf, treeOf } from './older.ts'

/** A server of another process as the world that tests drive. */
function wired(port: number): World {
  const serve = (http: HttpRequest): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const { method, query, headers } = http
      const path = query === '' ? http.path : `${http.path}?${query}`
      const length = { 'content-length': String(http.body.length) }
      const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }
      const asked = request(options, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          body += part
        })
        response.on('end', () => {
          const { statusCode: status = 0 } = response
          resolve({ status, headers: response.headers as HttpResponse['headers'], body })
        })
      })
      asked.on('error', reject)
      asked.end(http.body)
    })
  return { serve } as World
}

type Kept = Pick<StoreFixture, 'commit' | 'format' | 'at' | 'files'>

/** Has somebody go to a server of that commit, and keeps what is stored then. */
async function make<T>(
  commit: string,
  collects: (port: number, data: string) => Promise<T>,
): Promise<T & Kept> {
  const tree = treeOf(commit)
  const data = mkdtempSync(join(tmpdir(), 'parapet-fixture-'))
  try {
    const [port = 0] = await freePorts(1)
    const trusted = { PARAPET_TRUSTED_PROXIES: '127.0.0.1' }
    const env = { PORT: String(port), PARAPET_BASE_URL: origin, ...trusted }
    const server = await startServer({ demo: true, data, env, root: tree.root })
    const collected = await collects(port, data)
    const at = Math.floor(Date.now() / 1000)
    await server.stop()
    const names = readdirSync(data).filter((name) => /\.(db|key|mark)$/.test(name))
    const files = Object.fromEntries(
      names.map((name) => [name, gzipSync(readFileSync(join(data, name))).toString('base64')]),
    )
    const db = new DatabaseSync(join(data, 'settings.db'), { readOnly: true })
    const format = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    db.close()
    return { commit, format, at, ...collected, files }
  } finally {
    tree.remove()
    rmSync(data, { recursive: true, force: true })
  }
}

const commit = commitOf(process.argv[2] ?? 'HEAD')
if (commit === undefined) throw new Error('no such commit here')
if (process.argv[3] === 'journeys')
  writeFixture(
    await make(commit, async (port, data) => {
      const w = wire(port, origin)
      const link = (): Promise<string> => linkIn(join(data, 'outbox'))
      return collectJourneys(w, link).finally(() => w.close())
    }),
  )
else if (process.argv[3] === 'bound')
  writeBound(
    await make(commit, async (port) => {
      const w = wire(port, origin)
      return collectBound(w).finally(() => w.close())
    }),
  )
else {
  const fixture: StoreFixture = await make(commit, (port) => collect(wired(port)))
  writeFileSync(fixtureFile(commit), `${JSON.stringify(fixture, null, 2)}\n`)
}
