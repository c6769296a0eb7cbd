import { text } from '../../../protocol/setting.ts'
import type { EndUser } from '../../../user/end-user.ts'
import type { Turn } from '../../journey.ts'
import { always, nodeType, oneOutcome } from '../../journey.ts'
import { localText, nodeSetting } from '../../node-setting.ts'
import { heldAt, namedIn, provenSub } from '../../person/who.ts'
import { sendCode, senderSettings } from './one-time-password-sender.ts'

/**
 * Sends the one-time password as a text message, by a gateway that takes mail (PingAM: OTP SMS Sender node): to the
 * number at the carrier's host, or to what the account holds where that is an address already.
 */
export const smsSender = nodeType({
  type: 'OneTimePasswordSmsSenderNode',
  name: 'OTP SMS Sender',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    ...senderSettings,
    mobilePhoneAttributeName: nodeSetting(
      'Mobile Phone Number Attribute Name',
      text,
      'telephoneNumber',
      'Which attribute is the number.',
    ),
    mobileCarrierAttributeName: nodeSetting(
      'Mobile Carrier Attribute Name',
      text,
      '',
      'Which attribute is the host of the gateway: `txt.example.com`.',
    ),
    smsSubject: nodeSetting('The subject of the message', localText, {}, 'By locale.'),
    smsContent: nodeSetting(
      'The content of the message',
      localText,
      {},
      '`{{OTP}}` is the password.',
    ),
  },
  outcomes: () => oneOutcome,
  acts: always,
  async process(turn, values) {
    const user = await namedIn(turn)
    return sendCode(turn, values, {
      letter: 'OneTimePasswordSmsSenderNode',
      address: await gatewayAddress(turn, user, values),
      of: user.sub,
      account: provenSub(turn, user),
      ...{ subject: values.smsSubject, content: values.smsContent },
    })
  },
})

async function gatewayAddress(
  turn: Turn,
  user: EndUser,
  names: { readonly mobilePhoneAttributeName: string; readonly mobileCarrierAttributeName: string },
): Promise<string> {
  const { mobilePhoneAttributeName, mobileCarrierAttributeName } = names
  const held = async (name: string): Promise<string> => {
    const value = name === '' ? undefined : await heldAt(turn, user, name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const number = await held(mobilePhoneAttributeName)
  if (number.includes('@')) return number
  const carrier = (await held(mobileCarrierAttributeName)).replace(/^@/, '')
  return `${number.replaceAll(/[^\d]/g, '')}@${carrier}`
}
