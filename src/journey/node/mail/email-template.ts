import { member } from '../../../base/json.ts'
import { readAddress } from '../../../mail/letter.ts'
import { text } from '../../../protocol/setting.ts'
import { always, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identitySetting, meantIn, provenSub } from '../../person/who.ts'
import { letterFor, mayWriteOnce, templateOf } from './letter.ts'

/** Sends a letter to the account of the journey, and goes on (PingAM: Email Template node). */
export const emailTemplate = nodeType({
  type: 'EmailTemplateNode',
  name: 'Email Template Node',
  tags: ['identity management'],
  settings: {
    emailTemplateName: nodeSetting(
      'Email Template Name',
      text,
      'welcome',
      'What the letter is made of.',
    ),
    emailAttribute: nodeSetting('Email Attribute', text, 'mail', 'Which attribute is the address.'),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => [
    { id: 'EMAIL_SENT', displayName: 'Email Sent' },
    { id: 'EMAIL_NOT_SENT', displayName: 'Email Not Sent' },
  ],
  acts: always,
  async process(turn, { emailTemplateName: letter, emailAttribute, identityAttribute }) {
    const { realm, state, visit, people } = turn
    const { locales, peer } = visit
    const user = await meantIn(turn, identityAttribute)
    const object = user && (await people.read(realm, user.sub))
    const address = object && member(object, emailAttribute)
    const given = typeof address === 'string' && readAddress(address) !== undefined
    const possible = given && (await templateOf(realm, letter, locales)) !== undefined
    const mayWrite = mayWriteOnce()
    const make = () =>
      letterFor(realm, {
        ...{ template: letter, address, object: object ?? {}, locales, peer, mayWrite },
        account: user && provenSub(turn, user),
      })
    const taken = possible && realm.mail?.send({ realm: realm.path, letter }, make) === true
    return passed(taken ? 'EMAIL_SENT' : 'EMAIL_NOT_SENT', state)
  },
})
