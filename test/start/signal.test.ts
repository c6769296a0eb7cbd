import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

const root = join(import.meta.dirname, '..', '..')

interface Started {
  readonly port: number
  signal(name: NodeJS.Signals): void
  /** Settles when nobody holds its output any more: when the server itself has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly log: string }>
}

/** A demo in memory, started by a command in a process group of its own. */
async function started(
  t: TestContext,
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<Started> {
  const quiet = { PARAPET_STORE: 'memory:', PORT: '0', HOST: '127.0.0.1' }
  const env = { ...process.env, ...quiet, ...more }
  const child = spawn(command, args, { cwd: root, env, detached: true })
  const group = -(child.pid ?? assert.fail())
  t.after(() => {
    try {
      process.kill(group, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  })
  const log = text(child.stdout)
  const ended = once(child, 'close').then(async ([code]) => ({ code, log: await log }))
  let said = ''
  child.stderr.on('data', (part) => {
    said += String(part)
  })
  while (!said.includes('/par')) await once(child.stderr, 'data')
  const port = Number(/localhost:(\d+)/.exec(said)?.[1])
  return { port, ended, signal: (name) => void child.kill(name) }
}

const serve = [join(root, 'src', 'main.ts'), 'serve', '--demo']

/** A request of which the rest is still to come, so that the server has something to finish. */
async function half(port: number): Promise<{ finish(): Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  socket.write(
    `POST /am/oauth2/par HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\na`,
  )
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /)
  return {
    finish() {
      socket.write('=1')
      return text(socket)
    },
  }
}

test('house: SIGTERM to npm start stops the server behind it', { timeout: 120_000 }, async (t) => {
  const server = await started(t, 'npm', ['start'])
  server.signal('SIGTERM')
  assert.match((await server.ended).log, /"server.stopped"/)
})

/** A shell that does not give up its place for the command, as that of npm need not. */
const behindShell = ['-c', `"${process.execPath}" "${serve[0]}" serve --demo; true`]

test('house: a server that npm or npx started ends when the shell between them does', {
  timeout: 120_000,
}, async (t) => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const server = await started(t, 'sh', behindShell, { npm_lifecycle_event: 'npx' })
    server.signal(signal)
    assert.match((await server.ended).log, /"server.stopped"/)
  }
})

test('house: two signals in one go are one wish, and what is under way is finished', async (t) => {
  const server = await started(t, process.execPath, serve)
  const begun = await half(server.port)
  server.signal('SIGINT')
  server.signal('SIGINT')
  server.signal('SIGTERM')
  await delay(100)
  assert.match(await begun.finish(), /^HTTP\/1\.1 400 /)
  assert.equal((await server.ended).code, 0)
})

test('house: a second signal later on ends the server at once', async (t) => {
  const server = await started(t, process.execPath, serve)
  await half(server.port)
  // Whenever it has heard of the first one: one of the others is later by more than a wish lasts.
  const again = setInterval(() => server.signal('SIGTERM'), 200)
  const { code, log } = await server.ended
  clearInterval(again)
  assert.equal(code, null)
  assert.doesNotMatch(log, /"server.stopped"/)
})
