import type { JsonObject } from '../../base/json.ts'
import type { Policy } from '../../protocol/problem.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { lengthOf } from '../attribute.ts'
import { plainUsername } from '../username.ts'
import { widespreadPasswords } from './widespread.ts'

/** Longer ones are nobody's: hashing takes time by length. Bytes are at most three times as many. */
export const longestPassword = 1024

/** What of a realm says what passwords have to be. */
export interface PasswordSettings {
  readonly provider: Pick<
    OAuth2Provider,
    | 'passwordMinLength'
    | 'passwordMinCapitals'
    | 'passwordMinNumbers'
    | 'passwordMinOthers'
    | 'passwordRefuseName'
    | 'passwordRefuseCommon'
  >
}

type Settings = PasswordSettings['provider']

/** One rule, by the names that PingIDM has for it. */
interface PasswordRule {
  readonly policyId: string
  readonly policyRequirement: string
  /** What it goes by; undefined: the realm does not have it. */
  readonly params: (settings: Settings) => Readonly<Record<string, number | string>> | undefined
  readonly text: (amount: number | string | undefined) => string
  readonly breaks: (password: string, username: string, settings: Settings) => boolean
}

/** At least so many characters of a kind. */
function atLeast(
  [policyId, policyRequirement, param]: readonly [string, string, string],
  setting: 'passwordMinCapitals' | 'passwordMinNumbers' | 'passwordMinOthers',
  of: RegExp,
  what: string,
): PasswordRule {
  return {
    ...{ policyId, policyRequirement },
    params: ({ [setting]: least }) => (least === 0 ? undefined : { [param]: least }),
    text: (least) => `must have at least ${least} ${what}`,
    breaks: (password, _, { [setting]: least }) => (password.match(of)?.length ?? 0) < least,
  }
}

/** Every rule, in the order in which they are told. */
const rules: readonly PasswordRule[] = [
  {
    ...{ policyId: 'valid-type', policyRequirement: 'VALID_TYPE' },
    params: () => ({ types: 'string' }),
    text: () => 'must be text',
    breaks: (password) => !password.isWellFormed(),
  },
  {
    ...{ policyId: 'minimum-length', policyRequirement: 'MIN_LENGTH' },
    params: ({ passwordMinLength: minLength }) => ({ minLength }),
    text: (least) => `must be at least ${least} characters`,
    breaks: (password, _, { passwordMinLength }) => lengthOf(password) < passwordMinLength,
  },
  {
    ...{ policyId: 'maximum-length', policyRequirement: 'MAX_LENGTH' },
    params: () => ({ maxLength: longestPassword }),
    text: (most) => `must be at most ${most} characters`,
    breaks: (password) => password.length > longestPassword,
  },
  atLeast(
    ['at-least-X-capitals', 'AT_LEAST_X_CAPITAL_LETTERS', 'numCaps'],
    ...(['passwordMinCapitals', /\p{Lu}/gu, 'capital letters'] as const),
  ),
  atLeast(
    ['at-least-X-numbers', 'AT_LEAST_X_NUMBERS', 'numNums'],
    ...(['passwordMinNumbers', /\p{Nd}/gu, 'digits'] as const),
  ),
  atLeast(
    ['character-set', 'CHARACTER_SET', 'minSpecial'],
    ...([
      'passwordMinOthers',
      /[^\p{L}\p{Nd}]/gu,
      'characters that are no letter or digit',
    ] as const),
  ),
  {
    ...{ policyId: 'cannot-contain-others', policyRequirement: 'CANNOT_CONTAIN_OTHERS' },
    params: () => ({ disallowedFields: 'userName' }),
    text: () => 'must be another one than the user name',
    breaks: (password, username, { passwordRefuseName }) => {
      const [word, name] = [password, username].map(plainUsername) as [string, string]
      return word === name || (passwordRefuseName && name !== '' && word.includes(name))
    },
  },
  {
    ...{ policyId: 'not-common', policyRequirement: 'NOT_COMMON' },
    params: ({ passwordRefuseCommon }) => (passwordRefuseCommon ? {} : undefined),
    text: () => 'must not be one that very many people have',
    breaks: (password) => widespreadPasswords.has(password.toLowerCase()),
  },
]

/** A rule that a password breaks. */
export interface BrokenRule {
  readonly text: string
  readonly policy: Policy
}

/** What a realm refuses a password for. */
export function brokenRules(
  { provider }: PasswordSettings,
  password: string,
  username: string,
): readonly BrokenRule[] {
  return rules.flatMap(({ policyRequirement, params: paramsOf, text, breaks }) => {
    const params = paramsOf(provider)
    if (params === undefined || !breaks(password, username, provider)) return []
    return [{ text: text(Object.values(params)[0]), policy: { policyRequirement, params } }]
  })
}

/** The rules a realm has, as PingIDM writes them. */
export function passwordPolicies({ provider }: PasswordSettings): readonly JsonObject[] {
  return rules.flatMap(({ policyId, policyRequirement, params: paramsOf }): JsonObject[] => {
    const params = paramsOf(provider)
    return params === undefined
      ? []
      : [{ policyId, params, policyRequirements: [policyRequirement] }]
  })
}
