import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { never } from '../store/store.ts'
import { grantExpiry, tombstoneExpiry } from './lifetime.ts'
import type { Grant } from './record.ts'

const day = 86_400

function grant(changes: Partial<Grant>): Grant {
  const user = { sub: 'u', username: 'u', epoch: 0, sid: '', auth_time: 0 }
  const none = { ...user, scope: [], tokens: [], last: 0 }
  return { ...none, grant_type: 'authorization_code', ...changes }
}

test('C-2c a finished authorization is remembered for a day after its code, at most so many of them', async () => {
  const w = await world({ alpha: { parapetConfig: { tombstones: 3 } } })
  const realm = await w.realm()
  const now = w.clock.now
  const issued = grant({
    code: { by: now + 60, tries: 0, redirect_uri_sent: true, response_type: 'code', signed: false },
  })
  assert.equal(grantExpiry(realm, issued), now + 60 + day)
  assert.equal(tombstoneExpiry(realm, now + 10), now + 10 + day)
  assert.equal(tombstoneExpiry(realm, 0), now + day)
  assert.equal(grantExpiry(realm, issued), now + 60, 'one too many: until the code is over')
  assert.equal(tombstoneExpiry(realm, 0), now + 1)
  w.clock.now += day
  assert.equal(tombstoneExpiry(realm, 0), w.clock.now + day, 'another day')
})

test('C-2c what lives longer than a day anyway, and a client’s own grant, use up no place', async () => {
  const w = await world({ alpha: { parapetConfig: { tombstones: 1 } } })
  const realm = await w.realm()
  const now = w.clock.now
  const refresh = { n: 1, by: now + 604_800, rotated_at: 0 }
  const tokens = [{ n: 1, iat: now, by: now + 3600 }]
  assert.equal(grantExpiry(realm, grant({ refresh, tokens })), now + 604_800)
  assert.equal(grantExpiry(realm, grant({ refresh: { ...refresh, by: 0 } })), never)
  assert.equal(grantExpiry(realm, grant({ tokens, grant_type: 'client_credentials' })), now + 3600)
  assert.equal(grantExpiry(realm, grant({ grant_type: 'client_credentials' })), now + 1)
  assert.equal(grantExpiry(realm, grant({ tokens })), now + day, 'this one does')
  assert.equal(grantExpiry(realm, grant({ tokens })), now + 3600)
})
