import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedOf, authenticator } from '../../../../test/authenticator.ts'
import { journeys } from '../../../../test/journeys.ts'
import { all, dataIn, named, origin, outcomeOf, plain, turn } from '../../../../test/passkeys.ts'
import { oneMore } from '../../../../test/people.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { findEndUser, removeEndUser } from '../../../user/end-user.ts'
import { changeDevices } from '../../../user/factor/device.ts'
import { addPasskey, passkeysOf } from '../../../user/factor/passkey.ts'
import { webAuthnRegistration } from './registration.ts'

const { alpha } = all

/** What becomes of a registration on that device. */
async function register(device: ReturnType<typeof authenticator>, { username }: EndUser) {
  const asked = await turn(webAuthnRegistration, plain, named(username))
  const answer = { IDToken2: device.register(dataIn(asked)) }
  return outcomeOf(await turn(webAuthnRegistration, plain, named(username), asked, answer))
}

async function passkeysNow({ sub }: EndUser) {
  const user = await findEndUser(alpha, sub)
  return user === undefined ? [] : passkeysOf(user)
}

test('WebAuthn §7.1 a passkey that is registered is nobody else’s, nor the same account’s a second time', async () => {
  const [one, other] = [await oneMore(all), await oneMore(all)]
  const device = authenticator(origin)
  assert.equal(await register(device, one), 'success')
  for (const whose of [other, one]) assert.equal(await register(device, whose), 'failure')
  assert.deepEqual([(await passkeysNow(one)).length, (await passkeysNow(other)).length], [1, 0])
  assert.equal(await register(authenticator(origin), other), 'success')
})

test('WebAuthn §7.1 a passkey is free again once it, or its account, is removed', async () => {
  const device = authenticator(origin)
  const [first, second] = [await oneMore(all), await oneMore(all)]
  assert.equal(await register(device, first), 'success')
  await removeEndUser(alpha, (await findEndUser(alpha, first.sub)) as EndUser)
  assert.equal(await register(device, second), 'success')
})

test('WebAuthn §7.1 of all who come with one passkey at once no two keep it', async () => {
  for (let i = 0; i < 5; i += 1) {
    const users = await Promise.all(Array.from({ length: 4 }, () => oneMore(all)))
    const device = { deviceName: 'Key', key: 'AA', signCount: 0, credentialId: `Racer${i}` }
    const ends = await Promise.all(
      users.map((user, at) => addPasskey(alpha, user.sub, { ...device, uuid: `${i}${at}` }, 9)),
    )
    const kept = (await Promise.all(users.map(passkeysNow))).flat()
    assert.ok(kept.length <= 1)
    assert.equal(ends.filter((each) => each === 'added').length, kept.length)
  }
})

test('T-1 of two who know a password, and have come to where a first passkey is made, one makes it', async () => {
  const { demo } = all
  for (const atOnce of [false, true]) {
    await changeDevices(alpha, demo.sub, 'webauthn', () => [])
    const at = journeys(alpha)
    const both = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
    const waiting = [await at.answer('PasskeyRegistration', both)]
    waiting.push(await at.answer('PasskeyRegistration', both))
    const [first, second] = waiting.map((step) => async () => {
      const { authId, callbacks } = at.asked(step)
      const answer = authenticator(origin).register(askedOf(callbacks))
      return (await at.run(authId, { IDToken2: answer })).kind
    }) as [() => Promise<string>, () => Promise<string>]
    const ends = atOnce ? await Promise.all([first(), second()]) : [await first(), await second()]
    assert.deepEqual(ends.sort(), ['failure', 'success'])
    assert.equal((await passkeysNow(demo)).length, 1)
  }
})
