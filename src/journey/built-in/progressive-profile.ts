import { builtIn, success } from './journey.ts'
import { asked, patched } from './part/part.ts'

const ids = {
  count: 'be807f60-5196-4e53-a2aa-8fe4a1c36001',
  lacks: 'be807f60-5196-4e53-a2aa-8fe4a1c36002',
  ask: 'be807f60-5196-4e53-a2aa-8fe4a1c36003',
  wishes: 'be807f60-5196-4e53-a2aa-8fe4a1c36004',
  patch: 'be807f60-5196-4e53-a2aa-8fe4a1c36005',
} as const

/** Asks at the third login what somebody wants to hear of; nobody is kept out by it. For other journeys to run. */
export const progressiveProfile = builtIn(
  'Ask for more at the third login.',
  {
    [ids.count]: {
      type: 'LoginCountDecisionNode',
      name: 'Login Count Decision',
      settings: { interval: 'AT', amount: 3, identityAttribute: 'userName' },
      to: { true: ids.lacks, false: success },
    },
    [ids.lacks]: {
      type: 'QueryFilterDecisionNode',
      name: 'Query Filter Decision',
      settings: {
        queryFilter:
          '!(/preferences pr) or /preferences/marketing eq false or /preferences/updates eq false',
        identityAttribute: 'userName',
      },
      to: { true: ids.ask, false: success },
    },
    [ids.ask]: asked([[ids.wishes, 'AttributeCollectorNode']], ids.patch, {
      pageHeader: {
        en: 'What do you want to hear of?',
        de: 'Worüber möchten Sie etwas erfahren?',
      },
    }),
    [ids.wishes]: {
      type: 'AttributeCollectorNode',
      settings: {
        attributesToCollect: ['preferences/updates', 'preferences/marketing'],
        identityAttribute: 'userName',
      },
    },
    [ids.patch]: patched({ patchAsObject: false, ignoredFields: ['userName'] }, success),
  },
  { uiConfig: { categories: '["Progressive Profile"]' } },
)
