import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { FRStep, FRWebAuthn, WebAuthnStepType } from '@forgerock/javascript-sdk'
import type { Authenticator } from '../../../../test/authenticator.ts'
import { authenticator } from '../../../../test/authenticator.ts'
import { all, origin, outcomeOf, turn } from '../../../../test/passkeys.ts'
import { oneMore } from '../../../../test/people.ts'
import { callbacksOf } from '../../engine/number.ts'
import type { NodeResult, NodeType } from '../../journey.ts'
import { emptyState, putShared } from '../../state.ts'
import { webAuthnAuthentication } from './authentication.ts'
import { webAuthnRegistration } from './registration.ts'

/** What a browser is asked for, as far as the device needs it. */
interface Options {
  readonly publicKey: {
    readonly challenge: ArrayBuffer
    readonly rpId?: string
    readonly rp?: { readonly id: string }
    readonly user?: { readonly id: Uint8Array }
  }
}

/** A browser whose credentials are those of a device of ours. */
function browserWith(
  device: Authenticator,
): Readonly<Record<'create' | 'get', (o: Options) => unknown>> {
  const bytes = (numbers = '') => new Int8Array(numbers.split(',').map(Number)).buffer
  const text = (value = '') => new TextEncoder().encode(value).buffer
  const told = ({ publicKey: { challenge, rpId, rp, user } }: Options) => ({
    challenge: Buffer.from(challenge).toString('base64'),
    _relyingPartyId: rpId ?? rp?.id ?? '',
    userId: Buffer.from(user?.id ?? []).toString(),
  })
  const of = (response: object) => ({
    id: device.id,
    authenticatorAttachment: 'platform',
    response,
  })
  return {
    create(options) {
      const [client, attestation] = device.register(told(options)).split('::')
      return of({ clientDataJSON: text(client), attestationObject: bytes(attestation) })
    },
    get(options) {
      const [client, data, signature, , user] = device.authenticate(told(options)).split('::')
      const userHandle = text(user)
      const answer = { authenticatorData: bytes(data), signature: bytes(signature), userHandle }
      return of({ clientDataJSON: text(client), ...answer })
    },
  }
}

before(() => {
  Object.assign(globalThis, { window: { PublicKeyCredential: true } })
})
beforeEach(() => {
  const value = browserWith(authenticator(origin))
  Object.defineProperty(navigator, 'credentials', { configurable: true, value })
})
after(() => {
  Reflect.deleteProperty(globalThis, 'window')
  Reflect.deleteProperty(navigator, 'credentials')
})

for (const asScript of [true, false]) {
  const how = asScript ? 'asScript' : 'data'
  test(`PingAM: its SDK makes a passkey and shows it, told by ${how}`, async () => {
    const { username } = await oneMore(all)
    const state = putShared(emptyState, { username })
    const settings = { asScript, requiresResidentKey: false }
    const pass = async (type: NodeType, is: WebAuthnStepType): Promise<NodeResult> => {
      const asked = await turn(type, settings, state)
      assert.ok(asked.kind === 'ask')
      const wire = JSON.stringify({ authId: 'a', callbacks: callbacksOf(asked.callbacks, false) })
      const step = new FRStep(JSON.parse(wire) as ConstructorParameters<typeof FRStep>[0])
      assert.equal(FRWebAuthn.getWebAuthnStepType(step), is)
      const registers = is === WebAuthnStepType.Registration
      await (registers ? FRWebAuthn.register(step, 'Phone') : FRWebAuthn.authenticate(step))
      const answer = FRWebAuthn.getOutcomeCallback(step)?.getInputValue() as string
      return turn(type, settings, state, asked, { [asScript ? 'IDToken3' : 'IDToken2']: answer })
    }
    assert.equal(
      outcomeOf(await pass(webAuthnRegistration, WebAuthnStepType.Registration)),
      'success',
    )
    assert.equal(
      outcomeOf(await pass(webAuthnAuthentication, WebAuthnStepType.Authentication)),
      'success',
    )
  })
}
