import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../../test/administrator.ts'
import { authenticator, passkeyOn } from '../../../../test/authenticator.ts'
import { person, somebody } from '../../../../test/flow.ts'
import { bodyOf, origin, world } from '../../../../test/world.ts'
import { createSession } from '../../../session/session.ts'
import { addPasskey } from '../../../user/factor/passkey.ts'

const version = { 'accept-api-version': 'protocol=1.0,resource=1.0' }
const w = await world()
const realm = await w.realm()
const { call: admin } = await caller(w, '/', ['admin'])
const device = authenticator(origin)
await addPasskey(realm, w.demo.sub, passkeyOn(device, w.demo.sub), 9)
const own = callWith(w, { iplanetdirectorypro: (await person(w)).session.token })
const path = `/users/${w.demo.sub}/devices/2fa/webauthn`

test('PingAM: rest-api-authentication-devices somebody’s passkeys, without their keys', async () => {
  for (const call of [own, admin]) {
    const answer = await call('GET', `${path}?_queryFilter=true`, undefined, version)
    const { result } = bodyOf(answer) as { result: readonly Record<string, unknown>[] }
    const [{ _rev, ...found } = {}, ...more] = result
    assert.equal(typeof _rev, 'string')
    assert.deepEqual(more, [])
    const { id: uuid, id: credentialId } = device
    const told = { _id: uuid, uuid, deviceName: 'Device', credentialId }
    assert.deepEqual(found, { ...told, deviceManagementStatus: false })
  }
  const stranger = await person(w, { user: await somebody(w) })
  const other = callWith(w, { iplanetdirectorypro: stranger.session.token })
  assert.equal((await other('GET', path, undefined, version)).status, 403)
  assert.equal((await admin('GET', `${path}/nothing`, undefined, version)).status, 404)
  const none = path.replace('webauthn', 'sms')
  assert.equal((await admin('GET', none, undefined, version)).status, 404)
})

test('PingAM: rest-api-authentication-devices a password alone takes no passkey away', async () => {
  const at = `${path}/${device.id}`
  assert.equal((await own('DELETE', at, undefined, version)).status, 403)
  const shown = { methods: ['WebAuthnAuthentication'] }
  const session = await createSession(realm, w.demo, 'Passkey', undefined, shown)
  const proven = callWith(w, { iplanetdirectorypro: session.token })
  for (const call of [proven, admin]) {
    const gone = await call('DELETE', at, undefined, version)
    assert.deepEqual([gone.status, bodyOf(gone)._id], [200, device.id])
    assert.equal((await call('DELETE', at, undefined, version)).status, 404)
    await addPasskey(realm, w.demo.sub, passkeyOn(device, w.demo.sub), 9)
  }
  assert.equal((await admin('PUT', at, {}, version)).status, 405)
})
