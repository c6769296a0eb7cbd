import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import type { Signer } from '../../../test/assertion.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { redirect_uri, register } from '../../../test/register.ts'
import { accountAssertion, serviceAccount, tokenUrl } from '../../../test/service-account.ts'
import { undelayed } from '../../../test/undelayed.ts'
import { base, challenge, requestOf, type World, world } from '../../../test/world.ts'
import { jwtBearerGrant } from '../../protocol/grant-type.ts'

const accepted = 1_800_000_000
const key = await signer('ES256')

const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

const granting = {
  grant_type: jwtBearerGrant,
  client_id: 'service-account',
  scope: 'fr:am:*',
}

/** How somebody asks, always from one address, who says in an assertion neither when it was made nor from when on it is good. */
interface Asking {
  /** The status of one call; `by`: what becomes of the assertion before it is sent. */
  readonly ask: (by?: (text: string) => string) => Promise<number>
  /** Seconds from then until its end. */
  readonly life: number
  readonly good: number
}

async function client(w: World, by: Signer): Promise<Asking> {
  await register(w, 'c', {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(by),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
  })
  const { issuer } = await w.realm()
  return {
    ...{ life: 60, good: 201 },
    async ask(made = (text) => text) {
      const claims = { ...goodClaims('c', issuer, w.clock.now), iat: undefined }
      const form = { ...request, ...proof(made(assertion(by, claims))) }
      return (await w.serve(requestOf('POST', `${base}/par`, { form }))).status
    },
  }
}

async function account(w: World): Promise<Asking> {
  const made = await serviceAccount(w, ['fr:am:*'])
  return {
    ...{ life: 180, good: 200 },
    async ask(by = (text) => text) {
      const form = { ...granting, assertion: by(accountAssertion(w, made)) }
      return (await w.serve(requestOf('POST', tokenUrl, { form }))).status
    },
  }
}

for (const [who, asking] of Object.entries({
  'a client': (w: World) => client(w, key),
  'a service account': account,
})) {
  test(`K-4, C-34 after a store was accepted ${who} is refused while an assertion may be from before, and not held off for it`, async () => {
    const w = await world({ accepted })
    const { ask, life, good } = await asking(w)
    const statuses = await Promise.all(Array.from({ length: 60 }, () => ask()))
    assert.deepEqual(new Set(statuses), new Set([400]))
    w.clock.now = accepted + 3600 + 30 - life
    assert.equal(await ask(), 400)
    w.clock.now += 1
    assert.equal(await ask(), good)
  })

  test(`C-34 after a store was accepted tries of others at ${who} count as ever`, async () => {
    const w = await world({ accepted })
    const { ask } = await asking(w)
    const statuses = await undelayed(() =>
      Promise.all(Array.from({ length: 60 }, () => ask((text) => altered(text, -5)))),
    )
    assert.equal(statuses.filter((status) => status === 429).length, 40)
  })
}
