import { member } from '../../../base/json.ts'
import { noteOf } from '../../../user/notes.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { activeTerms, kbaSettings } from '../../person/idm-configuration.ts'
import { answersKept } from '../../person/kba.ts'
import { identitySetting, knownIn } from '../../person/who.ts'

/** Whether an account has accepted the terms that hold now; so has everybody where there are none (PingAM: Terms and Conditions Decision node). */
export const termsDecision = nodeType({
  type: 'TermsAndConditionsDecisionNode',
  name: 'Terms and Conditions Decision',
  tags: ['identity management'],
  settings: { identityAttribute: identitySetting('userName') },
  outcomes: () => trueOrFalse,
  async process(turn, { identityAttribute }) {
    const active = await activeTerms(turn.realm)
    if (active === undefined) return passed('true', turn.state)
    const user = await knownIn(turn, identityAttribute)
    const accepted = noteOf(user, 'termsAccepted') ?? {}
    const is = member(accepted, 'termsVersion') === active.version
    return passed(is ? 'true' : 'false', turn.state)
  },
})

/** Whether an account has answers to as many questions as there must be (PingAM: KBA Decision node). */
export const kbaDecision = nodeType({
  type: 'KbaDecisionNode',
  name: 'KBA Decision',
  tags: ['identity management'],
  settings: { identityAttribute: identitySetting('userName') },
  outcomes: () => trueOrFalse,
  async process(turn, { identityAttribute }) {
    const settings = await kbaSettings(turn.realm)
    const user = await knownIn(turn, identityAttribute)
    const kept = answersKept(user, settings, turn.visit.locales)
    return passed(kept.length >= settings.toDefine ? 'true' : 'false', turn.state)
  },
})
