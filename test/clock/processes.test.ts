import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../assertion.ts'
import { administrator, oauth2, pushParameters } from '../party.ts'
import type { Wire } from '../wire.ts'
import { callback } from '../world.ts'
import { baseUrl, child, directory, type Server, serve } from './servers.ts'

const hour = 3600
const es256 = await signer('ES256')

/** Far more than the tests take, so that none waits for ever. */
const limit = { timeout: 120_000 }

async function accept(t: TestContext, data: string, offset: number): Promise<void> {
  const [code] = await once(child(t, {}, data, '0', baseUrl, String(offset), 'accept'), 'exit')
  assert.equal(code, 0)
}

async function registerAsserting(w: Wire): Promise<void> {
  const administer = await administrator(w)
  const answer = await administer('PUT', '/agents/OAuth2Client/asserts', {
    coreOAuth2ClientConfig: { redirectionUris: [callback], scopes: ['openid', 'profile', 'write'] },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
  })
  assert.ok(answer.status < 300, answer.text)
}

/** An assertion of a client whose clock is right, or off by so many seconds. */
function asserted(offset = 0): Record<string, string> {
  const at = Math.floor(Date.now() / 1000) + offset
  return proof(assertion(es256, { ...goodClaims('asserts', baseUrl + oauth2, at), exp: at + hour }))
}

async function pushes({ w }: Server, by: Record<string, string>): Promise<boolean> {
  const { status } = await w.call('POST', `${oauth2}/par`, { form: { ...pushParameters, ...by } })
  return status === 201
}

test(
  'P-17 two servers on one store, the clock of one set forward, accepted and set back: one assertion is one use, and the other server notices nothing',
  limit,
  async (t) => {
    const data = directory(t)
    const one = await serve(t, data, 0)
    await registerAsserting(one.w)
    const other = await serve(t, data, 0)
    const used = asserted()
    assert.equal(await pushes(one, used), true)
    one.set(2 * hour)
    await one.told('clock.jumped')
    assert.equal(await pushes(one, used), false)
    assert.equal(await pushes(one, asserted()), true, 'the jump is not believed')
    await accept(t, data, 2 * hour)
    await one.told('clock.accepted')
    assert.equal(await pushes(one, asserted(2 * hour)), true, 'now it is')
    assert.equal(await pushes(one, asserted(-hour)), false)
    assert.equal(await pushes(other, asserted()), true, 'the other goes by its own clock')
    assert.equal(await pushes(other, used), false)
    one.set(0)
    await one.told('clock.set_back')
    assert.equal(await pushes(one, used), false)
    assert.equal(await pushes(one, asserted()), true)
    await one.stop()
    await other.stop()
  },
)

test(
  'P-17 a server that stopped under a wrong time and starts under the right one: what was used stays used, and nobody is locked out',
  limit,
  async (t) => {
    const data = directory(t)
    const before = await serve(t, data, 0)
    await registerAsserting(before.w)
    const used = asserted()
    assert.equal(await pushes(before, used), true)
    await before.stop()
    const wrong = await serve(t, data, 365 * 24 * hour)
    assert.equal(await pushes(wrong, used), false)
    await wrong.stop()
    const right = await serve(t, data, 0)
    assert.equal(await pushes(right, used), false)
    assert.equal(await pushes(right, asserted()), true)
    await right.stop()
  },
)

test(
  'P-17 a server that starts far behind its last run goes on from there until it is told',
  limit,
  async (t) => {
    const data = directory(t)
    const before = await serve(t, data, 0)
    await registerAsserting(before.w)
    await before.stop()
    const behind = await serve(t, data, -48 * hour)
    await behind.told('clock.behind')
    assert.equal(await pushes(behind, asserted()), true)
    assert.equal(await pushes(behind, asserted(-48 * hour)), false)
    await accept(t, data, -48 * hour)
    await behind.told('clock.accepted')
    assert.equal(await pushes(behind, asserted(-48 * hour)), true)
    await behind.stop()
  },
)
