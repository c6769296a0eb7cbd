import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { request } from 'node:https'
import { after, before, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { selfSigned } from '../../test/certificate.ts'
import { authority, cn, extension, type Issued, issue } from '../../test/pki.ts'
import { certificateReader } from './certificates.ts'
import { vouchedBy } from './client-certificates.ts'
import { type Listener, listen } from './node.ts'
import type { Settings } from './settings.ts'

const tls = selfSigned('localhost')
const ca = authority('CA')
const middle = authority('Middle', { issuer: ca })
const leaf = issue({ subject: cn('client'), issuer: middle })
const self = issue({ subject: cn('self') })

/** Says whose certificates it saw, and whether a trusted proxy sent the request. */
function told(certificates: readonly Uint8Array[] | undefined, proxied: true | undefined): string {
  return JSON.stringify({ shown: certificates?.map((der) => hash('sha256', der)), proxied })
}

const open: Listener[] = []

async function listening(
  askCertificates: boolean,
  trustedProxies: readonly string[] = [],
): Promise<Listener> {
  const baseUrls = trustedProxies.length === 0 ? [] : ['https://localhost']
  const options = { host: '127.0.0.1', port: 0, baseUrls, trustedProxies, tls, askCertificates }
  const listener = await listen(options, ({ certificates, proxied }) => ({
    status: 200,
    headers: {},
    body: told(certificates, proxied),
  }))
  open.push(listener)
  return listener
}

let asking: Listener

before(async () => {
  asking = await listening(true)
})
after(() => Promise.all(open.map((each) => each.stop())))

function identity(first: Issued, ...more: readonly Issued[]): ConnectionOptions {
  const key = first.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: [first, ...more].map(({ pem }) => pem).join(''), key }
}

function ask(
  { port }: Listener,
  more: ConnectionOptions = {},
  named = `localhost:${port}`,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent: false, rejectUnauthorized: false, ...more }
    const headers = { host: named }
    const asked = request({ ...options, headers }, (response) => {
      let text = ''
      response.on('data', (part) => {
        text += String(part)
      })
      response.on('end', () => resolve(JSON.parse(text)))
    })
    asked.on('error', reject)
    asked.end()
  })
}

const hashes = (...all: readonly Issued[]): readonly string[] =>
  all.map(({ der }) => hash('sha256', der))

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`MTLS-2 ${maxVersion}: the certificate, and what was sent beside it, in order`, async () => {
    const version = { maxVersion }
    assert.deepEqual(await ask(asking, version), {})
    assert.deepEqual(await ask(asking, { ...version, ...identity(self) }), { shown: hashes(self) })
    const chained = { ...version, ...identity(leaf, middle, ca) }
    assert.deepEqual(await ask(asking, chained), { shown: hashes(leaf, middle, ca) })
    const cut = { ...version, ...identity(leaf, middle) }
    assert.deepEqual(await ask(asking, cut), { shown: hashes(leaf, middle) })
  })

  test(`MTLS-2 ${maxVersion}: a resumed session still knows what was sent beside it`, async () => {
    const chained = { maxVersion, ...identity(leaf, middle) }
    const session = await sessionOf(asking, chained)
    const { text, reused } = await resume(asking, { ...chained, session })
    assert.equal(reused, true)
    assert.match(text, new RegExp(JSON.stringify(hashes(leaf, middle)).replace(/[[\]]/g, '\\$&')))
  })
}

/** Opens a connection, sends a request, and gives the ticket that came. */
function sessionOf({ port }: Listener, more: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...more })
    socket.on('error', reject)
    socket.once('session', (session) => {
      socket.end()
      resolve(session)
    })
    socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
    socket.resume()
  })
}

async function resume(
  { port }: Listener,
  more: ConnectionOptions,
): Promise<{ readonly text: string; readonly reused: boolean }> {
  const socket: TLSSocket = connect({
    ...{ port, host: '127.0.0.1', rejectUnauthorized: false },
    ...more,
  })
  let reused = false
  socket.once('secureConnect', () => {
    reused = socket.isSessionReused()
  })
  socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return { text, reused }
}

test('MTLS-2 whatever strangers show, a resumed session of a client still knows what was sent beside its certificate', async () => {
  const settings = { tlsClientCa: ca.pem } as Settings
  const vouched = vouchedBy(settings, () => Math.floor(Date.UTC(2030, 5) / 1000))
  const reader = certificateReader(vouched)
  const shows = (chain: readonly Issued[], reused = false): readonly string[] | undefined => {
    const linked = chain.reduceRight<object | undefined>(
      (issuerCertificate, { der }) => ({ raw: der, issuerCertificate }),
      undefined,
    )
    const socket = { getPeerCertificate: () => linked ?? {}, isSessionReused: () => reused }
    return reader(socket as unknown as TLSSocket)?.map((der) => hash('sha256', der))
  }
  const resumed = (): readonly string[] | undefined => shows([leaf], true)
  assert.deepEqual(shows([leaf, middle]), hashes(leaf, middle))
  assert.deepEqual(resumed(), hashes(leaf, middle))
  const stranger = authority('Stranger')
  const keys = self
  for (let i = 0; i < 2100; i++)
    shows([issue({ subject: cn(`${i}`), issuer: stranger, keys }), stranger])
  assert.deepEqual(resumed(), hashes(leaf, middle))
  // Whoever shows it again, and less beside it, takes nothing away.
  shows([leaf, stranger])
  assert.deepEqual(resumed(), hashes(leaf, middle))
})

test('MTLS-2 a certificate that is larger than is looked at is told of, with no bytes of it, and no other in its place', async () => {
  const filler = extension('2a0304', Buffer.alloc(40_000))
  const large = issue({ subject: cn('large'), issuer: middle, extra: [filler] })
  const nothing = hash('sha256', Buffer.alloc(0))
  assert.deepEqual(await ask(asking, identity(large, middle)), { shown: [nothing] })
  assert.deepEqual(await ask(asking, identity(leaf, large)), { shown: hashes(leaf) })
})

test('MTLS-2 a server that does not ask sees none', async () => {
  assert.deepEqual(await ask(await listening(false), identity(self)), {})
})

test('K-8 through a trusted proxy, its own certificate is not the client’s', async () => {
  const behind = await listening(true, ['127.0.0.1'])
  assert.deepEqual(await ask(behind, identity(self), 'localhost'), { proxied: true })
  const elsewhere = await listening(true, ['192.0.2.1'])
  assert.deepEqual(await ask(elsewhere, identity(self), 'localhost'), { shown: hashes(self) })
})

test('MTLS-2 whoever shows a certificate has its key: another one’s is no connection', async () => {
  const key = self.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await assert.rejects(async () => ask(asking, { cert: leaf.pem, key }))
})
