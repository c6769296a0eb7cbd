import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asJson, authenticator } from '../../../../test/authenticator.ts'
import { origin, outcomeOf, registered, shown } from '../../../../test/passkeys.ts'
import { emptyState, valueIn } from '../../state.ts'
import { registrationTold } from './told.ts'
import type { Registered } from './verify.ts'

const made = { UP: true, UV: true, AT: true, ED: false, BE: false, BS: false }

test('PingAM: later nodes find how a passkey was made and shown, and what the authenticator said where it is to be kept', async () => {
  const kept = await registered(authenticator(origin), {
    storeAttestationDataInTransientState: true,
  })
  assert.deepEqual(valueIn(kept, 'webauthnAttestationInfo'), { flags: made })
  assert.match(String(valueIn(kept, 'webauthnData')), /^\{"type":"webauthn\.create".*\}::[-\d,]+::/)
  assert.deepEqual(
    [valueIn(kept, 'webauthnAttestationType'), valueIn(kept, 'webauthnDeviceAaguid')],
    ['NONE', '00000000-0000-0000-0000-000000000000'],
  )
  const device = authenticator(origin)
  const state = await registered(device)
  assert.deepEqual(
    ['webauthnData', 'webauthnAttestationType', 'webauthnDeviceAaguid'].map((name) =>
      valueIn(state, name),
    ),
    [undefined, undefined, undefined],
  )
  const proven = await shown(device, state, {}, asJson)
  assert.equal(outcomeOf(proven), 'success')
  assert.deepEqual(valueIn(proven.state, 'webauthnAssertionInfo'), {
    flags: { ...made, AT: false },
    authenticatorAttachment: 'platform',
  })
  assert.equal(proven.state.shared.webauthnDeviceName, 'New Security Key')
  assert.match(String(proven.state.shared.webauthnDeviceUuid), /^[\da-f-]{36}$/)
})

test('PingAM: webauthnAttestationType says whether an authenticator vouches for its key by a certificate', async () => {
  const authData = Buffer.concat([Buffer.from('\x68authData\x58\x25', 'latin1'), Buffer.alloc(37)])
  const typeOf = async (fmt: Registered['fmt'], statement: string) => {
    const name = Buffer.from(`\xa3\x63fmt${String.fromCharCode(0x60 + fmt.length)}${fmt}`, 'latin1')
    const attStmt = Buffer.from(`\x67attStmt${statement}`, 'latin1')
    const attestationObject = new Uint8Array(Buffer.concat([name, attStmt, authData]))
    const found = { fmt, aaguid: '', attestationObject } as Registered
    const answer = { kind: 'credential', text: '' } as const
    return valueIn(
      await registrationTold(emptyState, found, answer, true),
      'webauthnAttestationType',
    )
  }
  assert.equal(await typeOf('packed', '\xa1\x63x5c\x81\x41\x00'), 'BASIC')
  assert.equal(await typeOf('packed', '\xa0'), 'SELF')
  assert.equal(await typeOf('none', '\xa0'), 'NONE')
})
