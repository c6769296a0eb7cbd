import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../../test/administrator.ts'
import { administrator } from '../../../test/administrator.ts'
import { issue } from '../../../test/pki.ts'
import { elsewhere } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { ClientRecord } from '../../client/registration.ts'
import { readClient } from '../../client/registration.ts'

const list = '/realm-config/agents/OAuth2Client'
const url = `${list}/c`
const redirect_uri = 'https://a.example/cb'
const first = 'f1rst-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWqE'
const second = 's3c0nd-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWq'
const third = 't4ird-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWqE'

async function setup(): Promise<{ w: World; call: Call; put: (more?: Wish) => Promise<void> }> {
  const w = await world()
  const call = await administrator(w)
  return { w, call, put: (more = {}) => put(call, more) }
}

interface Wish {
  readonly secret?: string
  readonly overlap?: number
  readonly advanced?: object
  readonly keys?: object
}

async function put(call: Call, { secret, overlap, advanced, keys }: Wish): Promise<void> {
  const response = await call('PUT', url, {
    coreOAuth2ClientConfig: {
      redirectionUris: [redirect_uri],
      scopes: ['write'],
      ...(secret !== undefined && { userpassword: secret }),
    },
    ...(overlap !== undefined && { parapetClientConfig: { previousSecretLifetime: overlap } }),
    ...(advanced !== undefined && { advancedOAuth2ClientConfig: advanced }),
    ...(keys !== undefined && { signEncOAuth2ClientConfig: keys }),
  })
  assert.ok(response.status < 300, String(response.body))
}

/** Which of these secrets a push is accepted with. */
async function good(w: World, ...secrets: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const secret of secrets) {
    const headers = { authorization: basic('c', secret) }
    const form = pushForm({ redirect_uri })
    const http = elsewhere(requestOf('POST', `${base}/par`, { form, headers }))
    if ((await w.serve(http)).status === 201) found.push(secret)
  }
  return found
}

async function record(w: World): Promise<ClientRecord> {
  const stored = await readClient(await w.realm(), 'c')
  assert.ok(stored)
  return stored.record
}

test('C-27 without an overlap a new secret ends the old one at once', async () => {
  const { w, put: change } = await setup()
  await change({ secret: first })
  await change({ secret: second })
  assert.deepEqual(await good(w, first, second), [second])
})

test('C-27 with an overlap both work until it has passed, two at most', async () => {
  const { w, put: change } = await setup()
  await change({ secret: first, overlap: 1000 })
  await change({ secret: second, overlap: 1000 })
  assert.deepEqual(await good(w, first, second), [first, second])
  w.clock.now += 999
  assert.deepEqual(await good(w, first, second), [first, second])
  w.clock.now += 1
  assert.deepEqual(await good(w, first, second), [second])
  await change({ secret: third, overlap: 1000 })
  assert.deepEqual(await good(w, first, second, third), [second, third])
  await change({ secret: first, overlap: 1000 })
  assert.deepEqual(await good(w, first, second, third), [first, third])
})

test('C-27 a chosen secret goes on and ends just so, although it is remembered', async () => {
  const { w, put: change } = await setup()
  await change({ secret: 'old words', overlap: 60 })
  await change({ secret: 'new words', overlap: 60 })
  assert.deepEqual(await good(w, 'old words', 'new words'), ['old words', 'new words'])
  w.clock.now += 60
  assert.deepEqual(await good(w, 'old words', 'new words'), ['new words'])
})

test('C-27 the same secret again is no rotation, other changes leave both, no overlap ends the older', async () => {
  const { w, call, put: change } = await setup()
  for (const [one, two] of [
    [first, second],
    ['old words', 'new words'],
  ] as const) {
    await call('DELETE', url)
    await change({ secret: one, overlap: 1000 })
    await change({ secret: two, overlap: 1000 })
    await change({ secret: two, overlap: 1000 })
    assert.deepEqual(await good(w, one, two), [one, two])
    await change({ overlap: 60 })
    assert.deepEqual(await good(w, one, two), [one, two])
    await change()
    assert.deepEqual(await good(w, one, two), [two])
  }
})

test('C-27 what is read can be put back, and says nothing of secrets', async () => {
  const { w, call, put: change } = await setup()
  await change({ secret: first, overlap: 1000 })
  await change({ secret: second, overlap: 1000 })
  const read = await call('GET', url)
  assert.ok(!/sha256|until/.test(String(read.body)))
  assert.equal((await call('PUT', url, bodyOf(read))).status, 200)
  assert.deepEqual(await good(w, first, second), [first, second])
})

test('C-27 copies are kept while a symmetric method is registered, and no longer', async () => {
  const { w, put: change } = await setup()
  const copies = async (): Promise<readonly unknown[]> =>
    (await record(w)).secrets.map(({ symmetric }) => symmetric)
  const mac = {
    advanced: { tokenEndpointAuthMethod: 'client_secret_jwt' },
    keys: { tokenEndpointAuthSigningAlgorithm: 'HS256' },
  }
  await change({ secret: first, overlap: 60 })
  assert.deepEqual(await copies(), [undefined])
  await change({ secret: first, overlap: 60, ...mac })
  assert.deepEqual(await copies(), [first])
  await change({ secret: second, overlap: 60, ...mac })
  assert.deepEqual(await copies(), [second, first])
  await change({ overlap: 60 })
  assert.deepEqual(await copies(), [undefined, undefined])
  assert.deepEqual(await good(w, first, second), [first, second])
})

test('PingAM: rest-api-oauth2-client what a client proves itself by is registered, read, listed and put back', async () => {
  const { call } = await setup()
  const { pem } = issue({})
  const rows: [method: string, keys: object, own: object][] = [
    ['tls_client_auth', { mTLSSubjectDN: 'CN=c,O=Shop' }, {}],
    ['tls_client_auth', {}, { tls_client_auth_san_dns: 'c.example' }],
    ['self_signed_tls_client_auth', { mTLSTrustedCert: pem }, {}],
  ]
  for (const [tokenEndpointAuthMethod, keys, own] of rows) {
    const body = {
      advancedOAuth2ClientConfig: { tokenEndpointAuthMethod },
      signEncOAuth2ClientConfig: keys,
      parapetClientConfig: own,
    }
    const put = await call('PUT', url, body)
    assert.ok(put.status < 300, String(put.body))
    const read = bodyOf(await call('GET', url))
    for (const [section, values] of Object.entries(body)) {
      for (const [name, value] of Object.entries(values)) {
        const shown = read[section] as Record<string, unknown>
        assert.deepEqual(shown[name], { inherited: false, value })
      }
    }
    const again = await call('PUT', url, read)
    assert.deepEqual({ ...bodyOf(again), _rev: read._rev }, read)
    const { result } = bodyOf(await call('GET', `${list}?_queryFilter=true`)) as {
      result: Record<string, Record<string, unknown>>[]
    }
    const listed = result.find(({ _id }) => (_id as unknown) === 'c')
    assert.equal(
      listed?.advancedOAuth2ClientConfig?.tokenEndpointAuthMethod,
      tokenEndpointAuthMethod,
    )
  }
  const two = {
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'tls_client_auth' },
    signEncOAuth2ClientConfig: { mTLSSubjectDN: 'CN=c' },
    parapetClientConfig: { tls_client_auth_san_ip: '10.0.0.1' },
  }
  assert.equal((await call('PUT', url, two)).status, 400)
})
