import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { setDefaultCACertificates } from 'node:tls'
import { selfSigned } from '../../../test/certificate.ts'
import { getText } from './get-text.ts'

const { key, cert } = selfSigned('rp.localhost')
setDefaultCACertificates([cert])
const server = createServer({ key, cert }, ({ socket, headers }, response) => {
  response.end(JSON.stringify([(socket as TLSSocket).servername, headers.host]))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => {
  server.closeAllConnections()
  server.close()
})
const { port } = server.address() as AddressInfo

async function get(host: string): Promise<unknown> {
  const limits = { bytes: 999, milliseconds: 20_000, privateAddresses: true, by: 'test' }
  return JSON.parse((await getText(new URL(`https://${host}:${port}/`), limits)).text)
}

test('RFC 9110 §4.3.4 the certificate must be the name’s, not that of the address it leads to', async () => {
  assert.deepEqual(await get('rp.localhost'), ['rp.localhost', `rp.localhost:${port}`])
  await assert.rejects(get('other.localhost'), /does not match certificate's altnames/)
  await assert.rejects(get('localhost'), /does not match certificate's altnames/)
})

test('RFC 6066 §3 an address is no server name, and a certificate may be for it', async () => {
  assert.deepEqual(await get('127.0.0.1'), [false, `127.0.0.1:${port}`])
})
