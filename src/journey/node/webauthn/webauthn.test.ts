import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Script } from 'node:vm'
import { altered } from '../../../../test/altered.ts'
import type { Authenticator } from '../../../../test/authenticator.ts'
import { asJson, askedOf, authenticator } from '../../../../test/authenticator.ts'
import { journeys } from '../../../../test/journeys.ts'
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
  userIn,
} from '../../../../test/passkeys.ts'
import { oneMore, people } from '../../../../test/people.ts'
import type { JsonObject } from '../../../base/json.ts'
import { devicesOf } from '../../../user/factor/device.ts'
import { withoutCode } from '../../../user/factor/recovery-code.ts'
import type { NodeResult, NodeType } from '../../journey.ts'
import { emptyState, identify, textIn, valueIn } from '../../state.ts'
import { webAuthnAuthentication } from './authentication.ts'
import { webAuthnDeviceStorage } from './device-storage.ts'
import { webAuthnRegistration } from './registration.ts'
import { dataInScript } from './script.ts'

const { demo } = all

test('PingAM: WebAuthn registration tells all as data, once as older clients read it and once as newer ones', async () => {
  const asked = await turn(webAuthnRegistration, plain, named('demo'))
  assert.ok(asked.kind === 'ask')
  assert.deepEqual(
    asked.callbacks.map(({ type, values }) => [type, values]),
    [
      ['MetadataCallback', []],
      ['HiddenValueCallback', ['webAuthnOutcome']],
    ],
  )
  const { challenge, ...data } = dataIn(asked)
  assert.equal(Buffer.from(String(challenge), 'base64').length, 32)
  assert.deepEqual(data, {
    _action: 'webauthn_registration',
    attestationPreference: 'none',
    userName: 'demo',
    userId: Buffer.from(demo.sub).toString('base64url'),
    relyingPartyName: 'ForgeRock',
    authenticatorSelection: '{"userVerification":"preferred","residentKey":"discouraged"}',
    _authenticatorSelection: { userVerification: 'preferred', residentKey: 'discouraged' },
    pubKeyCredParams:
      '[ { "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 } ]',
    _pubKeyCredParams: [
      { type: 'public-key', alg: -7 },
      { type: 'public-key', alg: -257 },
    ],
    timeout: '60000',
    excludeCredentials: '',
    _excludeCredentials: [],
    displayName: 'demo',
    relyingPartyId: 'id: "localhost",',
    _relyingPartyId: 'localhost',
    extensions: {},
    _type: 'WebAuthn',
    supportsJsonResponse: true,
  })
})

test('PingAM: asScript the same is a script that PingAM’s clients find it in', async () => {
  const asked = await turn(webAuthnRegistration, {}, named('demo'))
  assert.ok(asked.kind === 'ask')
  const [script, spinner, hidden] = asked.callbacks
  const types = [script, spinner].map((each) => each?.output.at(-1)?.value)
  assert.deepEqual([...types, hidden?.output[0]?.value], ['4', '4', 'false'])
  const text = String(script?.output[0]?.value)
  assert.equal(dataInScript(text)?.userName, 'demo')
  assert.match(text, /^var scriptContext = \{.*\}$/m)
  assert.ok(text.includes('webAuthnOutcome') && text.includes('pubKeyCredParams'))
  assert.doesNotThrow(() => new Script(text))
})

test('WebAuthn §7: a passkey is made and shown, by text and by JSON, and knows its user', async () => {
  const device = authenticator(origin)
  const state = await registered(device, { requiresResidentKey: true })
  const username = textIn(state, 'username')
  const legacy = await shown(device, state)
  assert.equal(outcomeOf(legacy), 'success')
  assert.deepEqual(legacy.state.methods, ['WebAuthnAuthentication', 'UserVerification'])
  const anybody = { requiresResidentKey: true }
  const json = await shown(device, emptyState, anybody, asJson)
  assert.equal(outcomeOf(json), 'success')
  assert.equal(textIn(json.state, 'username'), username)
  // Apps give back what the text stands for.
  device.userHandle = Buffer.from(device.userHandle, 'base64url').toString()
  assert.equal(outcomeOf(await shown(device, emptyState, anybody)), 'success')
  device.userHandle = (await userIn(await registered(authenticator(origin)))).sub
  assert.equal(outcomeOf(await shown(device, emptyState, anybody)), 'failure')
})

