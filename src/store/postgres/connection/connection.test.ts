import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { placeOf } from '../url.ts'
import { connectTo, loadDriver, statement } from './connection.ts'

const driver = await loadDriver()

/** By what a server does with who connects: what the driver says then. */
const failures: readonly (readonly [says: string, does: (socket: Socket) => void])[] = [
  ['write CONNECT_TIMEOUT {at}', () => undefined],
  ['the connection to {at} was closed', (socket) => socket.end()],
]
for (const [says, does] of failures)
  test(`PostgreSQL: where a connection comes to nothing is said, and no password: ${says}`, async (t) => {
    const open = new Set<Socket>()
    const server = createServer((socket) => {
      open.add(socket.on('error', () => undefined))
      socket.once('data', () => does(socket))
    })
    t.after(() => {
      for (const socket of open) socket.destroy()
      server.close()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const place = placeOf(`//who:geheim@127.0.0.1:${port}/x?sslmode=disable`)
    const [host] = place.hosts
    assert.ok(host !== undefined)
    const connection = await connectTo(driver, place, host)
    await assert.rejects(connection.ask(statement('SELECT 1')), (error: Error) => {
      assert.equal(error.message, says.replace('{at}', `127.0.0.1:${port}`))
      return true
    })
    connection.drop()
  })
