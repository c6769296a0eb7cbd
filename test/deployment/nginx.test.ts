/**
 * What the proxy does with a request that one of several servers did not answer. A push or a call of the token
 * endpoint that reached two servers would be two: a second request_uri, a replayed assertion, a code redeemed
 * again, which ends its grant (RFC 6749 §4.1.2). The servers here count what they are sent.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { needs } from '../program.ts'
import { fetchOver } from '../tls-wire.ts'
import { freePorts } from '../wire.ts'
import { proxy } from './nginx.ts'

const options = needs('nginx')
const push = { method: 'POST', body: new URLSearchParams({ client_id: 'app' }) }

/** How a server treats each request once it has it whole. */
type Conduct = 'answers' | 'breaks off' | 'is busy' | 'is not there'

interface Counted {
  readonly requests: string[]
  close(): Promise<void>
}

async function serving(port: number, conduct: Conduct): Promise<Counted> {
  const requests: string[] = []
  if (conduct === 'is not there') return { requests, close: () => Promise.resolve() }
  const server: Server = createServer((asked, answer) => {
    asked.resume().once('end', () => {
      requests.push(`${asked.method} ${asked.url}`)
      if (conduct === 'breaks off') asked.socket.destroy()
      else if (conduct === 'is busy') answer.writeHead(503, { 'retry-after': '1' }).end()
      else answer.end(`from ${port}`)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Asked {
  readonly statuses: readonly number[]
  /** What each server was sent. */
  readonly sent: readonly (readonly string[])[]
}

/** Four requests, one after the other, to an nginx that has seen nothing of its two servers yet. */
async function asked(
  conducts: readonly [Conduct, Conduct],
  path: string,
  init: RequestInit,
): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-nginx-'))
  const [port = 0, ...ports] = await freePorts(3)
  const servers = await Promise.all(conducts.map((each, i) => serving(ports[i] ?? 0, each)))
  const nginx = proxy(folder, port, ports, 'nginx-nodes.conf')
  const statuses: number[] = []
  try {
    await listens(port)
    const ask = fetchOver(nginx.certificate, [])
    for (let i = 0; i < 4; i++)
      statuses.push((await ask(`https://localhost:${port}${path}`, init)).status)
  } finally {
    await nginx.end()
    await Promise.all(servers.map((each) => each.close()))
    rmSync(folder, { recursive: true })
  }
  return { statuses, sent: servers.map(({ requests }) => requests) }
}

/** nginx takes a moment from its start until it listens. */
async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (connected) return
    await setTimeout(5)
  }
}

for (const path of ['/am/oauth2/realms/root/realms/alpha/par', '/am/oauth2/access_token']) {
  test(
    `house: nginx sends a POST to ${path} that a server had, and did not answer, to no other`,
    options,
    async () => {
      const { statuses, sent } = await asked(['breaks off', 'answers'], path, push)
      const [broken = [], whole = []] = sent
      assert.ok(broken.length > 0)
      assert.equal(statuses.filter((status) => status === 502).length, broken.length)
      // Each request was at one server: as many as were made.
      assert.equal(broken.length + whole.length, statuses.length)
    },
  )
}

test(
  'house: a POST to a server that refuses the connection was sent nowhere, and goes to the other, once',
  options,
  async () => {
    const { statuses, sent } = await asked(['is not there', 'answers'], '/par', push)
    assert.deepEqual(statuses, [200, 200, 200, 200])
    assert.deepEqual(sent[1], Array(4).fill('POST /par'))
  },
)

test('house: a GET that a server had, and did not answer, goes to the other', options, async () => {
  const { statuses, sent } = await asked(['breaks off', 'answers'], '/authorize', {})
  assert.deepEqual(statuses, [200, 200, 200, 200])
  assert.equal(sent[0]?.length, 1)
  assert.equal(sent[1]?.length, 4)
})

test('house: 503 with Retry-After is an answer, and is asked of no other', options, async () => {
  const { statuses, sent } = await asked(['is busy', 'is busy'], '/par', push)
  assert.deepEqual(statuses, [503, 503, 503, 503])
  assert.equal(sent.flat().length, 4)
})
