import type { Random } from '../../../base/random.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { accountIn } from '../../person/who.ts'
import { putTransient, without } from '../../state.ts'

/** Draws a password that counts once (PingAM: HOTP Generator node). */
export const oneTimePasswordGenerator = nodeType({
  type: 'OneTimePasswordGeneratorNode',
  name: 'HOTP Generator',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    length: nodeSetting('One Time Password Length', wholeOrText(6, 20), 8, 'Digits, six at least.'),
  },
  outcomes: () => oneOutcome,
  async process(turn, { length }) {
    const { realm, state } = turn
    const fresh = without(state, 'oneTimePasswordTries', 'oneTimePasswordWithheld')
    return passed(
      'outcome',
      putTransient(fresh, {
        oneTimePassword: digits(realm.random, length),
        oneTimePasswordTimestamp: realm.now(),
        oneTimePasswordOf: (await accountIn(turn))?.sub ?? '',
      }),
    )
  },
})

/** Digits, each as likely as any other. */
function digits(random: Random, length: number): string {
  let text = ''
  while (text.length < length)
    for (const byte of random(length)) if (byte < 250 && text.length < length) text += byte % 10
  return text
}
