import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findByUsername } from '../../../src/user/end-user.ts'
import { noteOf } from '../../../src/user/notes.ts'
import { ask, oauth2, open, refreshParameters } from '../../party.ts'
import { called } from '../../race/journey/of-world.ts'
import { begun, next, step } from '../../race/journey/steps.ts'
import { jsonOf, type Wire } from '../../wire.ts'
import { layOut, serverOn } from '../fixture.ts'
import { noted, readFixture } from './kept.ts'

const fixture = readFixture()

async function opened(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), 'parapet-upgrade-'))
  layOut(fixture, data)
  const server = await serverOn(data, fixture.at + 1)
  t.after(async () => {
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  const realm = await server.realm()
  const user = async () => {
    const found = await findByUsername(realm, 'demo')
    assert.ok(found !== undefined)
    return found
  }
  return { w: called(server.serve) as Wire, user }
}

test('house: what journeys left in a data directory is gone on with: under way, suspended, remembered, noted', async (t) => {
  const { w, user } = await opened(t)
  assert.equal(noteOf(await user(), 'loginCount'), 1)
  assert.equal(noteOf(await user(), 'deviceProfiles')?.length, 1)
  assert.match((await noted(w, fixture.underWay)).cookie, /^session-jwt=./)
  assert.equal(noteOf(await user(), 'loginCount'), 2)
  const resumed = await next(step(w, { suspendedId: fixture.suspendedId }))
  assert.ok((await next(step(w, {}, resumed, 'Ch4ng31t'))).tokenId)
  assert.equal((await step(w, { suspendedId: fixture.suspendedId })).status, 401)
  const withCookie: Wire = {
    ...w,
    call: (method, path, sent) => w.call(method, path, { ...sent, cookie: fixture.cookie }),
  }
  assert.ok((await next(step(withCookie, begun('Remembered')))).tokenId)
  assert.equal((await step(w, begun('Remembered'))).status, 401)
})

test('house: a session that a journey made and a token to which a script added something are as they were', async (t) => {
  const { w } = await opened(t)
  const headers = { iplanetdirectorypro: fixture.session, 'accept-api-version': 'resource=4.0' }
  const at = '/am/json/realms/root/realms/alpha/sessions?_action=validate'
  assert.equal(jsonOf(await w.call('POST', at, { headers })).valid, true)
  const query = new URLSearchParams({ access_token: fixture.access_token })
  const told = jsonOf(await w.call('GET', `${oauth2}/tokeninfo?${query}`))
  assert.equal(told.added, 'here')
  const tokens = await ask(w, open, '/access_token', refreshParameters(fixture.refresh_token))
  assert.ok(jsonOf(tokens).access_token)
})
