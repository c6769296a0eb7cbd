import type { Json } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { oneOf, text } from '../../../protocol/setting.ts'
import { NodeError, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { heldAt, heldIn, identitySetting, knownIn } from '../../person/who.ts'
import { objectIn, textIn } from '../../state.ts'

/** Whether an account has an attribute, a password too (PingAM: Attribute Present Decision node). */
export const attributePresent = nodeType({
  type: 'AttributePresentDecisionNode',
  name: 'Attribute Present Decision',
  tags: ['identity management'],
  settings: {
    presentAttribute: nodeSetting('Present Attribute', text, 'password', 'Which one.'),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { presentAttribute, identityAttribute }) {
    const value = await heldAt(turn, await knownIn(turn, identityAttribute), presentAttribute)
    return passed(value === undefined ? 'false' : 'true', turn.state)
  },
})

/** Whether an attribute has a value, or any (PingAM: Attribute Value Decision node). */
export const attributeValue = nodeType({
  type: 'AttributeValueDecisionNode',
  name: 'Attribute Value Decision',
  tags: ['identity management'],
  settings: {
    comparisonOperation: nodeSetting(
      ...([
        'Comparison Operation',
        oneOf('EQUALS', 'PRESENT'),
        'EQUALS',
        'What is asked.',
      ] as const),
    ),
    comparisonAttribute: nodeSetting('Comparison Attribute', text, '', 'Which one.', {
      required: true,
    }),
    comparisonValue: nodeSetting('Comparison Value', text, '', 'The value it is to have.'),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, values) {
    const { comparisonAttribute, comparisonOperation, comparisonValue, identityAttribute } = values
    const user = await knownIn(turn, identityAttribute)
    const value =
      comparisonAttribute === 'password' && comparisonOperation === 'EQUALS'
        ? undefined
        : await heldAt(turn, user, comparisonAttribute)
    const is =
      comparisonOperation === 'PRESENT' ? value !== undefined : equals(value, comparisonValue)
    return passed(is ? 'true' : 'false', turn.state)
  },
})

/** As the attribute's own type reads it; of several values one is enough. */
function equals(value: Json | undefined, wanted: string): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some((each) => equals(each, wanted))
  if (typeof value === 'boolean') return String(value) === wanted.toLowerCase()
  if (typeof value === 'number') return wanted.trim() !== '' && value === Number(wanted)
  return value === wanted
}

/** Whether a query filter asks for an account (PingAM: Query Filter Decision node). */
export const queryFilterDecision = nodeType({
  type: 'QueryFilterDecisionNode',
  name: 'Query Filter Decision',
  tags: ['identity management'],
  settings: {
    queryFilter: nodeSetting('Query Filter', text, '', '`mail co "example"`', { required: true }),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { queryFilter, identityAttribute }) {
    const { sub } = await knownIn(turn, identityAttribute)
    const is = await turn.people.fits(turn.realm, sub, queryFilter)
    if (is === undefined) throw new NodeError('the query filter is none')
    return passed(is ? 'true' : 'false', turn.state)
  },
})

/** What a whole profile has. */
const whole = (
  'userName givenName sn mail telephoneNumber postalAddress city stateProvince postalCode country ' +
  'displayName description profileImage preferences'
).split(' ')

/** Whether more than so much of a profile is there (PingAM: Profile Completeness Decision node). */
export const profileCompleteness = nodeType({
  type: 'ProfileCompletenessDecisionNode',
  name: 'Profile Completeness Decision',
  tags: ['identity management'],
  settings: {
    threshold: nodeSetting('Profile Completeness Threshold', wholeOrText(0, 100), 50, 'Per cent.', {
      required: true,
    }),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { threshold, identityAttribute }) {
    const { sub } = await knownIn(turn, identityAttribute)
    const object = (await turn.people.read(turn.realm, sub)) ?? {}
    const there = whole.filter((name) => heldIn(object, name) !== undefined).length
    return passed((100 * there) / whole.length > threshold ? 'true' : 'false', turn.state)
  },
})

/** Whether all was collected that an account must have (PingAM: Required Attributes Present node). */
export const requiredAttributes = nodeType({
  type: 'RequiredAttributesDecisionNode',
  name: 'Required Attributes Present',
  tags: ['identity management'],
  settings: {
    identityResource: nodeSetting('Identity Resource', text, 'managed/user', 'Whose objects.'),
  },
  outcomes: () => trueOrFalse,
  process({ state, people }) {
    const username = textIn(state, 'username')
    const collected = {
      ...(username === undefined ? {} : { userName: username }),
      ...objectIn(state, 'objectAttributes'),
    }
    const missing = people.required.filter((name) => !member(collected, name))
    return passed(missing.length === 0 ? 'true' : 'false', state)
  },
})
