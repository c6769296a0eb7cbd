import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../../test/journeys.ts'
import { people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { Json } from '../../../base/json.ts'
import { findByUsername } from '../../../user/end-user.ts'
import { changeDevices, devicesOf } from '../../../user/factor/device.ts'
import { keptOath, readOath } from '../../../user/factor/oath.ts'
import type { PasswordShape } from '../../../user/factor/one-time-password.ts'
import { passwordAt } from '../../../user/factor/one-time-password.ts'
import { failure, success } from '../../built-in/journey.ts'
import type { AskedStep } from '../../step.ts'
import { newDevice } from './registered.ts'

const { alpha, clock, demo } = await people()
const name = { type: 'UsernameCollectorNode' }
const outcomes = { failureOutcome: failure, notRegisteredOutcome: failure }
const verify = {
  type: 'OathTokenVerifierNode',
  settings: { isRecoveryCodeAllowed: true },
  to: { ...outcomes, successOutcome: success, recoveryCodeOutcome: 'recover' },
}
const recover = {
  type: 'RecoveryCodeCollectorDecisionNode',
  settings: { recoveryCodeType: 'OATH' },
  to: { true: success, false: failure },
}

const realm = await withTrees(alpha, {
  Register: tree({
    name: { ...name, to: { outcome: 'register' } },
    register: {
      type: 'OathRegistrationNode',
      to: { successOutcome: 'codes', failureOutcome: failure },
    },
    codes: { type: 'RecoveryCodeDisplayNode', to: { outcome: success } },
  }),
  Later: tree({
    name: { ...name, to: { outcome: 'later' } },
    later: {
      type: 'OathRegistrationNode',
      settings: { postponeDeviceProfileStorage: true, generateRecoveryCodes: false },
      to: { successOutcome: 'verify', failureOutcome: failure },
    },
    verify: { ...verify, to: { ...verify.to, successOutcome: 'store' } },
    recover,
    store: {
      type: 'OathDeviceStorageNode',
      to: { successOutcome: success, failureOutcome: failure },
    },
  }),
  Verify: tree({ name: { ...name, to: { outcome: 'verify' } }, verify, recover }),
})
const at = journeys(realm)
const as = (username: string) => ({ IDToken1: username })

async function verifyAsked(username = 'demo'): Promise<AskedStep> {
  return at.asked(await at.answer('Verify', as(username)))
}

function outputOf(step: AskedStep, i: number): Json | undefined {
  return step.callbacks[i]?.output[0]?.value
}

/** The password of the account’s newest device, so many intervals from now. */
async function password(step = 0): Promise<string> {
  const user = await findByUsername(realm, 'demo')
  const device = user && devicesOf(user, 'oath').at(-1)
  const oath = device && readOath(device)
  assert.ok(oath)
  return passwordAt(oath.secret, Math.floor(clock.now / oath.interval) + step, oath)
}

let codes: readonly string[] = []

test('PingAM: without a device there is none to ask', async () => {
  assert.equal((await at.answer('Verify', as('demo'))).kind, 'failure')
})

test('PingAM: OATH Registration shows the key, stores the device, and the codes are shown once', async () => {
  const step = at.asked(await at.answer('Register', as('demo')))
  assert.deepEqual(
    step.callbacks.map(({ type }) => type),
    ['TextOutputCallback', 'TextOutputCallback', 'HiddenValueCallback', 'ConfirmationCallback'],
  )
  assert.match(
    String(outputOf(step, 2)),
    /^otpauth:\/\/totp\/ForgeRock:demo\?secret=[A-Z2-7]{26}&issuer=ForgeRock&digits=6&period=30&algorithm=sha1$/,
  )
  assert.deepEqual(step.callbacks[2]?.output[1], { name: 'id', value: 'mfaDeviceRegistration' })
  const shown = at.asked(await at.run(step.authId, {}))
  const script = String(outputOf(shown, 0))
  // What a client of PingAM’s makes of it: see `script-parser` of its SDK.
  codes = [...script.matchAll(/\s[\w\W]"(\w*)\\/g)].map(([, code = '']) => code)
  assert.ok(script.includes('Recovery Codes'))
  assert.equal(new Set(codes).size, 10)
  assert.ok(codes.every((code) => /^\w{10}$/.test(code)))
  assert.equal((await at.run(shown.authId, {})).kind, 'success')
  const user = await findByUsername(realm, 'demo')
  assert.ok(user && codes.every((code) => !JSON.stringify(user).includes(code)))
})

test('PingAM: a password of the app lets in, once, however many come with it', async () => {
  const code = await password()
  const steps = await Promise.all(Array.from({ length: 5 }, () => verifyAsked()))
  const kinds = await Promise.all(
    steps.map(async ({ authId }) => (await at.run(authId, { IDToken1: code })).kind),
  )
  assert.deepEqual(kinds.toSorted(), [...Array.from({ length: 4 }, () => 'failure'), 'success'])
  clock.now += 30
  const { authId } = await verifyAsked()
  const done = await at.run(authId, { IDToken1: await password() })
  assert.deepEqual([done.kind, at.userOf(done)?.sub], ['success', demo.sub])
  assert.ok('ended' in done && done.ended.state.methods.includes('AuthenticatorOATH'))
})

test('PingAM: a recovery code lets in once', async () => {
  const enter = async (code: string): Promise<string> => {
    const step = await verifyAsked()
    const asked = at.asked(await at.run(step.authId, { IDToken2: 1 }))
    return (await at.run(asked.authId, { IDToken1: code })).kind
  }
  assert.equal(await enter(codes[3] ?? ''), 'success')
  assert.equal(await enter(codes[3] ?? ''), 'failure')
  assert.equal(await enter(codes[4] ?? ''), 'success')
})

test('PingAM: a device that is stored later is one only once it was tried', async () => {
  const before = devicesOf((await findByUsername(realm, 'demo')) ?? demo, 'oath').length
  const step = at.asked(await at.answer('Later', as('demo')))
  const verifying = at.asked(await at.run(step.authId, {}))
  const secret = /secret=([A-Z2-7]+)/.exec(String(outputOf(step, 2)))?.[1] ?? ''
  const code = passwordAt(fromBase32(secret), Math.floor(clock.now / 30), {
    ...{ algorithm: 'TOTP', hash: 'sha1', digits: 6, interval: 30, checksum: false, offset: -1 },
  })
  assert.equal((await at.run(verifying.authId, { IDToken1: code })).kind, 'success')
  assert.equal(devicesOf((await findByUsername(realm, 'demo')) ?? demo, 'oath').length, before + 1)
})

test('RFC 4226 §7.4: whose counting device is far ahead gets in again by two passwords in a row, and by no single one', async () => {
  clock.now += 7200
  const user = (await findByUsername(realm, 'demo')) ?? demo
  const before = devicesOf(user, 'oath')
  const shape: PasswordShape = {
    ...{ algorithm: 'HOTP', hash: 'sha1', digits: 6, interval: 30, checksum: false, offset: -1 },
  }
  const secret = Buffer.from('12345678901234567890')
  const oath = keptOath({ ...shape, secret, next: 0, drift: 0 })
  const { device } = newDevice(realm, 'Counter', oath, false)
  await changeDevices(realm, user.sub, 'oath', () => [...before, device])
  const enter = async (count: number): Promise<string> => {
    const code = passwordAt(secret, count, shape)
    return (await at.run((await verifyAsked()).authId, { IDToken1: code })).kind
  }
  const counts = [150, 150, 152, 153, 153, 154] as const
  const kinds: string[] = []
  for (const count of counts) kinds.push(await enter(count))
  assert.deepEqual(kinds, ['failure', 'failure', 'failure', 'success', 'failure', 'success'])
  await changeDevices(realm, user.sub, 'oath', () => before)
})

test('C-34 after ten wrong codes of an account the right one waits, too', async () => {
  clock.now += 7200
  const tries = async (code: string): Promise<string> => {
    const { authId } = await verifyAsked()
    return at.run(authId, { IDToken1: code }).then(
      ({ kind }) => kind,
      (error: unknown) => String((error as { code?: unknown }).code),
    )
  }
  const kinds: string[] = []
  for (let i = 0; i < 11; i += 1) kinds.push(await tries('00000x'))
  assert.deepEqual(kinds, [...Array.from({ length: 10 }, () => 'failure'), 'too_many_requests'])
  assert.equal(await tries(await password()), 'too_many_requests')
  clock.now += 300
  assert.equal(await tries(await password()), 'success')
})

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