test('WebAuthn §7.2: an answer to another question, from elsewhere, or of another device, proves nothing', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const required = { userVerificationRequirement: 'REQUIRED' }
  const as = (changes: Partial<Authenticator>): void => {
    Object.assign(device, { relyingParty: undefined, ...changes })
  }
  const refused = async (settings: JsonObject, change?: (answer: string) => string) =>
    assert.equal(outcomeOf(await shown(device, state, settings, change)), 'failure')
  as({ origin: 'https://evil.example' })
  await refused({})
  as({ origin, relyingParty: 'evil.example' })
  await refused({})
  as({ verifiesUser: false })
  await refused(required)
  as({ verifiesUser: true })
  const challenge = '{"type":"webauthn.get","challenge":"'
  await refused({}, (answer) => {
    assert.ok(answer.startsWith(challenge))
    return altered(answer, challenge.length)
  })
  await refused({}, (answer) => answer.replace(/::(-?\d+)/, (_, n) => `::${Number(n) ^ 1}`))
  for (const text of ['x', '{}', '{}::1::2', '{}::1::2::a::b', '{"legacyData":"x"}'])
    await refused({}, () => text)
  const other = authenticator(origin)
  other.userHandle = device.userHandle
  assert.equal(outcomeOf(await shown(other, state)), 'failure')
  assert.equal(outcomeOf(await shown(device, state, required)), 'success')
})

test('WebAuthn §13.4.3: a challenge counts for its own step alone', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const first = await turn(webAuthnAuthentication, plain, state)
  const answer = { IDToken2: device.authenticate(dataIn(first)) }
  const second = await turn(webAuthnAuthentication, plain, state)
  const replayed = await turn(webAuthnAuthentication, plain, state, second, answer)
  assert.equal(outcomeOf(replayed), 'failure')
  const unasked = { ...second, keep: undefined } as NodeResult
  assert.equal(
    outcomeOf(await turn(webAuthnAuthentication, plain, state, unasked, answer)),
    'failure',
  )
})

test('PingAM: origins and relying party are the node’s where it names them', async () => {
  const device = authenticator('https://app.example.com')
  const settings = { relyingPartyDomain: 'example.com', origins: ['https://app.example.com'] }
  const state = await registered(device, settings)
  assert.equal(outcomeOf(await shown(device, state, settings)), 'success')
  assert.equal(outcomeOf(await shown(device, state, { ...settings, origins: [origin] })), 'failure')
})

test('PingAM: a browser that has none, or whose user will not, has outcomes of its own', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const [make, use] = [webAuthnRegistration, webAuthnAuthentication]
  const told = async (type: NodeType, text: string) => {
    const asked = await turn(type, plain, state)
    return turn(type, plain, state, asked, { IDToken2: text })
  }
  for (const type of [make, use]) {
    assert.equal(outcomeOf(await told(type, 'unsupported')), 'unsupported')
    const error = await told(type, 'ERROR::NotAllowedError:No')
    assert.equal(outcomeOf(error), 'error')
    assert.equal(valueIn(error.state, 'WebAuthenticationDOMException'), 'NotAllowedError:No')
    assert.equal(outcomeOf(await told(type, '{"error":"NotAllowedError:No"}')), 'error')
    for (const text of ['', 'false', 'webAuthnOutcome'])
      assert.equal((await told(type, text)).kind, 'ask')
  }
  const without = await turn(use, plain, named((await oneMore(all)).username))
  assert.equal(outcomeOf(without), 'noDevice')
  assert.equal(outcomeOf(await turn(use, plain, named('nobody'))), 'noDevice')
  await assert.rejects(turn(use, plain, emptyState), /username not present in state/)
  await assert.rejects(turn(make, { ...plain, enforceRevocationCheck: true }, state), /revoked/)
})

test('PingAM: a recovery code may be taken instead, by a button', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const settings = { ...plain, isRecoveryCodeAllowed: true }
  const asked = await turn(webAuthnAuthentication, settings, state)
  assert.ok(asked.kind === 'ask')
  assert.deepEqual(asked.callbacks.at(-1)?.values, [100])
  const pressed = { IDToken2: 'unsupported', IDToken3: '0' }
  const code = await turn(webAuthnAuthentication, settings, state, asked, pressed)
  assert.equal(outcomeOf(code), 'recoveryCode')
  const answer = { IDToken2: device.authenticate(dataIn(asked)) }
  const passkey = await turn(webAuthnAuthentication, settings, state, asked, answer)
  assert.equal(outcomeOf(passkey), 'success')
})

test('PingAM: recovery codes are shown by later nodes, and only their digests are kept', async () => {
  const state = await registered(authenticator(origin))
  const codes = valueIn(state, 'recoveryCodes') as readonly string[]
  assert.equal(codes.length, 10)
  assert.equal(valueIn(state, 'recoveryCodeDeviceName'), 'New Security Key')
  const user = await userIn(state)
  assert.ok(!JSON.stringify(user).includes(String(codes[0])))
  const [left] = withoutCode(devicesOf(user, 'webauthn'), String(codes[0])) ?? []
  assert.equal((left?.recoveryCodes as readonly string[] | undefined)?.length, 9)
  const none = await registered(authenticator(origin), { generateRecoveryCodes: false })
  assert.equal(valueIn(none, 'recoveryCodes'), undefined)
})

