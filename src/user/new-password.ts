import type { JsonObject } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import { lengthOf } from './attribute.ts'
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

/** Argon2id, as PHC writes it: memory in KiB, passes, lanes, salt and hash in base64. */
const argon2id =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** A login is to cost neither much more nor much less than with a hash made here. */
const memory = { least: 7168, most: 262_144 }
const mostPasses = 10
const mostLanes = 8

/** How hashes of other kinds begin. */
const others: readonly (readonly [begins: RegExp, name: string])[] = [
  [/^\$argon2[di]\$/, 'Argon2d or Argon2i'],
  [/^(?:\{(?:crypt|bcrypt)\})?\$2[abxy]?\$/i, 'bcrypt'],
  [/^\$scrypt\$|^\$7\$|^\{scrypt\}/i, 'scrypt'],
  [/^\$pbkdf2|^\{pbkdf2/i, 'PBKDF2'],
  [/^(?:\{crypt\})?\$[156]\$/i, 'crypt(3)'],
  [/^\{s?(?:md5|sha\d*)\}/i, 'a plain hash of a directory'],
]

/** What is wrong with a hash somebody hands over in place of a password; undefined: it can be verified here. */
export function passwordHashProblem(hash: string): string | undefined {
  const parts = argon2id.exec(hash)
  if (parts !== null) {
    const [m = 0, t = 0, p = 0] = parts.slice(1, 4).map(Number)
    const good = m >= memory.least && m <= memory.most && t >= 1 && t <= mostPasses
    if (good && p >= 1 && p <= mostLanes) return undefined
    return `must have m from ${memory.least} to ${memory.most}, t from 1 to ${mostPasses}, p from 1 to ${mostLanes}`
  }
  const kind = others.find(([begins]) => begins.test(hash))?.[1]
  return kind === undefined
    ? 'must be an Argon2id hash in PHC form: $argon2id$v=19$m=19456,t=2,p=1$salt$hash'
    : `is ${kind}, which cannot be verified here: it must be an Argon2id hash in PHC form`
}
