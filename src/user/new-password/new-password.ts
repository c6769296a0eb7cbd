import type { Problem } from '../../protocol/problem.ts'
import { hashKindOf } from '../hash/index.ts'
import type { PasswordSettings } from './policy.ts'
import { brokenRules } from './policy.ts'

/** Every realm asks for as many characters, or more (NIST SP 800-63B §5.1.1.2). */
export const shortestPassword = 8

/** What is wrong with a password somebody wants to have; undefined: nothing. */
export function passwordProblem(
  realm: PasswordSettings,
  password: string,
  username: string,
): Problem | undefined {
  return passwordProblems(realm, password, username)[0]
}

/** The same, every rule that it breaks. */
export function passwordProblems(
  realm: PasswordSettings,
  password: string,
  username: string,
): readonly Problem[] {
  return brokenRules(realm, password, username).map((each) => ({ path: 'userpassword', ...each }))
}

/** The same of the one rule that is about the name: what of a password is wrong once its account is called otherwise. */
export function nameInPassword(
  realm: PasswordSettings,
  password: string,
  username: string,
): readonly Problem[] {
  return passwordProblems(realm, password, username).filter(
    ({ policy }) => policy?.policyRequirement === 'CANNOT_CONTAIN_OTHERS',
  )
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
