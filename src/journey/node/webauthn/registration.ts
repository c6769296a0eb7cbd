import type { JsonObject } from '../../../base/json.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { newUuid } from '../../../user/end-user.ts'
import { passkeysOf } from '../../../user/factor/passkey.ts'
import { textOf } from '../../callback/callback.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { asks, NodeError, nodeType, passed } from '../../journey.ts'
import type { NodeValues } from '../../node-setting.ts'
import { ofAccount } from '../../person/postponed.ts'
import { accountIn } from '../../person/who.ts'
import { putShared, putTransient, textIn } from '../../state.ts'
import type { PasskeyAnswer } from './answer.ts'
import { readAnswer, registrationIn } from './answer.ts'
import {
  challengeOf,
  credentialList,
  extensionsIn,
  kept,
  newChallenge,
  passkeyCallbacks,
  userHandleOf,
} from './ask.ts'
import { algorithms, registrationSettings } from './registration-setting.ts'
import { relyingPartyOf } from './relying-party.ts'
import { exceeded, stored } from './store.ts'
import { registrationTold } from './told.ts'
import { keptOf, verifyRegistration } from './verify.ts'

type Values = NodeValues<typeof registrationSettings>

/** Makes a passkey for somebody (PingAM: WebAuthn Registration node; WebAuthn §7.1). */
export const webAuthnRegistration = nodeType({
  type: 'WebAuthnRegistrationNode',
  name: 'WebAuthn Registration Node',
  tags: ['mfa', 'multi-factor authentication'],
  settings: registrationSettings,
  outcomes: (values) => [
    { id: 'unsupported', displayName: 'Unsupported' },
    { id: 'success', displayName: 'Success' },
    { id: 'failure', displayName: 'Failure' },
    { id: 'error', displayName: 'Client Error' },
    ...(isLimited(values) ? [exceeded] : []),
  ],
  async process(turn, values) {
    if (values.enforceRevocationCheck || values.fidoCertificationLevel !== 'OFF')
      throw new NodeError('nobody is asked here whether an authenticator was certified or revoked')
    const { state, answers } = turn
    const user = await accountIn(turn)
    if (user === undefined) return passed('failure', state)
    const answer = readAnswer(textOf(answers?.at(-1)))
    if (answers === undefined || answer.kind === 'none') return begin(turn, values, user)
    if (answer.kind === 'unsupported') return passed('unsupported', state)
    if (answer.kind === 'error')
      return passed('error', putShared(state, { WebAuthenticationDOMException: answer.error }))
    return registered(turn, values, user, answer)
  },
})

/** Where a later node stores the device, that one counts. */
function isLimited({ maxSavedDevices, postponeDeviceProfileStorage }: Values): boolean {
  return maxSavedDevices > 0 && !postponeDeviceProfileStorage
}

function begin(turn: Turn, values: Values, user: EndUser): NodeResult {
  if (isLimited(values) && passkeysOf(user).length >= values.maxSavedDevices)
    return passed(exceeded.id, turn.state)
  const challenge = newChallenge(turn)
  const data = dataFor(turn, values, user, challenge.told)
  const callbacks = passkeyCallbacks(data, values.asScript)
  return asks(callbacks, turn.state, { keep: kept(challenge) })
}

/** PingAM: what clients are told, everything twice: as the older ones and as the newer ones read it. */
function dataFor(turn: Turn, values: Values, user: EndUser, challenge: string): JsonObject {
  const { id } = relyingPartyOf(turn.realm, values)
  const parameters = accepted(values).map((alg) => ({ type: 'public-key', alg }))
  const selection = selectionOf(values)
  const excluded = credentialList(values.excludeCredentials ? passkeysOf(user) : [])
  return {
    _action: 'webauthn_registration',
    challenge,
    attestationPreference: values.attestationPreference.toLowerCase(),
    userName: user.username,
    userId: userHandleOf(user),
    relyingPartyName: values.relyingPartyName,
    authenticatorSelection: JSON.stringify(selection),
    _authenticatorSelection: selection,
    pubKeyCredParams: `[ ${parameters.map(({ alg }) => `{ "type": "public-key", "alg": ${alg} }`).join(', ')} ]`,
    _pubKeyCredParams: parameters,
    timeout: String(values.timeout * 1000),
    excludeCredentials: excluded.text,
    _excludeCredentials: excluded.list,
    displayName: textIn(turn.state, values.displayNameSharedState) ?? user.username,
    relyingPartyId: `id: "${id}",`,
    _relyingPartyId: id,
    extensions: extensionsIn(turn.state),
    _type: 'WebAuthn',
    supportsJsonResponse: true,
  }
}

function selectionOf(values: Values): JsonObject {
  const attachment = values.authenticatorAttachment.toLowerCase().replace('_', '-')
  return {
    userVerification: values.userVerificationRequirement.toLowerCase(),
    ...(attachment === 'unspecified' ? {} : { authenticatorAttachment: attachment }),
    ...(values.requiresResidentKey
      ? { residentKey: 'required', requireResidentKey: true }
      : { residentKey: 'discouraged' }),
  }
}

function accepted({ acceptedSigningAlgorithms }: Values): readonly number[] {
  return acceptedSigningAlgorithms.flatMap((name) =>
    Object.hasOwn(algorithms, name) ? [algorithms[name] as number] : [],
  )
}

async function registered(
  turn: Turn,
  values: Values,
  user: EndUser,
  answer: Extract<PasskeyAnswer, { kind: 'credential' }>,
): Promise<NodeResult> {
  const { realm, state } = turn
  const [read, challenge] = [registrationIn(answer.text), challengeOf(turn)]
  if (read === undefined || challenge === undefined) return passed('failure', state)
  const relyingParty = relyingPartyOf(realm, values)
  const verified = values.userVerificationRequirement === 'REQUIRED'
  const expected = { challenge, relyingParty, verified }
  const found = await verifyRegistration(realm, read.response, expected, accepted(values))
  if (found === undefined) return passed('failure', state)
  const now = realm.timeOfDay() * 1000
  const device = {
    uuid: newUuid(realm.random),
    deviceName: read.deviceName.slice(0, 100) || 'New Security Key',
    ...{ createdDate: now, lastAccessDate: now, ...keptOf(found) },
  }
  const whole = values.storeAttestationDataInTransientState
  const told = await registrationTold(state, found, answer, whole)
  if (values.postponeDeviceProfileStorage)
    return passed('success', putTransient(told, { webauthnDeviceData: ofAccount(device, user) }))
  return stored(turn, told, user, device, values)
}
