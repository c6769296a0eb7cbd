import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../test/register.ts'
import { world } from '../../test/world.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import { accessTokenSigning, idTokenSigning } from './signing.ts'

test('C-11, F2 a client of fapi2 gets no token signed with RS256 or HS256, whatever was registered or set', async () => {
  for (const tokenSigningAlgorithm of ['RS256', 'HS256', 'PS256']) {
    const w = await world({ alpha: { advancedOAuth2Config: { tokenSigningAlgorithm } } })
    const realm = await w.realm()
    const algorithms = async (profile: string, registered: string): Promise<string[]> => {
      await register(w, 'it', { keys: { idTokenSignedResponseAlg: registered }, own: { profile } })
      const client = (await findClient(realm, 'it')) as Client
      return [
        (await idTokenSigning(realm, client)).alg,
        (await accessTokenSigning(realm, client)).alg,
      ]
    }
    const kept = tokenSigningAlgorithm === 'PS256' ? 'PS256' : 'ES256'
    assert.deepEqual(await algorithms('fapi2', 'RS256'), ['ES256', kept])
    assert.deepEqual(await algorithms('fapi2', 'PS256'), ['PS256', kept])
    assert.deepEqual(await algorithms('fapi2', 'Ed25519'), ['Ed25519', kept])
    assert.deepEqual(await algorithms('ping', 'RS256'), ['RS256', tokenSigningAlgorithm])
  }
})
