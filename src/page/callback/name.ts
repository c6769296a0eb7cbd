import type { CallbackPage, Question } from '../question/question.ts'
import { barePrompt, input, startValue, textOf, textsOf } from '../question/question.ts'

/** The user name, or another short text that is asked as one. */
export const namePage: CallbackPage = {
  type: 'NameCallback',
  fields: 1,
  focus: 'empty',
  ask: (asked) => input(asked, { type: 'text', value: startValue(asked), ...purposeOf(asked) }),
}

export const textInputPage: CallbackPage = {
  type: 'TextInputCallback',
  fields: 1,
  focus: 'empty',
  ask: (asked) =>
    input(asked, { type: 'text', value: startValue(asked) ?? textOf(asked, 'defaultText') }),
}

/** Codes that are asked under the same callback as the user name. */
const codes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'One Time Password': { autocomplete: 'one-time-code', inputmode: 'numeric' },
  'Enter verification code': { autocomplete: 'one-time-code', inputmode: 'numeric' },
  'Recovery Code': { autocomplete: 'off' },
}

/** HTML §4.10.18.7.1: what browsers, keyboards and password managers fill in by themselves (PingAM: `autocompleteValues`). */
function purposeOf(asked: Question): Readonly<Record<string, string>> {
  const prompt = barePrompt(asked)
  if (Object.hasOwn(codes, prompt)) return codes[prompt] as Readonly<Record<string, string>>
  const named = textsOf(asked, 'autocompleteValues').filter((each) => /^[a-z-]{1,30}$/.test(each))
  return { autocomplete: named.length > 0 ? named.join(' ') : 'username' }
}
