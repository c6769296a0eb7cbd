import { createHash, timingSafeEqual } from 'node:crypto'
import { passwordCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import type { JourneyState } from '../../state.ts'
import { putShared, textIn, valueIn, without } from '../../state.ts'

/** Tries at one password; whoever needs more needs another one. */
const mostTries = 5

const names = ['oneTimePassword', 'oneTimePasswordTimestamp', 'oneTimePasswordTries'] as const

/**
 * Asks for the one-time password, and compares (PingAM: OTP Collector Decision node). It counts once, for a while, and is
 * gone after a few wrong tries.
 */
export const oneTimePasswordCollector = nodeType({
  type: 'OneTimePasswordCollectorDecisionNode',
  name: 'OTP Collector Decision',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    passwordExpiryTime: nodeSetting(
      'One Time Password Validity Length',
      wholeOrText(1, 525_600),
      5,
      'Minutes for which the password counts.',
    ),
  },
  outcomes: () => trueOrFalse,
  process({ realm, state, answers }, { passwordExpiryTime }) {
    const given = textOf(answers?.[0]).trim()
    if (given === '') return asks([passwordCallback('One Time Password')], state)
    const password = textIn(state, 'oneTimePassword')
    const made = Number(valueIn(state, 'oneTimePasswordTimestamp') ?? 0)
    const lives = password !== undefined && realm.now() - made < passwordExpiryTime * 60
    if (lives && isSame(given, password)) return passed('true', without(state, ...names))
    return passed('false', lives ? triedOnce(state) : without(state, ...names))
  },
})

function triedOnce(state: JourneyState): JourneyState {
  const tries = Number(valueIn(state, 'oneTimePasswordTries') ?? 0) + 1
  return tries < mostTries
    ? putShared(state, { oneTimePasswordTries: tries })
    : without(state, ...names)
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left as Buffer, right as Buffer)
}
