import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectSecurely, type TLSSocket } from 'node:tls'
import { selfSigned } from '../certificate.ts'
import { cookieOf, granted, logIn, oauth2, open } from '../party.ts'
import { jsonOf, type Wire, wire } from '../wire.ts'
import { startWorkers, type Workers, workersOf } from './workers.ts'

let server: Workers
let w: Wire

before(async () => {
  server = await startWorkers(2)
  w = wire(server.port)
})

after(() => {
  w?.close()
  server?.close()
})

/** A connection that has had an answer, so that it belongs to a worker. */
async function talking(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').setEncoding('utf8')
  socket.on('error', () => undefined)
  socket.write(`GET /am/json/health/live HTTP/1.1\r\nHost: localhost:${server.port}\r\n\r\n`)
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /)
  return socket
}

/** The requests of a kind that all processes together have counted. */
async function counted(endpoint: string): Promise<number> {
  const page = await (await fetch(server.metrics)).text()
  const rows = [...page.matchAll(/^parapet_requests_total\{endpoint="([^"]+)".*\} (\d+)$/gm)]
  return rows.reduce((sum, [, at, count]) => sum + (at === endpoint ? Number(count) : 0), 0)
}

test('house: with workers the password that the first start makes is said once, and one set of keys is served', async () => {
  const passwords = [...server.complaints().matchAll(/amadmin \/ (\S+)/g)]
  assert.equal(passwords.length, 1)
  await logIn(w, ['amadmin', passwords[0]?.[1] as string], '/am/json/realms/root')
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => w.call('GET', `${oauth2}/connect/jwk_uri`)),
  )
  assert.equal(new Set(answers.map((answer) => jsonOf(answer) && answer.text)).size, 1)
})

test('house: whatever worker a step reaches, a loop goes through; what workers count is told as one sum', async () => {
  const cookie = cookieOf(await logIn(w))
  const before = await counted('/par')
  const flows = Array.from({ length: 24 }, async () => {
    const fresh = wire(server.port)
    const tokens = await granted(fresh, open, cookie)
    fresh.close()
    return tokens.access_token
  })
  assert.equal(new Set(await Promise.all(flows)).size, 24)
  assert.equal((await counted('/par')) - before, 24)
})

test('house: at SIGHUP every worker goes on in a new file of the audit log, and every line is whole', async () => {
  const path = join(server.data, 'audit.log')
  renameSync(path, `${path}.1`)
  server.child.kill('SIGHUP')
  const rows = (): readonly string[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => String(JSON.parse(line).event))
      : []
  while (workersOf(server).some((pid) => openFiles(pid).includes(`${path}.1`))) await delay(20)
  const cookie = cookieOf(await logIn(w))
  await Promise.all(Array.from({ length: 8 }, () => granted(w, open, cookie)))
  while (rows().filter((event) => event === 'code.redeemed').length < 8) await delay(20)
  const before = readFileSync(`${path}.1`, 'utf8')
  assert.ok(before.endsWith('\n'))
})

test('house: of a worker that is killed only its own connections end; an alarm tells it, another one comes, and what it counted counts', async () => {
  const sockets = [await talking(), await talking()]
  const [victim = 0, other] = workersOf(server)
  const before = await counted('/json/health/live')
  process.kill(victim, 'SIGKILL')
  await Promise.race(sockets.map((socket) => once(socket, 'close')))
  const [death] = await server.logged('worker.died')
  assert.deepEqual(
    [death?.level, death?.fields.pid, death?.fields.signal],
    ['alarm', victim, 'SIGKILL'],
  )
  assert.equal(sockets.filter((socket) => socket.destroyed || socket.readableEnded).length, 1)
  await server.logged('server.started', 3)
  const now = workersOf(server)
  assert.equal(now.length, 2)
  assert.ok(now.includes(other as number) && !now.includes(victim))
  assert.ok(before >= 2)
  assert.equal(await counted('/json/health/live'), before)
  for (const socket of sockets) socket.destroy()
})

test('house: SIGTERM to the primary lets every worker finish, and ends with 0 when all have', async () => {
  const begun = await Promise.all([half(), half(), half(), half()])
  server.child.kill('SIGTERM')
  await delay(300)
  for (const answer of await Promise.all(begun.map((each) => each.finish()))) {
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.match(answer, /^connection: close\r$/im)
  }
  assert.equal(await server.ended, 0)
  const events = server.lines().map(({ event }) => event)
  assert.equal(events.filter((event) => event === 'server.stopped').length, 2)
  assert.equal(events.at(-1), 'workers.stopped')
  assert.equal([...server.complaints().matchAll(/parapet is up/g)].length, 1)
})

/** Asks over one connection until an answer is its last; gives what becomes of the next connection. */
async function afterLast(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  for (;;) {
    socket.write('GET /am/json/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [answer] = await once(socket, 'data')
    if (/^connection: close\r$/im.test(String(answer))) break
  }
  socket.destroy()
  const next = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    next.on('connect', () => {
      next.destroy()
      resolve('accepted')
    })
    next.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'failed'))
  })
}

test('house: no worker ends a proxy’s connection before the port is closed, since the proxy opens another one just then', async (t) => {
  const env = { PARAPET_BASE_URL: 'http://localhost', PARAPET_TRUSTED_PROXIES: '127.0.0.1' }
  const behind = await startWorkers(2, env)
  t.after(behind.close)
  const asking = Array.from({ length: 12 }, () => afterLast(behind.port))
  await delay(200)
  behind.child.kill('SIGTERM')
  assert.deepEqual(new Set(await Promise.all(asking)), new Set(['ECONNREFUSED']))
  assert.equal(await behind.ended, 0)
})

/** What a process has open. */
function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))]
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}

/** A request of which the rest is still to come. */
async function half(): Promise<{ finish(): Promise<string> }> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `POST ${oauth2}/par HTTP/1.1\r\nHost: localhost:${server.port}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\na`,
  )
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /)
  return {
    finish() {
      socket.write('=1')
      return text(socket)
    },
  }
}

test('house: where the first worker cannot serve, the command says why once and ends with 1', async () => {
  const taken = await startWorkers(2, { PARAPET_DATA: '/dev/null' }, false)
  assert.equal(await taken.ended, 1)
  assert.equal(taken.complaints().match(/^parapet: /gm)?.length, 1)
  assert.deepEqual(taken.lines(), [])
  taken.close()
})

test('MTLS-2 where clients show certificates, a TLS session is resumed by the worker that was shown them, and by no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-tickets-'))
  const { cert, key } = selfSigned('localhost')
  const [PARAPET_TLS_CERT, PARAPET_TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(PARAPET_TLS_CERT, cert)
  writeFileSync(PARAPET_TLS_KEY, key)
  const tls = { PARAPET_TLS_CERT, PARAPET_TLS_KEY, PARAPET_TLS_CLIENT_CERTIFICATES: 'ask' }
  const secured = await startWorkers(2, tls)
  t.after(() => {
    secured.close()
    rmSync(folder, { recursive: true })
  })
  const connected = async (session?: Buffer): Promise<TLSSocket> => {
    const socket = connectSecurely({ port: secured.port, host: '127.0.0.1', ca: cert, session })
    await once(socket, 'secureConnect')
    return socket
  }
  const first = await connected()
  const [session] = (await once(first, 'session')) as [Buffer]
  const reused: boolean[] = []
  for (let i = 0; i < 4; i++) {
    const socket = await connected(session)
    reused.push(socket.isSessionReused())
    socket.destroy()
  }
  first.destroy()
  assert.deepEqual(reused.sort(), [false, false, true, true])
})
