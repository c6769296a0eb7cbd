import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticator } from '../../../../test/authenticator.ts'
import {
  all,
  dataIn,
  named,
  origin,
  outcomeOf,
  plain,
  registered,
  shown,
  turn,
} from '../../../../test/passkeys.ts'
import { oneMore } from '../../../../test/people.ts'
import { NodeError } from '../../journey.ts'
import { nodeValues } from '../../node-setting.ts'
import { emptyState, putShared, putTransient, valueIn } from '../../state.ts'
import { webAuthnAuthentication } from './authentication.ts'
import { webAuthnDeviceStorage } from './device-storage.ts'
import { webAuthnRegistration } from './registration.ts'
import { dataInScript } from './script.ts'

const anybody = { requiresResidentKey: true }

test('PingAM: a passkey whose user has none any more leads to noDevice, where the device says who that is', async () => {
  const device = authenticator(origin)
  await registered(device, anybody)
  const { sub } = await oneMore(all)
  device.userHandle = Buffer.from(sub).toString('base64url')
  assert.equal(outcomeOf(await shown(device, emptyState, anybody)), 'noDevice')
  device.userHandle = Buffer.from(crypto.randomUUID()).toString('base64url')
  assert.equal(outcomeOf(await shown(device, emptyState, anybody)), 'failure')
})

test('PingAM: whoever is nobody gets no passkey: failure, of the node that stores one as well', async () => {
  for (const state of [emptyState, named('nobody')]) {
    assert.equal(outcomeOf(await turn(webAuthnRegistration, plain, state)), 'failure')
    assert.equal(outcomeOf(await turn(webAuthnDeviceStorage, {}, state)), 'failure')
  }
})

test('PingAM: where a later node stores the device, that one says that there are too many', async () => {
  const state = await registered(authenticator(origin))
  const limited = { ...plain, maxSavedDevices: 1 }
  const postponed = { ...limited, postponeDeviceProfileStorage: true }
  const outcomes = async (settings: typeof limited) => {
    const values = nodeValues(webAuthnRegistration.settings, settings)
    const told = await webAuthnRegistration.outcomes(values, () => undefined)
    return told.map(({ id }) => id).includes('exceedDeviceLimit')
  }
  assert.deepEqual([await outcomes(limited), await outcomes(postponed)], [true, false])
  assert.equal(outcomeOf(await turn(webAuthnRegistration, limited, state)), 'exceedDeviceLimit')
  const device = authenticator(origin)
  const asked = await turn(webAuthnRegistration, postponed, state)
  const answer = { IDToken2: device.register(dataIn(asked)) }
  const made = await turn(webAuthnRegistration, postponed, state, asked, answer)
  assert.equal(outcomeOf(made), 'success')
  const stored = await turn(webAuthnDeviceStorage, { maxSavedDevices: 1 }, made.state)
  assert.equal(outcomeOf(stored), 'exceedDeviceLimit')
})

test('PingAM: an error of the client is told to later nodes by name and message, UnknownError where it has no name', async () => {
  const state = await registered(authenticator(origin))
  for (const [said, kept] of [
    ['ERROR::NotAllowedError:a:b', 'NotAllowedError:a:b'],
    ['ERROR::no colon', 'UnknownError:no colon'],
    ['ERROR:::nothing before it', 'UnknownError:nothing before it'],
    ['{"error":"NotAllowedError: as browsers say it"}', 'NotAllowedError: as browsers say it'],
    ['{"error":"no colon"}', 'UnknownError:no colon'],
  ] as const)
    for (const type of [webAuthnRegistration, webAuthnAuthentication]) {
      const asked = await turn(type, plain, state)
      const told = await turn(type, plain, state, asked, { IDToken2: said })
      assert.equal(outcomeOf(told), 'error')
      assert.equal(valueIn(told.state, 'WebAuthenticationDOMException'), kept)
    }
})

test('PingAM: webAuthnExtensions of the state are asked for, as data and by the script; what is no object is an error', async () => {
  const state = await registered(authenticator(origin))
  const extensions = { credProps: true }
  for (const told of [
    putShared(state, { webAuthnExtensions: extensions }),
    putTransient(state, { webAuthnExtensions: extensions }),
  ])
    for (const type of [webAuthnRegistration, webAuthnAuthentication]) {
      assert.deepEqual(dataIn(await turn(type, plain, told)).extensions, extensions)
      const asked = await turn(type, {}, told)
      const script = asked.kind === 'ask' ? String(asked.callbacks[0]?.output[0]?.value) : ''
      assert.deepEqual(dataInScript(script)?.extensions, extensions)
      assert.match(script, /extensions: data\.extensions/)
    }
  const odd = putShared(state, { webAuthnExtensions: ['credProps'] })
  for (const type of [webAuthnRegistration, webAuthnAuthentication])
    await assert.rejects(turn(type, plain, odd), NodeError)
})

test('T-3 a passkey whose use was noted, though nobody was told so, has counted no less when the same answer comes again', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const own = { ...plain, detectSignCountMismatch: true }
  const first = await turn(webAuthnAuthentication, own, state)
  const answer = { IDToken2: device.authenticate(dataIn(first)) }
  for (let times = 0; times < 3; times += 1)
    assert.equal(
      outcomeOf(await turn(webAuthnAuthentication, own, state, first, answer)),
      'success',
    )
  // A copy that has counted as far, and is asked anew.
  device.counter -= 1
  const other = await turn(webAuthnAuthentication, own, state)
  const copied = { IDToken2: device.authenticate(dataIn(other)) }
  for (let times = 0; times < 2; times += 1)
    assert.equal(
      outcomeOf(await turn(webAuthnAuthentication, own, state, other, copied)),
      'successSignCountMismatch',
    )
})
