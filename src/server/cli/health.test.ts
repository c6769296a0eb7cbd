import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { commandLine } from '../../../test/command-line.ts'

test('house: parapet health ends with what the server at its own address says of itself', async () => {
  let status = 200
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(status).end('{"status":"so"}')
  })
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening)
  })
  const { port } = server.address() as AddressInfo
  const line = await commandLine({ HOST: '0.0.0.0', PORT: String(port) })
  let said = ''
  const run = async (): Promise<number> => {
    const { status: ended, out, err } = await line.run('health')
    said += out + err
    return ended
  }
  assert.equal(await run(), 0)
  status = 503
  assert.equal(await run(), 1)
  server.close()
  server.closeAllConnections()
  assert.equal(await run(), 1)
  assert.match(
    said,
    /^\{"status":"so"\}\n\{"status":"so"\}\nparapet: the server does not answer \(.+\)\n$/,
  )
  assert.deepEqual(asked, ['/am/json/health/ready', '/am/json/health/ready'])
})
