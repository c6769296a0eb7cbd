import type { Json } from '../../../base/json.ts'
import { flag, texts } from '../../../protocol/setting.ts'
import { attributeOf } from '../../../user/attribute.ts'
import { findEndUser } from '../../../user/end-user.ts'
import type { AttributeAsked, Validation } from '../../callback/attribute.ts'
import {
  booleanAttributeCallback,
  numberAttributeCallback,
  stringAttributeCallback,
} from '../../callback/attribute.ts'
import type { Answer, Asked } from '../../callback/callback.ts'
import { isSet } from '../../callback/callback.ts'
import type { Turn } from '../../journey.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { titleOf } from '../../person/title.ts'
import { heldIn, identitySetting, isProven } from '../../person/who.ts'
import type { JourneyState } from '../../state.ts'
import { attributeIn, putAttribute } from '../../state.ts'

/** Asks for what an account is to hold of its user (PingAM: Attribute Collector node). */
export const attributeCollector = nodeType({
  type: 'AttributeCollectorNode',
  name: 'Attribute Collector',
  tags: ['identity management'],
  settings: {
    attributesToCollect: nodeSetting(
      ...(['Attributes to Collect', texts, [], 'Names, or paths with `/`.'] as const),
      { required: true },
    ),
    required: nodeSetting(
      'All Attributes Required',
      flag,
      false,
      'Whether none may be left empty.',
    ),
    validateInputs: nodeSetting(
      'Validate Inputs',
      flag,
      false,
      'Whether values keep to the rules.',
    ),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => oneOutcome,
  async process(turn, { attributesToCollect: names, required, validateInputs }) {
    const { realm, state, answers, people } = turn
    const policiesOf = (name: string) => (validateInputs ? people.policies(realm, name) : {})
    if (answers === undefined) {
      const values = await startOf(turn, names)
      const callbacks = names.map((name, i) =>
        callbackOf(asked(name, required), values[i], { policies: policiesOf(name) }),
      )
      return callbacks.length === 0 ? passed('outcome', state) : asks(callbacks, state)
    }
    const found = await Promise.all(
      names.map(async (attribute, i) => {
        const value = answers[i]?.values[0] ?? ''
        const problems = validateInputs ? await people.problems(realm, { attribute, value }) : []
        return required && isEmpty(value) ? [missing(attribute), ...problems] : problems
      }),
    )
    const wrong = found.some((problems) => problems.length > 0)
    if (!wrong && !answers.some((each) => isSet(each, 1)))
      return passed('outcome', written(turn, names, answers))
    const callbacks = names.map((name, i) =>
      callbackOf(asked(name, required), answers[i]?.values[0], {
        ...{ policies: policiesOf(name), problems: found[i] ?? [] },
        validateOnly: isSet(answers[i], 1),
      }),
    )
    return asks(callbacks, state)
  },
})

function asked(name: string, required: boolean): AttributeAsked {
  return { name, prompt: titleOf(name), required }
}

function missing(path: string) {
  return { path, text: 'must be given', policy: { policyRequirement: 'REQUIRED' } }
}

function isEmpty(value: Json): boolean {
  return value === '' || value === null
}

/** What was collected before, else what is there already, which only its owner is shown. */
async function startOf(turn: Turn, names: readonly string[]): Promise<readonly Json[]> {
  const { realm, state, people } = turn
  const user = state.user && (await findEndUser(realm, state.user.sub))
  const theirs = user !== undefined && isProven(turn, user)
  const object = theirs ? await people.read(realm, user.sub) : undefined
  return names.map((name) => attributeIn(state, name) ?? heldIn(object ?? {}, name) ?? null)
}

/** By what the attribute is: preferences are answered by yes or no. */
function callbackOf(attribute: AttributeAsked, value: Json | undefined, more: Validation): Asked {
  const { name } = attribute
  const type = kindOf(name)
  if (type === 'boolean') return booleanAttributeCallback(attribute, value === true, more)
  if (type === 'number')
    return numberAttributeCallback(attribute, typeof value === 'number' ? value : null, more)
  return stringAttributeCallback(attribute, typeof value === 'string' ? value : '', more)
}

function kindOf(name: string): 'text' | 'number' | 'boolean' {
  if (name.startsWith('preferences/')) return 'boolean'
  const read = attributeOf(name)?.read
  if (read?.(true) === true) return 'boolean'
  return read?.('1') === 1 ? 'number' : 'text'
}

/** What was left empty is written only where it takes something away. */
function written(
  { state, asked: shown }: Turn,
  names: readonly string[],
  answers: readonly Answer[],
): JourneyState {
  return names.reduce((so, name, i) => {
    const value = answers[i]?.values[0] ?? ''
    const leave = isEmpty(value) && isEmpty(shown[i]?.values[0] ?? '')
    return leave ? so : putAttribute(so, 'shared', name, value)
  }, state)
}
