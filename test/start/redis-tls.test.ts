import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSigned } from '../certificate.ts'
import { startServer } from '../server.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { freePorts } from '../wire.ts'

const PARAPET_KEY = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

test(
  'house: rediss: is Redis over TLS, and one whose certificate nobody vouches for is not used',
  needsRedis(),
  async (t) => {
    const { cert, key } = selfSigned('localhost')
    const [port = 0] = await freePorts(1)
    const redis = await startRedis({
      config: {
        ...{ port: '0', 'tls-port': String(port), 'tls-auth-clients': 'no' },
        ...{
          'tls-cert-file': 'cert.pem',
          'tls-key-file': 'key.pem',
          'tls-ca-cert-file': 'cert.pem',
        },
      },
      async prepare(directory) {
        await writeFile(join(directory, 'cert.pem'), cert)
        await writeFile(join(directory, 'key.pem'), key)
      },
    })
    t.after(() => redis.close())
    const env = { PARAPET_STORE: `rediss://localhost:${port}`, PARAPET_KEY }
    const vouched = { ...env, NODE_EXTRA_CA_CERTS: join(redis.directory, 'cert.pem') }
    const server = await startServer({ demo: false, env: vouched })
    const ready = await fetch(`${server.origin}/am/json/health/ready`)
    assert.equal(ready.status, 200)
    await server.stop()
    await assert.rejects(
      startServer({ demo: false, env }),
      /no Redis answers there: self-signed certificate/,
    )
  },
)
