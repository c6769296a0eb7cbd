import type { Json } from '../base/json.ts'
import { passwordHashProblem } from '../user/new-password/new-password.ts'
import type { Leftover } from './found.ts'

/** What stands where another system keeps a password. Neither is ever told to anybody. */
export type PasswordRead =
  | { readonly hash: string }
  | { readonly clear: string }
  /** What is wrong with it, without any of it. */
  | { readonly problem: string }

/** Takes a hash in its stored form if it can be verified, and at a bearable cost. */
export function storedHash(hash: string | undefined): PasswordRead {
  const problem = hash === undefined ? 'is malformed' : passwordHashProblem(hash)
  return problem === undefined ? { hash: hash as string } : { problem }
}

/** Base64 as other programs write it: with `.` for `+`, or without padding. */
export function bytesOf(text: string): Buffer | undefined {
  const plain = text.replaceAll('.', '+')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(plain) ? Buffer.from(plain, 'base64') : undefined
}

/** Puts a password where a row takes it; one in clear only where that is wanted. */
export function takePassword(
  read: PasswordRead,
  said: Map<string, Json | undefined>,
  clear: boolean,
): readonly Leftover[] {
  if ('hash' in read) said.set('passwordHash', read.hash)
  else if ('clear' in read && clear) said.set('userpassword', read.clear)
  else if ('clear' in read) return [{ attribute: 'password', why: inClear }]
  else return [{ attribute: 'password', why: read.problem }]
  return []
}

const inClear = 'is in clear: --clear-passwords hashes those'
