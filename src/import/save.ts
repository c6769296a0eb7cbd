import { createHash } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { quietly } from '../base/log.ts'
import type { Site } from '../config/document/step.ts'
import { realmAt, trialOn } from '../config/document/step.ts'
import { without as withoutPaths } from '../config/document/told.ts'
import type { Change, Kind, Saved } from '../config/kind.ts'
import { anyState } from '../config/kind.ts'
import { oauth2ProviderKind } from '../config/oauth2-provider.ts'
import { realmKind } from '../config/realm.ts'
import { userKind } from '../config/user.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import { isSub } from '../user/account/key.ts'
import { newUuid } from '../user/end-user.ts'
import { plainUsername } from '../user/username.ts'
import type { Found, Leftover } from './found.ts'
import type { Came } from './report.ts'

/** What became of an object; `leftovers`: what of it was not taken. */
export type Outcome =
  | { readonly came: Came; readonly leftovers: readonly Leftover[] }
  | { readonly problems: readonly Problem[] }

export interface Saving {
  /** Gives people that are here already the password of the file again. */
  readonly replacePasswords: boolean
}

const change: Change = { by: 'import', condition: anyState, trusted: true }

/** Writes what was found, if that changes anything. */
export async function saveObject(site: Site, found: Found): Promise<Outcome> {
  const { kind, leftovers } = found
  if (kind === undefined) return { came: 'same', leftovers }
  const path = kind === realmKind ? '/' : found.realm
  const realm = await realmAt(site, path)
  if (realm === undefined) return noRealm(path)
  const input = kind === oauth2ProviderKind ? await merged(realm, kind, found) : found.input
  // First where nothing is stored: an object that is as it should be is not written.
  const trial = trialOn(site)
  const tried = await realmAt(trial, path)
  if (tried === undefined) return noRealm(path)
  const before = await kind.read(realm, found.id)
  const first = await quietly(() => kind.save(tried, found.id, input, change))
  // What no version of this server knows is left out, and told.
  const unknown = first.outcome === 'unknown' ? first.paths : []
  const known = unknown.length === 0 ? input : withoutPaths(input, unknown)
  const saved =
    unknown.length === 0 ? first : await quietly(() => kind.save(tried, found.id, known, change))
  if (!('item' in saved)) return { problems: problemsOf(saved) }
  const told = [
    ...leftovers,
    ...unknown.map((attribute) => ({ attribute })),
    ...(saved.unserved ?? []).map((attribute) => ({ attribute, why: 'is kept, and not served' })),
  ]
  if (!trial.settle()) return { came: 'same', leftovers: told }
  const done = await kind.save(realm, found.id, known, change)
  if (!('item' in done)) return { problems: problemsOf(done) }
  return { came: before === undefined ? 'created' : 'changed', leftovers: told }
}

export function noRealm(path: string): Outcome {
  const text =
    path === '' ? 'which realm it is of is not said: --realm' : `there is no realm ${path}`
  return { problems: [{ path: '', text }] }
}

/** A realm has its settings before an import, and keeps those that the file does not speak of. */
async function merged(realm: Realm, kind: Kind, { id, input }: Found): Promise<JsonObject> {
  return over((await kind.read(realm, id))?.value ?? {}, input)
}

function over(below: JsonObject, above: JsonObject): JsonObject {
  const entries = Object.entries(above).map(([name, value]) => {
    const under = member(below, name)
    return [name, isObject(under) && isObject(value) ? over(under, value) : value] as const
  })
  return { ...below, ...Object.fromEntries(entries) }
}

/**
 * An account keeps the password it has: since the first import it may have been changed, or have been given
 * a better hash. What of the rest cannot be taken is left out of it.
 */
export async function savePerson(realm: Realm, found: Found, saving: Saving): Promise<Outcome> {
  const before = await userKind.read(realm, found.id)
  const has = before && (await userKind.backup?.read(realm, before.id))
  const keeps = has !== undefined && !saving.replacePasswords
  const secrets = keeps ? ['passwordHash', 'userpassword'] : []
  const input = without(found.input, (name) => secrets.includes(name))
  const id = before?.id ?? (isSub(found.id) ? found.id : subFor(realm, found))
  const saved = await userKind.save(realm, id, input, change)
  if ('item' in saved)
    return { came: cameOf(before?.rev, saved.item.rev), leftovers: found.leftovers }
  const problems = problemsOf(saved)
  const names = new Set(problems.map(({ path }) => path.replace(/[.[].*$/s, '')))
  const kept = without(input, (name) => names.has(name) && name !== 'username')
  if (Object.keys(kept).length === Object.keys(input).length) return { problems }
  const again = await userKind.save(realm, id, kept, change)
  if (!('item' in again)) return { problems }
  const refused = problems.map(({ path, text }) => ({ attribute: path, why: text }))
  return { came: cameOf(before?.rev, again.item.rev), leftovers: [...found.leftovers, ...refused] }
}

/**
 * The id of a person that the file has none for: always the same one of this name and realm, so that an import
 * that ended while it was writing them finds what it wrote.
 */
function subFor({ identity }: Realm, { input, id }: Found): string {
  const name = plainUsername(typeof input.username === 'string' ? input.username : id)
  const made = createHash('sha256').update(`import\0${identity}\0${name}`).digest()
  return newUuid(() => made.subarray(0, 16))
}

function without(input: JsonObject, out: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !out(name)))
}

function cameOf(before: string | undefined, after: string): Came {
  if (before === undefined) return 'created'
  return before === after ? 'same' : 'changed'
}

function problemsOf(saved: Exclude<Saved, { readonly item: unknown }>): readonly Problem[] {
  if ('problems' in saved) return saved.problems
  if ('problem' in saved) return [saved.problem]
  if ('paths' in saved) return saved.paths.map((path) => ({ path, text: 'is not known' }))
  return [{ path: '', text: `was changed by somebody else (${saved.outcome})` }]
}
