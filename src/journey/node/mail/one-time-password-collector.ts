import { createHash, timingSafeEqual } from 'node:crypto'
import { sourceOf } from '../../../base/address.ts'
import { logHash } from '../../../realm/log-hash.ts'
import { findByUsername } from '../../../user/end-user.ts'
import { passwordCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import type { Turn } from '../../journey.ts'
import { asks, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { accountIn } from '../../person/who.ts'
import type { JourneyState } from '../../state.ts'
import { putShared, textIn, valueIn, without } from '../../state.ts'
import { counting } from '../second-factor/tries.ts'

/** Tries at one password; whoever needs more needs another one. */
const mostTries = 5

const names = [
  ...['oneTimePassword', 'oneTimePasswordTimestamp', 'oneTimePasswordTries'],
  ...['oneTimePasswordWithheld', 'oneTimePasswordOf', 'oneTimePasswordTo'],
] as const

/**
 * Asks for the one-time password, and compares (PingAM: OTP Collector Decision node). It counts once, for a while, and is
 * gone after a few wrong tries. They count for the account as well, over all journeys; where that has none left, or the
 * letter was withheld, no password is right, and nothing tells.
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
  async process(turn, { passwordExpiryTime }) {
    const { realm, state, answers } = turn
    const given = textOf(answers?.[0]).trim()
    if (given === '') return asks([passwordCallback('One Time Password')], state)
    const password = textIn(state, 'oneTimePassword')
    const made = Number(valueIn(state, 'oneTimePasswordTimestamp') ?? 0)
    const lives = password !== undefined && realm.now() - made < passwordExpiryTime * 60
    if (!lives) return passed('false', without(state, ...names))
    const withheld = valueIn(state, 'oneTimePasswordWithheld') === true
    const theirs = await isTheirs(turn)
    const check = (): boolean => isSame(given, password) && theirs && !withheld
    const right = await counting(realm, 'mailed codes', await whoseTry(turn), check)
    return right === true
      ? passed('true', without(state, ...names))
      : passed('false', triedOnce(state))
  },
})

/** Whether it was drawn for, or sent to, who is meant now; one that a script has drawn is anybody’s. */
async function isTheirs(turn: Turn): Promise<boolean> {
  const of = textIn(turn.state, 'oneTimePasswordOf')
  return of === undefined || of === ((await accountIn(turn))?.sub ?? '')
}

/** For whom a try counts: whoever the journey would let in, else the address that was written to, else where it comes from. */
async function whoseTry({ realm, state, visit }: Turn): Promise<string> {
  if (state.user !== undefined) return state.user.sub
  const username = textIn(state, 'username')
  const user = username === undefined ? undefined : await findByUsername(realm, username)
  if (user !== undefined) return user.sub
  const address = textIn(state, 'emailAddress') ?? textIn(state, 'oneTimePasswordTo')
  return address === undefined
    ? `from ${logHash(realm, sourceOf(visit.peer))}`
    : `to ${logHash(realm, address.toLowerCase())}`
}

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
