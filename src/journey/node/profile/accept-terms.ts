import { isoTime } from '../../../base/time.ts'
import { isSet } from '../../callback/callback.ts'
import { termsCallback } from '../../callback/platform.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { localized } from '../../node-setting.ts'
import { activeTerms } from '../../person/idm-configuration.ts'
import { putShared } from '../../state.ts'

/** Asks to accept the terms that hold now, until they are (PingAM: Accept Terms and Conditions node). Without any it passes. */
export const acceptTerms = nodeType({
  type: 'AcceptTermsAndConditionsNode',
  name: 'Accept Terms and Conditions',
  tags: ['identity management'],
  settings: {},
  outcomes: () => oneOutcome,
  async process({ realm, visit, state, answers }) {
    const active = await activeTerms(realm)
    if (active === undefined) return passed('outcome', state)
    if (isSet(answers?.[0])) {
      const termsAccepted = {
        acceptDate: isoTime(realm.timeOfDay()),
        termsVersion: active.version,
      }
      return passed('outcome', putShared(state, { termsAccepted }))
    }
    const { version, createDate } = active
    const terms = localized(active.terms, visit.locales) ?? ''
    return asks([termsCallback({ version, terms, createDate })], state)
  },
})
