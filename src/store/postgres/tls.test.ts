import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { selfSigned } from '../../../test/certificate.ts'
import { needsPostgres, type PostgresServer, startPostgres } from '../../../test/stores/postgres.ts'
import { account } from '../../../test/stores/postgres-template.ts'
import { never, type Shelf, StoreUnavailable } from '../store.ts'
import { openBoth, openOne, ownPlace, until } from './opened.suite.ts'

/** A server with a certificate of its own, whose file it gives. */
async function withCertificate(t: TestContext): Promise<{ server: PostgresServer; ca: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'parapet-postgres-tls-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const { uid, gid } = await account()
  chownSync(directory, uid, gid)
  // Its other name is 127.0.0.1.
  const { cert, key } = selfSigned('elsewhere.example')
  const [ca, secret] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')]
  writeFileSync(ca, cert)
  writeFileSync(secret, key, { mode: 0o600 })
  for (const file of [ca, secret]) chownSync(file, uid, gid)
  const config = { ssl: 'on', ssl_cert_file: ca, ssl_key_file: secret }
  const server = await startPostgres({ config })
  t.after(server.close)
  return { server, ca }
}

test(
  'postgres: TLS with verify-full is for the host that the certificate names, and for nobody else',
  needsPostgres(),
  async (t) => {
    const { server, ca } = await withCertificate(t)
    const opened = (host: string, query: string) =>
      openOne(t, ownPlace(server.url.replace('127.0.0.1', host), query), 'records')
    await assert.rejects(opened('localhost', `&sslrootcert=${ca}`), /altnames/)
    await assert.rejects(opened('127.0.0.1', '&sslmode=verify-full'), /self-signed/)
    const encrypted = `SELECT count(*) FROM pg_stat_ssl WHERE ssl`
    assert.equal(await server.query(encrypted), '0')
    await (await opened('127.0.0.1', `&sslrootcert=${ca}`)).get('k')
    await (await opened('localhost', '&sslmode=require')).get('k')
    assert.equal(await server.query(encrypted), '2')
  },
)

test(
  'postgres: sslmode=require asks the CA that is named, whatever host the certificate is for',
  needsPostgres(),
  async (t) => {
    const { server, ca } = await withCertificate(t)
    const { ca: other } = await withCertificate(t)
    const opened = (file: string) => {
      const place = server.url.replace('127.0.0.1', 'localhost')
      return openOne(t, ownPlace(place, `&sslmode=require&sslrootcert=${file}`), 'records')
    }
    await assert.rejects(opened(other), /self-signed|certificate/)
    await (await opened(ca)).get('k')
  },
)

test(
  'postgres: over TLS no end of a server ends the process, and it is served again without a restart',
  needsPostgres(),
  async (t) => {
    const { server, ca } = await withCertificate(t)
    const place = ownPlace(server.url, `&sslrootcert=${ca}`)
    const { records, settings } = await openBoth(t, place)
    let going = true
    const asking = async (): Promise<void> => {
      while (going) {
        await Promise.resolve(records.get('k')).catch((error: unknown) => {
          assert.ok(error instanceof StoreUnavailable)
        })
        await delay(2)
      }
    }
    const all = Promise.all([asking(), asking(), asking()])
    for (const end of [server.stop, server.kill, server.stop]) {
      await end()
      await delay(400)
      await server.restart()
      await until(() => write(settings, records))
    }
    server.signal('SIGSTOP')
    await assert.rejects(async () => records.get('k'), StoreUnavailable)
    server.signal('SIGCONT')
    await until(() => write(settings, records))
    going = false
    await all
  },
)

test(
  'postgres: sslmode=prefer does with a server that has no TLS, and require does not',
  needsPostgres(),
  async (t) => {
    const server = await startPostgres()
    t.after(server.close)
    const opened = (mode: string) => openOne(t, ownPlace(server.url, `&sslmode=${mode}`), 'records')
    await assert.rejects(opened('require'), /it does not speak TLS/)
    await (await opened('prefer')).get('k')
  },
)

/** Whether something can be written to both just now. */
async function write(...shelves: readonly Shelf[]): Promise<boolean> {
  const writes = shelves.map((shelf, i) => shelf.insert(`k${i}`, Buffer.alloc(1), never))
  return (await Promise.allSettled(writes)).every(({ status }) => status === 'fulfilled')
}
