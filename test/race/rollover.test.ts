import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertion, goodClaims, keySet, proof, type Signer, signer } from '../assertion.ts'
import {
  type Administer,
  administrator,
  ask,
  oauth2,
  type Party,
  pushParameters,
  setProvider,
} from '../party.ts'
import { type RunningServer, startServer } from '../server.ts'
import { jsonOf, type Wire, wire } from '../wire.ts'
import { basic, callback } from '../world.ts'
import { assertAllGood, type More, underLoad } from './load.ts'

/** Key sets by path; undefined: the client's own server is ill. */
const published = new Map<string, string | undefined>()
const asked = new Map<string, number>()
const keyServer = createServer(({ url = '' }, response) => {
  asked.set(url, (asked.get(url) ?? 0) + 1)
  const set = published.get(url)
  response.writeHead(set === undefined ? 500 : 200).end(set)
})

/** Far more than the tests take, so that none waits for ever. */
const limit = { timeout: 120_000 }

let server: RunningServer | undefined
let w: Wire
let administer: Administer
let host: string

before(async () => {
  keyServer.listen(0, '127.0.0.1')
  await once(keyServer, 'listening')
  host = `127.0.0.1:${(keyServer.address() as AddressInfo).port}`
  server = await startServer({ demo: true })
  w = wire(Number(new URL(server.origin).port))
  administer = await administrator(w)
  await setProvider(administer, 'parapetConfig', 'jwksPrivateAddresses', [host])
})

// What never came up has nothing to close; what did must be closed all the same.
after(async () => {
  keyServer.closeAllConnections()
  keyServer.close()
  w?.close()
  assert.equal(await server?.stop(), 0)
  assert.deepEqual(server?.alarms, [])
})

async function put(client_id: string, sections: object): Promise<void> {
  const answer = await administer('PUT', `/agents/OAuth2Client/${client_id}`, sections)
  assert.ok(answer.status < 300, answer.text)
}

const core = { redirectionUris: [callback], scopes: ['openid', 'profile', 'write'] }

/** A client that signs with whatever key is its current one, and publishes what it is told to. */
async function signing(
  client_id: string,
  times: Readonly<Record<string, number>>,
): Promise<{ readonly party: Party; publish(...keys: Signer[]): void; use(key: Signer): void }> {
  const path = `/${client_id}`
  await put(client_id, {
    coreOAuth2ClientConfig: core,
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
    signEncOAuth2ClientConfig: {
      jwksUri: `http://${host}${path}`,
      tokenEndpointAuthSigningAlgorithm: 'ES256',
      ...times,
    },
  })
  let current = await signer('ES256')
  published.set(path, keySet(current))
  const claims = () => goodClaims(client_id, w.origin + oauth2, Math.floor(Date.now() / 1000))
  return {
    party: { client_id, proof: () => ({ form: proof(assertion(current, claims())) }) },
    publish: (...keys) => void published.set(path, keySet(current, ...keys)),
    use: (key) => {
      current = key
    },
  }
}

function pushing(
  party: Party,
  meanwhile: (more: More) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  return underLoad(() => ask(w, party, '/par', pushParameters), meanwhile)
}

test(
  'P-11 a key that is published and used at once, under load: no request fails',
  limit,
  async () => {
    const { party, publish, use } = await signing('hurried', {})
    const outcomes = await pushing(party, async (more) => {
      await more(20)
      const next = await signer('ES256')
      publish(next)
      use(next)
      await more(40)
    })
    assertAllGood(outcomes)
    assert.equal(asked.get('/hurried'), 2)
  },
)

test(
  'P-11 keys one after the other, each published a miss time before its use, under load: no request fails',
  limit,
  async () => {
    const { party, publish, use } = await signing('turning', { jwkStoreCacheMissCacheTime: 1000 })
    const outcomes = await pushing(party, async (more) => {
      for (let i = 0; i < 4; i++) {
        const next = await signer('ES256')
        publish(next)
        // The server counts whole seconds.
        await sleep(2000)
        use(next)
        await more(40)
      }
    })
    assertAllGood(outcomes)
  },
)

test(
  'P-11 keys that go stale while the client’s own server is ill now and then, under load: no request fails',
  limit,
  async () => {
    const { party } = await signing('stale', { jwksCacheTimeout: 1000 })
    const set = published.get('/stale')
    const begun = performance.now()
    const outcomes = await pushing(party, async (more) => {
      for (let i = 0; i < 4; i++) {
        await sleep(700)
        await more(20)
        published.set('/stale', i % 2 === 0 ? undefined : set)
      }
    })
    assertAllGood(outcomes)
    // The server counts whole seconds, and one may be the first and one the last.
    const most = (performance.now() - begun) / 1000 + 3
    assert.ok((asked.get('/stale') ?? 0) <= most, 'one fetch at a time, one a second')
  },
)

test(
  'C-27 secrets one after the other, each beside the one before, under load: no request fails',
  limit,
  async () => {
    let secret = 'S3cr3t-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWq0'
    const set = (userpassword: string): Promise<void> =>
      put('secretive', {
        coreOAuth2ClientConfig: { ...core, userpassword },
        parapetClientConfig: { previousSecretLifetime: 60 },
        advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'client_secret_basic' },
      })
    await set(secret)
    const party: Party = {
      client_id: 'secretive',
      proof: () => ({ headers: { authorization: basic('secretive', secret) } }),
    }
    const outcomes = await pushing(party, async (more) => {
      for (let i = 1; i <= 5; i++) {
        await more(20)
        const next = `${secret.slice(0, -1)}${i}`
        await set(next)
        await more(20)
        secret = next
      }
    })
    assertAllGood(outcomes)
    assert.deepEqual(jsonOf(await ask(w, party, '/par', pushParameters), 201).expires_in, 90)
  },
)
