import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signer } from '../../../test/assertion.ts'
import { assertion, goodClaims, proof, signer } from '../../../test/assertion.ts'
import { postWith, request, worldOf } from '../../../test/mtls.ts'
import { authority, cn, issue } from '../../../test/pki.ts'
import { post, register } from '../../../test/register.ts'
import type { Json } from '../../base/json.ts'
import { importSigningKey } from '../../jose/jwk.ts'

const ca = authority('CA')
const w = await worldOf([ca])
const { issuer } = await w.realm()
const now = w.clock.now

const certified = issue({ subject: cn('c'), issuer: ca })
const past = issue({ subject: cn('c'), years: [2020, 2021] })

/** Signs with the key of a certificate, which has no `kid`. */
function signerOf({ privateKey }: typeof certified): Signer {
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256' } as Record<string, string>
  const imported = importSigningKey(jwk)
  if (!imported.ok) throw new Error(imported.reason)
  return { key: imported.key, jwk }
}

function located(keys: Readonly<Record<string, Json>>, method = 'private_key_jwt'): Promise<void> {
  return register(w, 'c', {
    advanced: { tokenEndpointAuthMethod: method },
    keys: { publicKeyLocation: 'x509', tokenEndpointAuthSigningAlgorithm: 'ES256', ...keys },
  })
}

async function pushed(by: Signer, kid?: string): Promise<number> {
  const header = kid === undefined ? {} : { kid }
  const form = { ...request, ...proof(assertion(by, goodClaims('c', issuer, now), header)) }
  return (await post(w, '/par', form)).status
}

const spki = certified.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const places: [what: string, clientJwtPublicKey: string, by: typeof certified][] = [
  ['a certificate', certified.pem, certified],
  ['a certificate whose time is over: its registration vouches for the key', past.pem, past],
  ['a bare public key', spki, certified],
]
for (const [what, clientJwtPublicKey, by] of places) {
  test(`PingAM: publicKeyLocation x509: ${what}`, async () => {
    await located({ clientJwtPublicKey })
    assert.equal(await pushed(signerOf(by)), 201)
    assert.equal(await pushed(await signer('ES256')), 400)
  })

  test(`RFC 7515 §4.1.4 publicKeyLocation x509: a kid is a hint, ${what}`, async () => {
    await located({ clientJwtPublicKey })
    assert.equal(await pushed(signerOf(by), 'any-name'), 201)
    assert.equal(await pushed(await signer('ES256'), 'any-name'), 400)
  })
}

test('J-1 what cannot be read there verifies nothing', async () => {
  for (const clientJwtPublicKey of ['', 'x', certified.pem.slice(0, -40), spki.slice(0, -40)]) {
    await located({ clientJwtPublicKey })
    assert.equal(await pushed(signerOf(certified)), 400)
  }
})

test('PAR-4 only the place that is named counts', async () => {
  const jwkSet = JSON.stringify({ keys: [certified.publicKey.export({ format: 'jwk' })] })
  await located({ publicKeyLocation: 'jwks', jwkSet, clientJwtPublicKey: past.pem })
  assert.equal(await pushed(signerOf(certified)), 201)
  assert.equal(await pushed(signerOf(past)), 400)
  await located({ jwkSet, clientJwtPublicKey: past.pem })
  assert.equal(await pushed(signerOf(certified)), 400)
  assert.equal(await pushed(signerOf(past)), 201)
})

test('MTLS-5 the certificate there proves a client too, and a bare key every certificate about it', async () => {
  const renewed = issue({ subject: cn('c'), keys: certified })
  const form = { ...request, client_id: 'c' }
  for (const [clientJwtPublicKey, status] of [
    [certified.pem, 400],
    [spki, 201],
  ] as const) {
    await located({ clientJwtPublicKey }, 'self_signed_tls_client_auth')
    assert.equal((await postWith(w, '/par', form, [certified])).status, 201)
    assert.equal((await postWith(w, '/par', form, [renewed])).status, status)
    assert.equal((await postWith(w, '/par', form, [past])).status, 400)
  }
})
