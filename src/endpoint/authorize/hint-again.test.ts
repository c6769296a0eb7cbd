import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { amend } from '../../../test/amend.ts'
import { isConsentPage, isLogin, person, slimUrl, tokensFor } from '../../../test/flow.ts'
import { base, pushed, world } from '../../../test/world.ts'
import { encodeForm } from '../../base/form.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'

const w = await world()
const call = await administrator(w)
const sub = randomUUID()

/** An account of that id, in place of the one before. */
async function made(username: string): Promise<EndUser> {
  w.clock.now += 5
  await call('DELETE', `/users/${sub}`)
  const put = await call('PUT', `/users/${sub}`, { username, userpassword: 'Ch4ng31t-x' })
  assert.equal(put.status, 201, String(put.body))
  w.clock.now += 5
  return (await findEndUser(await w.realm(), sub)) ?? assert.fail()
}

for (const subjectType of ['public', 'pairwise'])
  test(`C-37 an ID token of an account that is gone is no hint at one made under its id, for ${subjectType} subjects`, async () => {
    await amend(w, 'myClient', { coreOpenIDClientConfig: { subjectType } })
    const before = await person(w, { user: await made('ann') })
    const old = String((await tokensFor(w, { scope: 'openid' }, before)).id_token)
    const after = await person(w, { user: await made('bob') })
    const own = String((await tokensFor(w, { scope: 'openid' }, after)).id_token)
    const hinted = async (id_token_hint: string) =>
      after.get(slimUrl(await pushed(w, { id_token_hint })))
    assert.ok(isLogin(await hinted(old)))
    assert.ok(isConsentPage(await hinted(own)))
    // Nor does it end the session of that one.
    const ends = (id_token_hint: string) =>
      after.get(`${base}/connect/endSession?${encodeForm([['id_token_hint', id_token_hint]])}`)
    await ends(old)
    assert.ok(after.cookies.has('iPlanetDirectoryPro'))
    assert.ok(isConsentPage(await hinted(own)))
    await ends(own)
    assert.ok(!after.cookies.has('iPlanetDirectoryPro'))
  })
