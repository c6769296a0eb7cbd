import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { amendRealm } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import { everyJweAlg, everyJweEnc, wrap } from '../../../test/jwe.ts'
import {
  objectClaims,
  publishedKey,
  pushObject,
  pushSymmetric,
  refusedObject,
  registerSigner,
  registerSymmetric,
  sealed,
  secretSigner,
  signed,
  storedOf,
} from '../../../test/request-object.ts'
import { bodyOf, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { jweAlgorithms } from '../../jose/algorithm.ts'
import { readKeys } from '../../realm/key/keys.ts'
import { rotateRealms } from '../../realm/key/rotation.ts'

const w = await world()
const es256 = await signer('ES256')
await registerSigner(w, 'signs', [es256])

const object = (client_id = 'signs') => signed(es256, objectClaims(w, client_id))

for (const alg of everyJweAlg) {
  test(`JAR-4, RFC 9126 §3 signed, then encrypted by ${alg}, with every enc`, async () => {
    const symmetric = jweAlgorithms[alg].kty === 'oct'
    for (const enc of everyJweEnc) {
      const keys = {
        requestParameterEncryptedAlg: alg,
        requestParameterEncryptedEncryptionAlgorithm: enc,
      }
      if (symmetric) {
        await registerSymmetric(w, 'shares', keys)
        const token = signed(secretSigner('HS256'), objectClaims(w, 'shares'))
        const request = await storedOf(
          w,
          await pushSymmetric(w, 'shares', await sealed(w, token, alg, enc)),
        )
        assert.equal(request.signed_by, 'secret')
      } else {
        for (const registered of [keys, {}]) {
          const id = `${alg} ${enc} ${JSON.stringify(registered).length}`
          await registerSigner(w, id, [es256], { keys: registered })
          const token = await sealed(w, object(id), alg, enc)
          const request = await storedOf(w, await pushObject(w, id, token))
          assert.equal(request.signed_by, es256.key.verifying.thumbprint)
        }
      }
    }
  })
}

test('OIDC Registration §2 another alg or enc than the registered one is refused, none at all is not', async () => {
  await registerSigner(w, 'picky', [es256], {
    keys: {
      requestParameterEncryptedAlg: 'ECDH-ES',
      requestParameterEncryptedEncryptionAlgorithm: 'A256GCM',
    },
  })
  const token = object('picky')
  await storedOf(w, await pushObject(w, 'picky', await sealed(w, token, 'ECDH-ES', 'A256GCM')))
  await storedOf(w, await pushObject(w, 'picky', token))
  for (const [alg, enc] of [
    ['ECDH-ES', 'A128GCM'],
    ['RSA-OAEP-256', 'A256GCM'],
    ['ECDH-ES+A128KW', 'A256GCM'],
  ] as const) {
    refusedObject(await pushObject(w, 'picky', await sealed(w, token, alg, enc)))
  }
})

test('C-27 a secret that is only kept as a hash decrypts nothing', async () => {
  for (const alg of ['A128KW', 'dir'] as const) {
    refusedObject(await pushObject(w, 'signs', await sealed(w, object(), alg, 'A128GCM')))
  }
})

const both = (now: number) => ({ past: now, now })

test('META-4 a key that was replaced opens what was encrypted to it before, and later nothing', async () => {
  const own = await world({ alpha: { parapetConfig: { encryptionKeyDays: 1 } } })
  await registerSigner(own, 'signs', [es256])
  const day = 86_400
  const at = own.clock.now
  const token = (): string => signed(es256, objectClaims(own, 'signs'))
  const old = await Promise.all(
    (['RSA-OAEP', 'ECDH-ES'] as const).map(async (alg) => ({
      alg,
      key: await publishedKey(own, alg),
    })),
  )
  const push = async (alg: (typeof old)[number]): Promise<number> => {
    const header = { alg: alg.alg, enc: 'A256GCM', kid: alg.key.kid, cty: 'JWT' }
    return (await pushObject(own, 'signs', await wrap(token(), alg.key, header))).status
  }
  await rotateRealms(own.settings, both(at + day))
  for (const each of old) {
    assert.notEqual((await publishedKey(own, each.alg)).kid, each.key.kid)
    assert.equal(await push(each), 201, 'still under way')
    const now = await sealed(own, token(), each.alg, 'A256GCM')
    assert.equal((await pushObject(own, 'signs', now)).status, 201)
  }
  for (let i = 2; i <= 33; i++) await rotateRealms(own.settings, both(at + i * day))
  for (const each of old) assert.equal(await push(each), 400, 'a month later')
  const { decrypting } = await readKeys(own.settings, '/alpha')
  assert.equal(new Set(decrypting.map(({ kid }) => kid)).size, decrypting.length)
})

test('META-4 keys are replaced under load: no push of whoever read the key set is refused', async () => {
  const own = await world({ alpha: { parapetConfig: { encryptionKeyDays: 1 } } })
  await registerSigner(own, 'signs', [es256])
  const at = own.clock.now
  let rotating = true
  let pushes = 0
  const sender = async (alg: 'RSA-OAEP' | 'ECDH-ES'): Promise<void> => {
    while (rotating) {
      const token = await sealed(
        own,
        signed(es256, objectClaims(own, 'signs')),
        alg,
        'A128CBC-HS256',
      )
      const response = await pushObject(own, 'signs', token)
      assert.equal(response.status, 201, String(response.body))
      pushes += 1
    }
  }
  const senders = (['RSA-OAEP', 'ECDH-ES', 'RSA-OAEP', 'ECDH-ES'] as const).map(sender)
  for (let i = 1; i <= 5; i++) await rotateRealms(own.settings, both(at + i * 86_400))
  rotating = false
  await Promise.all(senders)
  assert.ok(pushes >= 4)
  assert.equal((await readKeys(own.settings, '/alpha')).decrypting.length, 2 * 6)
})

test('PingAM: services-configuration a realm narrows what it takes', async () => {
  const own = await world()
  await registerSigner(own, 'signs', [es256])
  const token = signed(es256, objectClaims(own, 'signs'))
  const good = await sealed(own, token, 'RSA-OAEP-256', 'A256GCM')
  await storedOf(own, await pushObject(own, 'signs', good))
  const narrow = async (name: string, value: readonly string[]): Promise<number> => {
    await amendRealm(own, { advancedOIDCConfig: { [name]: value } })
    return (await pushObject(own, 'signs', good)).status
  }
  assert.equal(await narrow('supportedRequestParameterEncryptionAlgorithms', ['dir']), 400)
  assert.equal(
    await narrow('supportedRequestParameterEncryptionAlgorithms', ['RSA-OAEP-256', 'RSA1_5']),
    201,
  )
  assert.equal(await narrow('supportedRequestParameterEncryptionEnc', ['A128GCM']), 400)
  assert.equal(await narrow('supportedRequestParameterEncryptionEnc', ['A256GCM']), 201)
  assert.equal(await narrow('supportedRequestParameterSigningAlgorithms', ['RS256', 'none']), 400)
  assert.equal(await narrow('supportedRequestParameterSigningAlgorithms', ['ES256']), 201)
})

test('PingAM: rest-api-oauth2-client-admin-endpoint what a client registers of request objects is checked', async () => {
  const call = await administrator(await world())
  const url = '/realm-config/agents/OAuth2Client/jar'
  const put = async (keys: JsonObject, userpassword: string | null = null) => {
    const core = { redirectionUris: ['https://rp.example/cb'], userpassword }
    const body = { coreOAuth2ClientConfig: core, signEncOAuth2ClientConfig: keys }
    return bodyOf(await call('PUT', url, body))
  }
  const problems = async (keys: JsonObject, userpassword?: string): Promise<readonly string[]> => {
    const { detail } = (await put(keys, userpassword)) as { detail?: { problems: string[] } }
    return (detail?.problems ?? []).map((problem) => problem.split(':')[0] as string)
  }
  const section = 'signEncOAuth2ClientConfig'
  for (const [name, values] of [
    ['requestParameterSignedAlg', ['none', 'RS1', 'HS128']],
    ['requestParameterEncryptedAlg', ['RSA1_5', 'PBES2-HS256+A128KW', 'A128GCMKW']],
    ['requestParameterEncryptedEncryptionAlgorithm', ['A64GCM', 'none']],
  ] as const) {
    for (const value of values) {
      assert.deepEqual(await problems({ [name]: value }), [`${section}.${name}`], value)
    }
  }
  const secret = ['coreOAuth2ClientConfig.userpassword']
  assert.deepEqual(await problems({ requestParameterSignedAlg: 'HS512' }, 'x'.repeat(63)), secret)
  assert.deepEqual(await problems({ requestParameterSignedAlg: 'HS512' }, 'x'.repeat(64)), [])
  assert.deepEqual(
    await problems({ requestParameterEncryptedAlg: 'A256KW' }, 'x'.repeat(31)),
    secret,
  )
  assert.deepEqual(await problems({ requestParameterSignedAlg: 'ES256' }), [])
  assert.deepEqual(await problems({ requestParameterSignedAlg: 'HS256' }), secret, 'kept no more')
})
