import { attributes, html } from '../../base/html.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../base/json.ts'
import type { Messages } from '../messages/message.ts'
import type { Below, Question } from './question.ts'
import { outputOf } from './question.ts'

/** A rule for a value, by PingIDM's name, with what its first parameter is. */
interface Policy {
  readonly name: string
  readonly value: string
}

/** What a value has to be, in words, and what of it was not met; absent where there is nothing to say. */
export function policiesBelow(asked: Question): Pick<Below, 'text' | 'wrong'> {
  const failed = failedPolicies(asked)
  const isFailed = ({ name }: Policy): boolean => failed.some((each) => each.name === name)
  const told = wantedPolicies(asked).filter((each) => !isFailed(each) && isTold(each))
  const lines = [
    ...failed.map((each) => [each, true] as const),
    ...told.map((e) => [e, false] as const),
  ]
  if (lines.length === 0) return { text: undefined, wrong: false }
  const words = asked.messages.question
  const items = lines.map(
    ([policy, unmet]) =>
      html`<li ${attributes({ class: unmet ? 'unmet' : undefined })}>${unmet && html`<span class="unseen">${words.unmet} </span>`}${wordsFor(asked.messages, policy)}</li>\n`,
  )
  const text = html`<ul class="policies" id="${asked.id}_about">\n${items}</ul>\n`
  return { text, wrong: failed.length > 0 }
}

/** Nobody needs to be told these before they were broken. */
const silent: ReadonlySet<string> = new Set([
  ...['REQUIRED', 'VALID_TYPE', 'UNIQUE', 'VALID_USERNAME', 'MAX_LENGTH'],
])

function isTold({ name, value }: Policy): boolean {
  return !silent.has(name) && !(name === 'MIN_LENGTH' && value === '1')
}

function wordsFor({ question }: Messages, { name, value }: Policy): string {
  const words: Readonly<Record<string, (value: string) => string>> = question.policies
  return Object.hasOwn(words, name) ? (words[name]?.(value) ?? '') : question.otherPolicy(name)
}

/** PingIDM: the policy object of a property. */
function wantedPolicies(asked: Question): readonly Policy[] {
  const policies = outputOf(asked, 'policies')
  const rows = isObject(policies) ? member(policies, 'policies') : undefined
  if (!Array.isArray(rows)) return []
  return (rows as readonly Json[]).filter(isObject).flatMap((row) => {
    const names = member(row, 'policyRequirements')
    const params = member(row, 'params')
    const value = valueIn(isObject(params) ? params : {})
    return Array.isArray(names) ? names.map((name) => ({ name: String(name), value })) : []
  })
}

/** PingAM: objects of JSON, each written as text. */
function failedPolicies(asked: Question): readonly Policy[] {
  const rows = outputOf(asked, 'failedPolicies')
  if (!Array.isArray(rows)) return []
  return (rows as readonly Json[]).flatMap((row) => {
    const read = typeof row === 'string' ? parseJsonObject(row) : isObject(row) ? row : undefined
    const name = read && member(read, 'policyRequirement')
    const params = read && member(read, 'params')
    return typeof name === 'string'
      ? [{ name, value: valueIn(isObject(params) ? params : {}) }]
      : []
  })
}

function valueIn(params: JsonObject): string {
  const [first] = Object.values(params)
  const texts = Array.isArray(first) ? (first as readonly Json[]) : [first]
  return texts
    .flatMap((each) => (typeof each === 'string' || typeof each === 'number' ? [each] : []))
    .join(' ')
}