test('PingAM: exceedDeviceLimit at the start, and where another one was first', async () => {
  const settings = { ...plain, maxSavedDevices: 1, excludeCredentials: true }
  const state = named((await oneMore(all)).username)
  const [a, b] = [authenticator(origin), authenticator(origin)]
  const [one, two] = await Promise.all(
    [a, b].map(() => turn(webAuthnRegistration, settings, state)),
  )
  const finish = (device: Authenticator, asked: NodeResult) =>
    turn(webAuthnRegistration, settings, state, asked, { IDToken2: device.register(dataIn(asked)) })
  const ends = await Promise.all([finish(a, one as NodeResult), finish(b, two as NodeResult)])
  assert.deepEqual(ends.map(outcomeOf).sort(), ['exceedDeviceLimit', 'success'])
  assert.equal(outcomeOf(await turn(webAuthnRegistration, settings, state)), 'exceedDeviceLimit')
  const more = { ...settings, maxSavedDevices: 2 }
  const excluded = dataIn(await turn(webAuthnRegistration, more, state))._excludeCredentials
  assert.equal((excluded as readonly unknown[]).length, 1)
})

test('PingAM: a device may be stored by a later node', async () => {
  const device = authenticator(origin)
  const state = await registered(device, { postponeDeviceProfileStorage: true })
  assert.equal(devicesOf(await userIn(state), 'webauthn').length, 0)
  const later = await turn(webAuthnDeviceStorage, {}, state)
  assert.equal(outcomeOf(later), 'success')
  assert.equal((valueIn(later.state, 'recoveryCodes') as readonly string[]).length, 10)
  assert.equal(outcomeOf(await shown(device, later.state)), 'success')
  assert.equal(outcomeOf(await turn(webAuthnDeviceStorage, {}, later.state)), 'failure')
})

test('WebAuthn §6.1.1: a device that has counted less than before may be a copy', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  const detecting = { detectSignCountMismatch: true }
  assert.equal(outcomeOf(await shown(device, state, detecting)), 'success')
  device.counter = 0
  assert.equal(outcomeOf(await shown(device, state, detecting)), 'successSignCountMismatch')
  device.counter = 0
  assert.equal(outcomeOf(await shown(device, state)), 'success')
  device.counter = 9
  assert.equal(outcomeOf(await shown(device, state, detecting)), 'success')
})

test('WebAuthn §6.1.1: of all who come with one count at once, one is not a copy', async () => {
  const device = authenticator(origin)
  const state = await registered(device)
  device.counter = 41
  const atOnce = Array.from({ length: 6 }, async () => {
    const own = { ...plain, detectSignCountMismatch: true }
    const asked = await turn(webAuthnAuthentication, own, state)
    device.counter = 41
    const answer = { IDToken2: device.authenticate(dataIn(asked)) }
    return turn(webAuthnAuthentication, own, state, asked, answer)
  })
  const outcomes = (await Promise.all(atOnce)).map(outcomeOf)
  assert.deepEqual(
    [outcomes.filter((each) => each === 'success').length, new Set(outcomes).size],
    [1, 2],
  )
})

test('who was proven before is not who somebody else’s passkey belongs to', async () => {
  const device = authenticator(origin)
  await registered(device)
  const proven = identify(emptyState, demo, 'DataStore')
  assert.equal(outcomeOf(await shown(device, proven, { requiresResidentKey: true })), 'failure')
  const other = identify(proven, { sub: 'another', epoch: 0 }, 'WebAuthnAuthentication')
  assert.deepEqual(other.methods, ['WebAuthnAuthentication'])
})

test('PasskeyRegistration makes a first passkey by password, and then asks for it; Passkey logs in with it', async () => {
  const { alpha, demo } = await people({ journeys: ['Login', 'Passkey', 'PasskeyRegistration'] })
  const at = journeys(alpha)
  const device = authenticator(origin)
  const both = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
  const make = at.asked(await at.answer('PasskeyRegistration', both))
  assert.equal(askedOf(make.callbacks)._action, 'webauthn_registration')
  const made = await at.run(make.authId, { IDToken2: device.register(askedOf(make.callbacks)) })
  assert.equal(made.kind, 'success')
  const again = at.asked(await at.answer('PasskeyRegistration', both))
  assert.equal(askedOf(again.callbacks)._action, 'webauthn_authentication')
  const login = await at.start('Passkey')
  assert.deepEqual(askedOf(login.callbacks)._allowCredentials, [])
  const done = await at.run(login.authId, {
    IDToken2: device.authenticate(askedOf(login.callbacks)),
  })
  assert.equal(at.userOf(done)?.sub, demo.sub)
  const session = { username: 'demo', sub: demo.sub }
  const known = await journeys(alpha, { session }).start('Passkey')
  assert.equal((askedOf(known.callbacks)._allowCredentials as readonly unknown[]).length, 1)
  // A name alone learns nothing of anybody's passkeys.
  const hinted = await journeys(alpha, { login_hint: 'demo' }).start('Passkey')
  assert.deepEqual(askedOf(hinted.callbacks)._allowCredentials, [])
})
