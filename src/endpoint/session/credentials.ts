import { decodeWord } from '../../base/encoded-word.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { Callback, Inputs } from '../../journey/callback/callback.ts'

/** What AM's two headers carry: a login without a page. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** Undefined where not both are there. */
export function readCredentials(http: HttpRequest): Credentials | undefined {
  const username = header(http, 'x-openam-username')
  const password = header(http, 'x-openam-password')
  if (username === undefined || password === undefined) return undefined
  return { username: decodeWord(username), password: decodeWord(password) }
}

/** Answers for a page that asks nothing but name and password; undefined for any other step. */
export function inputsFrom(
  { username, password }: Credentials,
  callbacks: readonly Callback[],
): Inputs | undefined {
  const known = new Map([
    ['NameCallback', username],
    ['PasswordCallback', password],
  ])
  const inputs = callbacks.map(({ type, input }) => [input?.[0]?.name, known.get(type)] as const)
  if (inputs.some(([name, value]) => name === undefined || value === undefined)) return undefined
  return new Map(inputs as [string, string][])
}
