import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Server } from 'node:net'
import { test } from 'node:test'
import { quiet, quietPort } from './quiet.ts'

test('house: a process that got no turn for longer than the limit still takes on all who came meanwhile', async (t) => {
  const server = createServer()
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  let accepted = 0
  server.on('connection', (socket) => {
    accepted += 1
    t.after(() => socket.destroy())
  })
  const settled = quiet(server, 10)
  const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  // All are on their way now, and connected by the kernel; nobody looks at them.
  await new Promise<void>((resolve) => process.nextTick(resolve))
  for (const end = performance.now() + 30; performance.now() < end; );
  await settled
  assert.equal(accepted, sockets.length)
})

test('house: where connections come at every look, it settles at the limit nevertheless', async (t) => {
  const server = createServer((socket) => void socket.destroy())
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  let going = true
  const again = (): void => {
    if (going)
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .on('close', again)
  }
  for (let i = 0; i < 20; i += 1) again()
  await quiet(server, 10)
  going = false
})

test('house: with a primary it settles when that has answered twice in a row and handed out nothing between', async () => {
  const server = new Server()
  // At which of the primary's answers a connection has come.
  const rows: readonly (readonly [came: readonly number[], answers: number])[] = [
    [[], 2],
    [[1], 3],
    [[2], 4],
    [[1, 2, 4], 6],
  ]
  for (const [came, wanted] of rows) {
    let answers = 0
    await quietPort(
      server,
      async () => {
        answers += 1
        if (came.includes(answers)) server.emit('connection')
      },
      1000,
    )
    assert.equal(answers, wanted, String(came))
  }
})

test('house: where a primary hands out one at every look, it settles at the limit nevertheless', async () => {
  const server = new Server()
  let answers = 0
  await quietPort(
    server,
    async () => {
      answers += 1
      server.emit('connection')
    },
    0,
  )
  assert.equal(answers, 5)
})
