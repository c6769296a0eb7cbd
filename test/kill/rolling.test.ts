import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  ask,
  codeOf,
  codeParameters,
  cookieOf,
  logIn,
  open,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import { needs } from '../program.ts'
import { trials } from '../scale.ts'
import { type RunningServer, startServer } from '../server.ts'
import { freePorts, jsonOf, type Wire, wire } from '../wire.ts'
import { startNginx } from './nginx.ts'

const restarts = trials(30, 2)

/**
 * Milliseconds after which nginx tries a server again that it could not reach: more than its `fail_timeout`, in whole
 * seconds of its clock. Whoever stops the next server sooner leaves it none.
 */
const triedAgain = 2200

/** Clients at work, each with its own connections, and milliseconds between two flows of one. */
const clients = 6
const pause = 20

const data = await mkdtemp(join(tmpdir(), 'parapet-rolling-'))
after(() => rm(data, { recursive: true, force: true }))

async function node(port: number, baseUrl: string, workers: number): Promise<RunningServer> {
  const env = { PORT: String(port), PARAPET_BASE_URL: baseUrl, PARAPET_LOG_LEVEL: 'alarm' }
  const more = { PARAPET_TRUSTED_PROXIES: '127.0.0.1', PARAPET_WORKERS: String(workers) }
  const server = await startServer({ demo: true, data, env: { ...env, ...more } })
  const own = wire(port, baseUrl)
  const isReady = async (): Promise<boolean> => {
    const answer = await own.call('GET', '/am/json/health/ready').catch(() => undefined)
    return answer?.status === 200
  }
  while (!(await isReady())) await delay(10)
  own.close()
  return server
}

interface Count {
  requests: number
  readonly failed: string[]
}

/** Push, code, tokens, refresh, by a client of its own until `going` says no. */
async function work(w: Wire, cookie: string, count: Count, going: () => boolean): Promise<void> {
  const step = async <T>(name: string, run: () => Promise<T>): Promise<T | undefined> => {
    count.requests += 1
    try {
      return await run()
    } catch (error) {
      count.failed.push(`${name}: ${error}`)
      return undefined
    }
  }
  while (going()) {
    await delay(pause)
    const pushed = await step('push', async () =>
      jsonOf(await ask(w, open, '/par', pushParameters), 201),
    )
    if (pushed === undefined) continue
    const code = await step('authorize', async () => {
      const answer = await visit(w, open, String(pushed.request_uri), cookie)
      return codeOf(answer) ?? assert.fail(`${answer.status} ${answer.text}`)
    })
    if (code === undefined) continue
    const tokens = await step('token', async () =>
      jsonOf(await ask(w, open, '/access_token', codeParameters(code))),
    )
    if (tokens === undefined) continue
    await step('refresh', async () =>
      jsonOf(await ask(w, open, '/access_token', refreshParameters(String(tokens.refresh_token)))),
    )
  }
}

test(
  `house: two nodes behind nginx, each stopped by SIGTERM and started again, ${restarts} times under load: no request fails`,
  needs('nginx'),
  async (t) => {
    const [port = 0, ...ports] = await freePorts(3)
    const baseUrl = `http://localhost:${port}`
    const counts = [1, 2]
    const nodes = await Promise.all(ports.map((at, i) => node(at, baseUrl, counts[i] ?? 1)))
    const w = wire(port)
    const nginx = await startNginx(w, ports)
    t.after(async () => {
      w.close()
      await nginx.stop()
      await Promise.all(nodes.map((each) => each.stop()))
    })
    const cookie = cookieOf(await logIn(w))
    const count: Count = { requests: 0, failed: [] }
    let going = true
    const wires = Array.from({ length: clients }, () => wire(port))
    const working = Promise.all(wires.map((each) => work(each, cookie, count, () => going)))
    const perRestart: number[] = []
    for (let i = 0; i < restarts; i++) {
      const at = i % ports.length
      if (i > 0) await delay(triedAgain)
      const before = count.requests
      assert.equal(await nodes[at]?.stop(), 0)
      nodes[at] = await node(ports[at] ?? 0, baseUrl, counts[at] ?? 1)
      perRestart.push(count.requests - before)
    }
    going = false
    await working
    for (const each of wires) each.close()
    assert.deepEqual(count.failed, [], nginx.errors())
    assert.ok(Math.min(...perRestart) > 0, 'the load went on through every restart')
    t.diagnostic(`${restarts} restarts, ${count.requests} requests, none failed`)
  },
)
