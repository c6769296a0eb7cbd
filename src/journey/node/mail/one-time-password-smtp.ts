import { text } from '../../../protocol/setting.ts'
import type { Turn } from '../../journey.ts'
import { always, nodeType, oneOutcome } from '../../journey.ts'
import { localText, nodeSetting } from '../../node-setting.ts'
import { accountIn, heldAt, isProven, namedIn, provenSub } from '../../person/who.ts'
import { attributeIn, textIn } from '../../state.ts'
import { sendCode, senderSettings } from './one-time-password-sender.ts'

/** Sends the one-time password by mail (PingAM: OTP Email Sender node). */
export const smtpSender = nodeType({
  type: 'OneTimePasswordSmtpSenderNode',
  name: 'OTP Email Sender',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    ...senderSettings,
    emailAttribute: nodeSetting(
      'Email Attribute Name',
      text,
      'mail',
      'Which attribute is the address.',
    ),
    emailSubject: nodeSetting('The subject of the email', localText, {}, 'By locale.'),
    emailContent: nodeSetting(
      'The content of the email',
      localText,
      {},
      '`{{OTP}}` is the password.',
    ),
  },
  outcomes: () => oneOutcome,
  acts: always,
  async process(turn, values) {
    const { emailAttribute } = values
    const collected =
      textIn(turn.state, 'emailAddress') ?? (await collectedIn(turn, emailAttribute))
    const user = collected === undefined ? await namedIn(turn) : undefined
    const address = user === undefined ? collected : await heldAt(turn, user, emailAttribute)
    return sendCode(turn, values, {
      letter: 'OneTimePasswordSmtpSenderNode',
      address: typeof address === 'string' ? address : '',
      of: user?.sub,
      account: user && provenSub(turn, user),
      ...{ subject: values.emailSubject, content: values.emailContent },
    })
  },
})

/**
 * The address that was asked for in this journey: of somebody who has no account yet, or has shown that the account is
 * theirs. Of anybody else's account the letter goes to the address that it has.
 */
async function collectedIn(turn: Turn, attribute: string): Promise<string | undefined> {
  const value = attributeIn(turn.state, attribute)
  if (typeof value !== 'string' || value === '') return undefined
  const user = await accountIn(turn)
  return user === undefined || isProven(turn, user) ? value : undefined
}
