import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { ScriptedPeople, ScriptedPerson } from '../realm/script/rules.ts'
import { PeopleRefused } from '../realm/script/rules.ts'
import { cacheCalls } from './cache/cache.ts'
import { sendFor } from './http.ts'
import { rulesOf } from './rules.ts'
import { CallRefused } from './run.ts'
import { findLibrary } from './script.ts'

/** What a script may ask of the server, by the names its prelude has for it. @throws CallRefused */
export type Calls = Readonly<Record<string, (...args: readonly Json[]) => Ready<Json>>>

/** What every script may ask. `ended` comes with the end of its run: nobody waits for an answer then. */
export function sharedCalls(realm: Realm, ended: AbortSignal): Calls {
  const { variables = {}, secrets = {} } = rulesOf(realm).values[realm.path] ?? {}
  const people = realm.people?.(realm)
  return {
    ...cacheCalls(realm),
    variable: (name) => own(variables, name) ?? null,
    secret(label) {
      const secret = own(secrets, label)
      if (secret === undefined) throw new CallRefused(`The secret ${textOf(label)} is not there`)
      return secret
    },
    async library(name) {
      const found = await findLibrary(realm, textOf(name))
      if (found === undefined) throw new CallRefused(`The library ${textOf(name)} is not there`)
      return found.source
    },
    http: (address, message = null) => sendFor(realm, textOf(address), message, ended),
    identity: async (id) => shown(realm, await peopleOf(people).read(textOf(id))),
    attribute: async (id, name) => valuesOf(await peopleOf(people).read(textOf(id)), textOf(name)),
    change: (id, attributes = null, added = {}) =>
      refusing(async () => {
        await peopleOf(people).change(textOf(id), objectOf(attributes), objectOf(added))
        return shown(realm, await peopleOf(people).read(textOf(id)))
      }),
    openidm: (verb, resource, args = []) =>
      refusing(() =>
        peopleOf(people).managed(
          textOf(verb),
          textOf(resource),
          Array.isArray(args) ? (args as readonly Json[]) : [],
        ),
      ),
    async createUser(name, attributes = null) {
      const input = { username: textOf(name), ...(isObject(attributes) ? attributes : {}) }
      const id = await refusing(() => peopleOf(people).create(input))
      return shown(realm, await peopleOf(people).read(id))
    },
  }
}

/** Methods by which nobody asks for anything to change (RFC 9110 §9.2.1). */
const safe = ['GET', 'HEAD', 'OPTIONS']

/** Whether a call is one by which something is changed or sent, and not only read. */
export function acts(name: string, [first, second]: readonly Json[]): boolean {
  if (name === 'http') {
    const method = isObject(second ?? null) ? member(second as JsonObject, 'method') : undefined
    return typeof method !== 'string' || !safe.includes(method)
  }
  if (name === 'openidm') return first !== 'read' && first !== 'query'
  return ['change', 'createUser', 'forgetCached'].includes(name)
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function objectOf(attributes: Json): JsonObject {
  if (!isObject(attributes)) throw new CallRefused('attributes must be an object')
  return attributes
}

function own(values: Readonly<Record<string, string>>, name: Json | undefined): string | undefined {
  return typeof name === 'string' && Object.hasOwn(values, name) ? values[name] : undefined
}

function peopleOf(people: ScriptedPeople | undefined): ScriptedPeople {
  if (people === undefined) throw new CallRefused('nobody’s accounts can be reached from here')
  return people
}

/** What a rule refuses, the script may catch. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PeopleRefused) throw new CallRefused(error.message)
    throw error
  }
}

/** An identity as scripts have it (PingAM: universal ids). */
export function shown(
  realm: Pick<Realm, 'path'>,
  found: ScriptedPerson | undefined,
): JsonObject | null {
  if (found === undefined) return null
  const { id, username, attributes } = found
  const organisations = realm.path
    .split('/')
    .filter((part) => part !== '')
    .toReversed()
    .map((part) => `,o=${part}`)
    .join('')
  return {
    ...{ id, username },
    universalId: `id=${id},ou=user${organisations},ou=services,ou=am-config`,
    attributes: { ...attributes },
  }
}

function valuesOf(found: ScriptedPerson | undefined, name: string): readonly Json[] {
  const lower = name.toLowerCase()
  const [, values = []] =
    Object.entries(found?.attributes ?? {}).find(([each]) => each.toLowerCase() === lower) ?? []
  return values
}
