import { flag, oneOf } from '../../../protocol/setting.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Device } from '../../../user/factor/device.ts'
import { changeDevices, devicesOf } from '../../../user/factor/device.ts'
import type { Leniency } from '../../../user/factor/oath.ts'
import { keptOath, outOfStep, readOath, taken, withOath } from '../../../user/factor/oath.ts'
import { confirmationCallback, nameCallback } from '../../callback/basic.ts'
import { numberOf, textOf } from '../../callback/callback.ts'
import type { Outcome } from '../../journey.ts'
import { asks, nodeType, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { ofAccount, postponed } from '../../person/postponed.ts'
import { namedIn } from '../../person/who.ts'
import { identify, putTransient } from '../../state.ts'
import { postponedOath, successOrFailure } from './oath-registration.ts'
import { guarded } from './tries.ts'

const notRegistered: Outcome = { id: 'notRegisteredOutcome', displayName: 'Not registered' }
const recovery: Outcome = { id: 'recoveryCodeOutcome', displayName: 'Recovery Code' }

/** The session property that tells PingAM’s policies how somebody proved who they are. */
const method = 'AuthenticatorOATH'

/**
 * Asks for a password of an authenticator app (PingAM: OATH Token Verifier node). Each counts once: whether it was used
 * stands in the account, and is looked at by the write that says so.
 */
export const oathTokenVerifier = nodeType({
  type: 'OathTokenVerifierNode',
  name: 'OATH Token Verifier',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    algorithm: nodeSetting(
      'OATH Algorithm',
      oneOf('TOTP', 'HOTP'),
      'TOTP',
      'Kept; what a device was registered with counts.',
    ),
    hotpWindowSize: nodeSetting(
      'HOTP Window Size',
      wholeOrText(1, 1000),
      100,
      'Counts ahead, 10 at most; further ahead two passwords in a row are wanted (RFC 4226 §7.4).',
    ),
    totpTimeInterval: nodeSetting(
      'TOTP Time Step Interval',
      wholeOrText(1, 3600),
      30,
      'Kept likewise.',
    ),
    totpTimeSteps: nodeSetting(
      'TOTP Time Steps',
      wholeOrText(0, 20),
      2,
      'Intervals before and behind.',
    ),
    totpHashAlgorithm: nodeSetting(
      'TOTP Hash Algorithm',
      oneOf('HMAC_SHA1', 'HMAC_SHA256', 'HMAC_SHA512'),
      'HMAC_SHA1',
      'Kept likewise.',
    ),
    maximumAllowedClockDrift: nodeSetting(
      'Maximum Allowed Clock Drift',
      wholeOrText(0, 100),
      5,
      'Intervals by which the clock of a device may be off.',
    ),
    isRecoveryCodeAllowed: nodeSetting(
      'Allow recovery codes',
      flag,
      false,
      'Whether there is a button.',
    ),
  },
  outcomes: ({ isRecoveryCodeAllowed }) => [
    ...[...successOrFailure, notRegistered],
    ...(isRecoveryCodeAllowed ? [recovery] : []),
  ],
  async process(turn, values) {
    const { realm, state, answers } = turn
    const user = await namedIn(turn)
    const waiting = postponed(state, postponedOath, user)
    if (devicesOf(user, 'oath').length === 0 && waiting === undefined)
      return passed('notRegisteredOutcome', state)
    if (values.isRecoveryCodeAllowed && numberOf(answers?.[1]) === 1)
      return passed('recoveryCodeOutcome', state)
    const code = textOf(answers?.[0]).replaceAll(/\s/g, '')
    if (code === '') return asks(asked(values.isRecoveryCodeAllowed), state)
    const {
      hotpWindowSize: window,
      totpTimeSteps: steps,
      maximumAllowedClockDrift: mostDrift,
    } = values
    let after = state
    const right = await guarded(realm, user.sub, async () => {
      const leniency = { window, steps, mostDrift }
      if (waiting === undefined) return spend(realm, user.sub, code, leniency)
      const tried = triedOn(waiting, code, realm.timeOfDay(), leniency)
      if (tried !== undefined)
        after = putTransient(state, { [postponedOath]: ofAccount(tried.device, user) })
      return tried?.right === true
    })
    return right && user.status === 'Active'
      ? passed('successOutcome', identify(after, user, method))
      : passed('failureOutcome', after)
  },
})

/** What became of a device by a password. */
interface Tried {
  readonly device: Device
  /** It was taken; else it is noted as the first of two. */
  readonly right: boolean
}

/** Undefined where it is none of its passwords. */
function triedOn(device: Device, code: string, now: number, leniency: Leniency): Tried | undefined {
  const oath = readOath(device)
  if (oath === undefined) return undefined
  const after = taken(oath, code, now, leniency)
  if (after !== undefined) return { device: withOath(device, after, now), right: true }
  const noted = outOfStep(oath, code)
  return noted && { device: { ...device, ...keptOath(noted) }, right: false }
}

function asked(recoverable: boolean) {
  const options = recoverable ? ['Submit', 'Use recovery code'] : ['Submit']
  return [nameCallback('Enter verification code'), confirmationCallback(options, 0)]
}

/** Looks for the device whose password it is, and spends it in the same step. */
async function spend(
  realm: Realm,
  sub: string,
  code: string,
  leniency: Leniency,
): Promise<boolean> {
  const now = realm.timeOfDay()
  let right = false
  const written = await changeDevices(realm, sub, 'oath', (devices) => {
    const tried = devices.map((device) => triedOn(device, code, now, leniency))
    right = tried.some((each) => each?.right === true)
    const at = tried.findIndex((each) => each?.right === right)
    const found = tried[at]
    return found && devices.with(at, found.device)
  })
  return written && right
}
