import { fromBase64url } from '../../../base/bytes.ts'
import type { JsonObject } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { passkeysOf, usePasskey } from '../../../user/factor/passkey.ts'
import { confirmationCallback } from '../../callback/basic.ts'
import type { Asked } from '../../callback/callback.ts'
import { numberOf, textOf } from '../../callback/callback.ts'
import type { NodeResult, Outcome, Turn } from '../../journey.ts'
import { asks, NodeError, nodeType, passed } from '../../journey.ts'
import type { NodeValues } from '../../node-setting.ts'
import { nodeSetting } from '../../node-setting.ts'
import { accountIn } from '../../person/who.ts'
import { identify, putShared, textIn } from '../../state.ts'
import type { PasskeyAnswer } from './answer.ts'
import { authenticationIn, readAnswer } from './answer.ts'
import {
  challengeOf,
  credentialList,
  extensionsIn,
  kept,
  newChallenge,
  passkeyCallbacks,
  subIn,
} from './ask.ts'
import { relyingPartyOf } from './relying-party.ts'
import { passkeySettings } from './setting.ts'
import { authenticationTold } from './told.ts'
import { verifyAuthentication } from './verify.ts'

const settings = {
  ...passkeySettings,
  isRecoveryCodeAllowed: nodeSetting(
    'Allow recovery code',
    flag,
    false,
    'Whether somebody without their device may go on with a code.',
  ),
  detectSignCountMismatch: nodeSetting(
    'Detect sign count mismatch',
    flag,
    false,
    'Whether a device that has counted less than before, as a copy would, has an outcome of its own.',
  ),
} as const

type Values = NodeValues<typeof settings>

const recovery: Outcome = { id: 'recoveryCode', displayName: 'Recovery Code' }
const mismatch: Outcome = {
  id: 'successSignCountMismatch',
  displayName: 'Sign Count Mismatch',
}

/** Asks for a passkey: of whoever is known, or of whoever has one (PingAM: WebAuthn Authentication node; WebAuthn §7.2). */
export const webAuthnAuthentication = nodeType({
  type: 'WebAuthnAuthenticationNode',
  name: 'WebAuthn Authentication Node',
  tags: ['mfa', 'multi-factor authentication'],
  settings,
  outcomes: ({ isRecoveryCodeAllowed, detectSignCountMismatch }) => [
    { id: 'unsupported', displayName: 'Unsupported' },
    { id: 'noDevice', displayName: 'No Device Registered' },
    { id: 'success', displayName: 'Success' },
    { id: 'failure', displayName: 'Failure' },
    { id: 'error', displayName: 'Client Error' },
    ...(isRecoveryCodeAllowed ? [recovery] : []),
    ...(detectSignCountMismatch ? [mismatch] : []),
  ],
  async process(turn, values) {
    const { state, answers } = turn
    const user = await userFor(turn, values)
    if (!values.requiresResidentKey && (user === undefined || passkeysOf(user).length === 0))
      return passed('noDevice', state)
    if (values.isRecoveryCodeAllowed && numberOf(confirmed(turn)) === 0)
      return passed(recovery.id, state)
    const answer = readAnswer(textOf(answers?.find(({ type }) => type === 'HiddenValueCallback')))
    if (answers === undefined || answer.kind === 'none') return begin(turn, values, user)
    if (answer.kind === 'unsupported') return passed('unsupported', state)
    if (answer.kind === 'error')
      return passed('error', putShared(state, { WebAuthenticationDOMException: answer.error }))
    return shown(turn, values, user, answer)
  },
})

/** Whose passkey it has to be; undefined where the device says that. */
async function userFor(turn: Turn, { requiresResidentKey }: Values): Promise<EndUser | undefined> {
  if (requiresResidentKey) return undefined
  const { state } = turn
  if (state.user === undefined && textIn(state, 'username') === undefined)
    throw new NodeError('username not present in state')
  const found = await accountIn(turn)
  return found?.status === 'Active' ? found : undefined
}

