import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJson } from '../../base/json.ts'
import type { ServiceAccount } from '../../client/service-account/account.ts'
import { isServiceAccountId } from '../../client/service-account/account.ts'
import { readKeySet } from '../../jose/jwks.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { reading, text } from '../../protocol/setting.ts'
import { matching, textOf, textsOf } from '../../protocol/value/text.ts'

/** What an account is to be, whole. */
export type ServiceAccountInput = Omit<ServiceAccount, 'id' | 'incarnation'>

const longestSet = 65_536

const keys: Read<string> = Object.assign(
  reading('a JWK Set as text', { type: 'string', format: 'jwk-set' }, (value) =>
    typeof value === 'string' ? value : undefined,
  ),
  { faults: (value: Json): readonly Problem[] => keyProblems(value as string) },
)

/** A member of the object: how it is read, what it is where nothing is said. */
interface Row<T> {
  readonly read: Read<T>
  readonly fallback: T | undefined
  readonly about: string
}

const name: Row<string> = {
  read: textOf(matching(/^\S(?:.{0,98}\S)?$/, 'a name of 1 to 100 characters', 'names')),
  fallback: undefined,
  about: 'What it is called, in lists and in the log.',
}

const description: Row<string> = { read: text, fallback: '', about: 'What it is for.' }

const status: Row<ServiceAccount['status']> = {
  read: reading('"Active" or "Inactive"', { enum: ['Active', 'Inactive'] }, (value) =>
    (['Active', 'Inactive'] as const).find(
      (word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase(),
    ),
  ),
  fallback: 'Active',
  about: 'While it is Inactive it gets no token; those it has are worth nothing, then and later.',
}

const scope = matching(
  /^fr:[a-z0-9:*._-]{1,100}$/,
  'a scope that begins with fr:',
  'scopes that begin with fr:',
)

const scopes: Row<readonly string[]> = {
  read: textsOf(scope, 50),
  fallback: [],
  about:
    'What its tokens may be for: `fr:am:*` administers at `/am/json`, `fr:idm:*` at `/openidm`.',
}

const jwks: Row<string> = {
  read: keys,
  fallback: '',
  about: 'Its public keys, a JWK Set as text. Tokens end when a key is taken away.',
}

const rows = { name, description, accountStatus: status, scopes, jwks } as const

/** What the kind `service-account` takes. */
export const serviceAccountSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(rows).map(([member, { read, about, fallback }]) => [
      member,
      {
        ...read.schema,
        description: about,
        ...(fallback === undefined ? {} : { default: fallback }),
      },
    ]),
  ),
  additionalProperties: false,
}

/** What AM shows beside what can be set: whoever sends back what they read sends it, too. */
const derived = ['maxCachingTime', 'maxIdleTime', 'maxSessionTime', 'quotaLimit']

interface InputRead {
  readonly wanted: ServiceAccountInput
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** Reads what somebody wants an account to be; `called`: the name they named it by. */
export function readServiceAccountInput(
  input: JsonObject,
  before: ServiceAccount | undefined,
  called: string | undefined,
): InputRead {
  const problems: Problem[] = []
  const take = <T>(path: keyof typeof rows, row: Row<T>, kept: T | undefined): T | undefined => {
    const said = member(input, path)
    if (said === undefined) return kept ?? row.fallback
    if (said === null) return row.fallback
    const value = row.read(said)
    if (value === undefined) problems.push({ path, text: `must be ${row.read.wants}` })
    const faults = value === undefined ? [] : (row.read.faults?.(said) ?? [])
    problems.push(...faults.map((fault) => ({ ...fault, path: path + fault.path })))
    return value ?? row.fallback
  }
  const wanted = {
    name: take('name', name, before?.name ?? called) ?? '',
    description: take('description', description, before?.description) ?? '',
    status: take('accountStatus', status, before?.status) ?? 'Active',
    scopes: take('scopes', scopes, before?.scopes) ?? [],
    jwks: take('jwks', jwks, before?.jwks) ?? '',
  }
  const wrongName = problems.some(({ path }) => path === 'name')
    ? undefined
    : nameProblem(wanted.name, before === undefined ? called : undefined)
  if (wrongName !== undefined) problems.push({ path: 'name', ...wrongName })
  const unknown = Object.keys(input).filter(
    (each) => !each.startsWith('_') && !Object.hasOwn(rows, each) && !derived.includes(each),
  )
  return { wanted, problems, unknown }
}

function nameProblem(is: string, called: string | undefined): Omit<Problem, 'path'> | undefined {
  if (is === '') return { text: 'must be given', policy: { policyRequirement: 'REQUIRED' } }
  if (isServiceAccountId(is)) return { text: 'must not be a UUID, which would be an id' }
  return called === undefined || called === is
    ? undefined
    : { text: 'must be the one it is called by' }
}

/** A set that publishes a private key is refused: whoever reads it could speak for the account. */
function keyProblems(jwks: string): readonly Problem[] {
  if (jwks === '') return []
  if (jwks.length > longestSet) return [{ path: '', text: 'the key set is too long' }]
  const set = readKeySet(parseJson(jwks))
  if (!set.ok) return [{ path: '', text: set.reason }]
  if (set.keys.length > 0) return []
  return [{ path: '', text: set.ignored.join(', ') || 'the key set has no keys' }]
}

/** An account in the names of its JSON. */
export function valueOf(account: ServiceAccount): JsonObject {
  const { status: accountStatus } = account
  return {
    name: account.name,
    description: account.description,
    accountStatus,
    scopes: account.scopes,
    jwks: account.jwks,
  }
}

/** Whether a key of one set is not in the other. */
export function keysGone(before: string, after: string): boolean {
  const left = materials(after)
  return materials(before).some((key) => !left.some((each) => isDeepStrictEqual(each, key)))
}

/** What makes a key that key, whatever it is called. */
function materials(jwks: string): readonly JsonObject[] {
  const set = parseJson(jwks)
  const all = isObject(set) ? member(set, 'keys') : undefined
  if (!Array.isArray(all)) return []
  return (all as readonly Json[]).filter(isObject).map((key) => {
    const names = ['kty', 'crv', 'x', 'y', 'n', 'e']
    return Object.fromEntries(names.map((name) => [name, member(key, name) ?? null]))
  })
}
