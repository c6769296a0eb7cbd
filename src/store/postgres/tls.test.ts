import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../../../test/certificate.ts'
import { needsPostgres, startPostgres } from '../../../test/stores/postgres.ts'
import { account } from '../../../test/stores/postgres-template.ts'
import { openOne, ownPlace } from './opened.suite.ts'

test(
  'postgres: TLS with verify-full is for the host that the certificate names, and for nobody else',
  needsPostgres(),
  async (t) => {
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
    const server = await startPostgres({
      config: { ssl: 'on', ssl_cert_file: ca, ssl_key_file: secret },
    })
    t.after(server.close)
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
