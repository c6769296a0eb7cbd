import { flag, text, texts } from '../../../protocol/setting.ts'
import type { Outcome } from '../../journey.ts'
import { NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identitySetting } from '../../person/who.ts'
import { putShared } from '../../state.ts'

const social: Outcome = { id: 'socialAuthentication', displayName: 'Social Authentication' }
const local: Outcome = { id: 'localAuthentication', displayName: 'Local Authentication' }

/**
 * Which identity provider somebody logs in with (PingAM: Select Identity Provider node). There are none here, so that the
 * one candidate is the password, which is taken without asking.
 */
export const selectIdP = nodeType({
  type: 'SelectIdPNode',
  name: 'Select Identity Provider',
  tags: ['social', 'federation'],
  settings: {
    includeLocalAuthentication: nodeSetting(
      'Include Local Authentication',
      flag,
      true,
      'Whether the password is one of the ways.',
    ),
    offerOnlyExisting: nodeSetting('Offer Only Existing', flag, false, 'Only ways they have used.'),
    passwordAttribute: nodeSetting('Password Attribute', text, 'password', 'What it is kept as.'),
    identityAttribute: identitySetting('mail'),
    filteredProviders: nodeSetting('Filter Enabled Providers', texts, [], 'Only these.'),
  },
  outcomes: ({ includeLocalAuthentication }) =>
    includeLocalAuthentication ? [social, local] : [social],
  process({ state }, { includeLocalAuthentication }) {
    if (!includeLocalAuthentication) throw new NodeError('no identity provider to choose from')
    return passed('localAuthentication', putShared(state, { selectedIdp: 'localAuthentication' }))
  },
})
