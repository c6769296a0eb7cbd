import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import { quiet } from './quiet.ts'

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
