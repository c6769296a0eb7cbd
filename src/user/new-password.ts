import type { JsonObject } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import { lengthOf } from './attribute.ts'
import { hashKindOf } from './hash/index.ts'
import { longestPassword } from './password.ts'
import { plainUsername } from './username.ts'

/** Characters of the shortest password that may be set (NIST SP 800-63B §5.1.1.2: no rule of composition). */
export const shortestPassword = 8

/** What is wrong with a password somebody wants to have; undefined: nothing. */
export function passwordProblem(password: string, username: string): Problem | undefined {
  const problem = (text: string, policyRequirement: string, params: JsonObject = {}): Problem => {
    return { path: 'userpassword', text, policy: { policyRequirement, params } }
  }
  if (!password.isWellFormed()) return problem('must be text', 'VALID_TYPE')
  const [minLength, maxLength] = [shortestPassword, longestPassword]
  if (lengthOf(password) < minLength)
    return problem(`must be at least ${minLength} characters`, 'MIN_LENGTH', { minLength })
  if (password.length > maxLength)
    return problem(`must be at most ${maxLength} characters`, 'MAX_LENGTH', { maxLength })
  if (plainUsername(password) !== plainUsername(username)) return undefined
  return problem('must be another one than the user name', 'CANNOT_CONTAIN_OTHERS', {
    disallowedFields: 'userName',
  })
}

/** How hashes begin that are not taken as they stand, and what they are. */
const others: readonly (readonly [begins: RegExp, name: string])[] = [
  [/^\$scrypt\$|^\$7\$|^\{scrypt\}/i, 'scrypt, which cannot be verified here'],
  [/^(?:\{crypt\})?\$[156]\$/i, 'crypt(3), which cannot be verified here'],
  [/^\{/, 'the form of a directory: `parapet import` takes those'],
]

/** What is wrong with a hash somebody hands over in place of a password; undefined: it can be verified here. */
export function passwordHashProblem(hash: string): string | undefined {
  const kind = hashKindOf(hash)
  if (kind !== undefined) return kind.problem(hash)
  const other = others.find(([begins]) => begins.test(hash))?.[1]
  return other === undefined
    ? 'must be a hash as it is stored here, such as $argon2id$v=19$m=19456,t=2,p=1$salt$hash'
    : `is ${other}`
}