function confirmed({ answers }: Turn): NonNullable<Turn['answers']>[number] | undefined {
  return answers?.find(({ type }) => type === 'ConfirmationCallback')
}

function begin(turn: Turn, values: Values, user: EndUser | undefined): NodeResult {
  const challenge = newChallenge(turn)
  const data = dataFor(turn, values, user, challenge.told)
  const callbacks = [
    ...passkeyCallbacks(data, values.asScript),
    ...(values.isRecoveryCodeAllowed ? [useRecoveryCode] : []),
  ]
  return asks(callbacks, turn.state, { keep: kept(challenge) })
}

/** PingAM: 100 is what a button has that nobody has pressed. */
const useRecoveryCode: Asked = {
  ...confirmationCallback(['Use Recovery Code'], 0),
  values: [100],
}

function dataFor(
  turn: Turn,
  values: Values,
  user: EndUser | undefined,
  challenge: string,
): JsonObject {
  const { id } = relyingPartyOf(turn.realm, values)
  const allowed = credentialList(user === undefined ? [] : passkeysOf(user))
  return {
    _action: 'webauthn_authentication',
    challenge,
    allowCredentials: user === undefined ? '' : `allowCredentials: [${allowed.text}]`,
    _allowCredentials: allowed.list,
    timeout: String(values.timeout * 1000),
    userVerification: values.userVerificationRequirement.toLowerCase(),
    relyingPartyId: `rpId: "${id}",`,
    _relyingPartyId: id,
    extensions: extensionsIn(turn.state),
    _type: 'WebAuthn',
    supportsJsonResponse: true,
  }
}

async function shown(
  turn: Turn,
  values: Values,
  meant: EndUser | undefined,
  answer: Extract<PasskeyAnswer, { kind: 'credential' }>,
): Promise<NodeResult> {
  const { realm, state } = turn
  const [read, challenge] = [authenticationIn(answer.text), challengeOf(turn)]
  if (read === undefined || challenge === undefined) return passed('failure', state)
  const user = meant ?? (await ownerOf(turn, read.userHandle))
  if (user !== undefined && passkeysOf(user).length === 0) return passed('noDevice', state)
  const device =
    user && passkeysOf(user).find(({ credentialId }) => credentialId === read.response.id)
  if (user === undefined || device === undefined) return passed('failure', state)
  const relyingParty = relyingPartyOf(realm, values)
  const verified = values.userVerificationRequirement === 'REQUIRED'
  const found = await verifyAuthentication(
    realm,
    read.response,
    { challenge, relyingParty, verified },
    device,
  )
  if (found === undefined) return passed('failure', state)
  const { newCounter } = found
  const use = { challenge, signCount: newCounter, now: realm.timeOfDay() }
  const counted = await usePasskey(realm, user, device, use)
  if (counted === undefined) return passed('failure', state)
  const outcome = values.detectSignCountMismatch && wentBack(counted, newCounter)
  const known = putShared(state, { username: user.username })
  const possessed = identify(known, user, 'WebAuthnAuthentication')
  const proven = found.userVerified ? identify(possessed, user, 'UserVerification') : possessed
  const said = fromBase64url(read.response.response.authenticatorData) ?? Buffer.alloc(0)
  const after = authenticationTold(proven, device, said, answer)
  return passed(outcome ? mismatch.id : 'success', after)
}

/** Whoever the device says its user is; nobody where the journey has found somebody else before, but by the session. */
async function ownerOf({ realm, state }: Turn, userHandle: string): Promise<EndUser | undefined> {
  const found = await findEndUser(realm, subIn(userHandle))
  const bound = state.ofSession === true ? undefined : state.user
  const other = bound !== undefined && bound.sub !== found?.sub
  return found?.status === 'Active' && !other ? found : undefined
}

/** WebAuthn §6.1.1: a counter that is used only ever rises; a copy of the device does not know how far. */
function wentBack(counted: number, now: number): boolean {
  return (now > 0 || counted > 0) && now <= counted
}
