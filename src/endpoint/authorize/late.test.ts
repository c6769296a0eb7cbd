import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import { codeFor, redeem, refresh, tokensFor } from '../../../test/flow.ts'
import { late } from '../../../test/late-store.ts'
import { bodyOf, push, pushForm, world } from '../../../test/world.ts'

test('house: on shelves that answer later a push ends in tokens, a code redeems once, and settings hold from the next request on', async () => {
  const w = await world({ settings: late, records: late })
  const code = await codeFor(w)
  assert.equal((await redeem(w, code)).status, 200)
  assert.equal((await redeem(w, code)).status, 400, 'spent')
  const { refresh_token } = await tokensFor(w, { scope: 'openid profile' })
  assert.equal((await refresh(w, String(refresh_token))).status, 200)
  assert.equal(bodyOf(await push(w, pushForm())).expires_in, 90)
  await amendRealm(w, { advancedOAuth2Config: { parRequestUriLifetime: 7 } })
  assert.equal(bodyOf(await push(w, pushForm())).expires_in, 7)
})
