import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startWorkers, workersOf } from './workers.ts'

const asked = 'GET /am/json/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** What becomes of a connection: `answered`, or `ended` without an answer. */
function end(socket: Socket): Promise<'answered' | 'ended'> {
  return new Promise((resolve) => {
    socket.once('data', () => resolve('answered')).once('close', () => resolve('ended'))
    socket.on('error', () => undefined)
  })
}

test('T-3 a connection that a worker was handed and had not taken when it died is ended: nobody waits for it', async (t) => {
  const server = await startWorkers(2)
  t.after(() => server.close())
  const [worker = 0] = workersOf(server)
  process.kill(worker, 'SIGSTOP')
  // Of these, one is handed to whoever takes nothing, and the others to the other worker.
  const sockets = Array.from({ length: 6 }, () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(asked))
    return socket
  })
  const ends = sockets.map(end)
  const answered = ends.map((each) => each.then((how) => assert.equal(how, 'answered')))
  await Promise.any(answered)
  process.kill(worker, 'SIGKILL')
  await server.logged('worker.died')
  const patience = delay(10_000, 'waits' as const, { ref: false })
  const all = await Promise.all(ends.map((each) => Promise.race([each, patience])))
  for (const socket of sockets) socket.destroy()
  assert.deepEqual(all.toSorted().slice(-2), ['answered', 'ended'], String(all))
})
