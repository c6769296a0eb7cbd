import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { readAddress } from '../../../mail/letter.ts'
import { flag, text } from '../../../protocol/setting.ts'
import { suspendedTextOutputCallback } from '../../callback/basic.ts'
import { admitSuspended } from '../../engine/admission.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { always, NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import {
  localized,
  localText,
  mostSuspended,
  nodeSetting,
  wholeOrText,
} from '../../node-setting.ts'
import { identitySetting, meantIn, provenSub } from '../../person/who.ts'
import type { JourneyState } from '../../state.ts'
import { attributeIn, objectIn } from '../../state.ts'
import { letterFor, mailOf, mayWriteOnce } from './letter.ts'

const sent =
  'An email has been sent to the address you entered. Click the link in that email to proceed.'

/**
 * Sends a link, and waits for whoever comes with it (PingAM: Email Suspend node). It answers the same, and as fast,
 * whether or not there is somebody to write to: whom the letter goes to is looked up when it is made.
 */
export const emailSuspend = nodeType({
  type: 'EmailSuspendNode',
  name: 'Email Suspend Node',
  tags: ['identity management'],
  settings: {
    emailTemplateName: nodeSetting(
      'Email Template Name',
      text,
      'registration',
      'What the letter is made of.',
    ),
    emailAttribute: nodeSetting('Email Attribute', text, 'mail', 'Which attribute is the address.'),
    emailSuspendMessage: nodeSetting(
      'Email Suspend Message',
      localText,
      { en: sent },
      'What is said meanwhile, by locale.',
    ),
    objectLookup: nodeSetting(
      'Object Lookup',
      flag,
      false,
      'Whether the letter goes to an account that there is; else to what was collected.',
    ),
    identityAttribute: identitySetting('userName'),
    suspendDuration: nodeSetting<number | undefined>(
      'Suspend Duration',
      wholeOrText(1, mostSuspended),
      undefined,
      'Minutes for which the link serves; absent: as the realm says.',
    ),
  },
  outcomes: () => oneOutcome,
  acts: always,
  async process(turn, values) {
    const { realm, state, visit, resumed } = turn
    const { emailTemplateName: letter, emailAttribute, objectLookup, identityAttribute } = values
    if (resumed && objectLookup) return stillTheirs(turn, values)
    if (resumed) return passed('outcome', confirmed(state, emailAttribute))
    const { locales, peer } = visit
    const mayWrite = mayWriteOnce()
    const made = async () => {
      const { object, account } = await objectOf(turn, objectLookup, identityAttribute)
      const address = object && member(object, emailAttribute)
      const resumeURI = turn.resumeUri(objectLookup ? plainAddress(address) : undefined)
      return letterFor(realm, {
        ...{ template: letter, address, account, locales, peer, mayWrite },
        object: { ...object, resumeURI },
      })
    }
    const mail = mailOf(realm)
    await admitSuspended(realm, peer)
    if (!mail.send({ realm: realm.path, letter }, made))
      throw new NodeError('too many letters are on their way')
    const message = localized(values.emailSuspendMessage, locales) ?? sent
    const callbacks = [suspendedTextOutputCallback(message)]
    return { kind: 'suspend', minutes: values.suspendDuration, callbacks, state }
  },
})

/**
 * Whoever comes with a link that went to an account: one that was ended since, or that is not the one any more which was
 * named, or that has another address by now, is nobody's to go on with.
 */
async function stillTheirs(
  turn: Turn,
  { emailAttribute, identityAttribute }: ByAccount,
): Promise<NodeResult> {
  const { realm, state, people } = turn
  const user = await meantIn(turn, identityAttribute)
  const object = user?.status === 'Active' ? await people.read(realm, user.sub) : undefined
  const address = object && member(object, emailAttribute)
  if (object !== undefined && turn.isSentTo(plainAddress(address))) return passed('outcome', state)
  throw new NodeError('the account is not as it was when the letter was sent')
}

/** What of the node's settings says which account it is, and which of its addresses. */
interface ByAccount {
  readonly emailAttribute: string
  readonly identityAttribute: string
}

/** As the letter is addressed; empty for what is no address, and gets none. */
function plainAddress(address: unknown): string {
  return (typeof address === 'string' ? readAddress(address)?.address : undefined) ?? ''
}

/**
 * The link went to the address that was collected, so it is theirs. Where the letter went to an account's, that may have
 * become another one since.
 */
function confirmed(state: JourneyState, emailAttribute: string): JourneyState {
  const address = member(objectIn(state, 'objectAttributes'), emailAttribute)
  const is = typeof address === 'string' && readAddress(address)?.address === address
  return is ? { ...state, confirmed: address } : state
}

/** What the letter may say, the address among it: of the account, or of what was collected where nobody is looked up. */
async function objectOf(
  turn: Turn,
  lookup: boolean,
  identityAttribute: string,
): Promise<{ readonly object?: JsonObject; readonly account?: string | undefined }> {
  const { realm, state, people } = turn
  const collected = objectIn(state, 'objectAttributes')
  if (!lookup) return { object: { ...collected, userName: attributeIn(state, 'userName') ?? '' } }
  const user = await meantIn(turn, identityAttribute).catch(asNobody)
  if (user?.status !== 'Active') return {}
  // Never to what was typed: only what the account holds is known to be its owner's.
  const object = { ...collected, ...(await people.read(realm, user.sub)) }
  return { object, account: provenSub(turn, user) }
}

function asNobody(error: unknown): undefined {
  if (!(error instanceof NodeError)) throw error
}
