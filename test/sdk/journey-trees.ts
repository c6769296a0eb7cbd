/** Journeys that tests of the SDKs go through. */
import { failure, page as pageOf, success } from '../../src/journey/built-in/journey.ts'
import { tree } from '../trees.ts'

const password = {
  page: {
    type: 'PageNode',
    settings: pageOf(['name', 'UsernameCollectorNode'], ['word', 'PasswordCollectorNode']),
    to: { outcome: 'check' },
  },
  name: { type: 'UsernameCollectorNode' },
  word: { type: 'PasswordCollectorNode' },
} as const

/** Asks how, then for name and password, which may be wrong once. */
export const chosen = tree({
  how: {
    type: 'ChoiceCollectorNode',
    settings: { prompt: 'How?', choices: ['password', 'leave'], defaultChoice: 'leave' },
    to: { password: 'page', leave: failure },
  },
  ...password,
  check: { type: 'DataStoreDecisionNode', to: { true: success, false: 'limit' } },
  limit: {
    type: 'RetryLimitDecisionNode',
    settings: { retryLimit: 1, incrementUserAttributeOnFailure: false },
    to: { Retry: 'page', Reject: failure },
  },
})

const resource = { identityResource: 'managed/alpha_user' }

/** Registers whoever comes, once all that was sent keeps to the rules. */
export const joined = tree(
  {
    newPage: {
      type: 'PageNode',
      settings: pageOf(
        ['newName', 'ValidatedUsernameNode'],
        ['about', 'AttributeCollectorNode'],
        ['newWord', 'ValidatedPasswordNode'],
      ),
      to: { outcome: 'make' },
    },
    newName: { type: 'ValidatedUsernameNode', settings: { validateInput: true } },
    about: {
      type: 'AttributeCollectorNode',
      settings: { attributesToCollect: ['givenName', 'sn', 'mail'], required: true },
    },
    newWord: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    make: {
      type: 'CreateObjectNode',
      settings: resource,
      to: { CREATED: success, FAILURE: failure },
    },
  },
  resource,
)

/** Asks for a code of an authenticator app, which whoever has none registers before. */
export const second = tree({
  who: {
    type: 'PageNode',
    settings: pageOf(['whoName', 'UsernameCollectorNode'], ['whoWord', 'PasswordCollectorNode']),
    to: { outcome: 'proof' },
  },
  whoName: { type: 'UsernameCollectorNode' },
  whoWord: { type: 'PasswordCollectorNode' },
  proof: { type: 'DataStoreDecisionNode', to: { true: 'code', false: failure } },
  code: {
    type: 'OathTokenVerifierNode',
    to: { successOutcome: success, failureOutcome: failure, notRegisteredOutcome: 'app' },
  },
  app: {
    type: 'OathRegistrationNode',
    settings: { generateRecoveryCodes: false },
    to: { successOutcome: 'code', failureOutcome: failure },
  },
})

/** Goes on for whoever comes with the link in a letter. */
export const recalled = tree({
  address: {
    type: 'AttributeCollectorNode',
    settings: { attributesToCollect: ['mail'], required: true },
    to: { outcome: 'find' },
  },
  find: { type: 'IdentifyExistingUserNode', to: { true: 'letter', false: 'letter' } },
  letter: {
    type: 'EmailSuspendNode',
    settings: { emailTemplateName: 'forgottenUsername', objectLookup: true },
    to: { outcome: success },
  },
})
