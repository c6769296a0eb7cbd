import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { selfSigned } from '../certificate.ts'
import { startWorkers, workersOf } from './workers.ts'

/** The serial number of the certificate that a new connection is shown. */
async function shown(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return new X509Certificate(raw).fingerprint256
}

test('house: a worker that comes for another serves by what the primary was started with, whatever its files say by then', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-workers-configuration-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [cert, key, config] = ['cert.pem', 'key.pem', 'parapet.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const [first, second] = [selfSigned('localhost'), selfSigned('localhost')]
  const settings = { tlsCert: cert, tlsKey: key, realms: [{ path: '/shop' }] }
  writeFileSync(cert, first.cert)
  writeFileSync(key, first.key)
  writeFileSync(config, JSON.stringify(settings))
  const server = await startWorkers(2, { PARAPET_CONFIG: config })
  t.after(() => server.close())
  // Amid a renewal there is a certificate without its key, and a document that is half written.
  writeFileSync(cert, second.cert)
  writeFileSync(config, JSON.stringify(settings).slice(0, -9))
  process.kill(workersOf(server)[0] as number, 'SIGKILL')
  await Promise.race([server.logged('server.started', 3), server.logged('worker.died', 2)])
  assert.equal((await server.logged('worker.died')).length, 1, server.complaints())
  const all = await Promise.all(Array.from({ length: 8 }, () => shown(server.port)))
  assert.deepEqual([...new Set(all)], [new X509Certificate(first.cert).fingerprint256])
  assert.equal(server.complaints().match(/is no setting/), null)
})
