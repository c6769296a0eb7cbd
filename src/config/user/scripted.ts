import type { Json, JsonObject } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'
import { OAuthError } from '../../protocol/error.ts'
import { texts } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'
import type { ScriptedPeople } from '../../realm/script/rules.ts'
import { PeopleRefused } from '../../realm/script/rules.ts'
import { lost, untilSaved } from '../../store/update.ts'
import type { Change, Condition, Item, Removed, Saved } from '../kind.ts'
import { anyState, inRealm, onlyNew } from '../kind.ts'
import { listPage } from '../page/list-page.ts'
import { withAdded } from '../patch/added.ts'
import { difference, mostOperations, operate } from '../patch/patch.ts'
import { userKind } from '../user.ts'
import { asManaged, managedUser } from './managed.ts'
import { queryOf, textAt } from './scripted-query.ts'

/**
 * Accounts as scripts reach them, through the row that every door goes through. A script may do what an administrator of
 * its realm may, and to accounts of its own realm only.
 */
export function scriptedPeople(realm: Realm): ScriptedPeople {
  const change = changeOf(realm)
  return {
    async read(id) {
      const item = await userKind.read(realm, id)
      if (item === undefined) return undefined
      const lists = Object.entries(item.value).flatMap(([name, value]) =>
        Array.isArray(value) ? [[name, (value as readonly Json[]).map(String)] as const] : [],
      )
      const username = textAt(item.value, 'username')
      return {
        id: item.id,
        username,
        attributes: { ...Object.fromEntries(lists), uid: [username] },
      }
    },
    async change(id, attributes, added) {
      await amended({ realm, change, id }, anyState, ({ id: sub, value }, exact) =>
        userKind.save(realm, sub, { ...attributes, ...withAdded(value, added) }, exact),
      )
    },
    async create(attributes) {
      return savedItem(await userKind.save(realm, '', attributes, making(change))).id
    },
    managed: (verb, resource, args) =>
      understood(async () => {
        const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
        const place = placeOf(realm, resource)
        if (work === undefined || place === undefined)
          throw new PeopleRefused(`openidm.${verb} of ${resource} is not there`)
        return work({ realm, change, id: place.id }, args as readonly Json[])
      }),
  }
}

function changeOf({ path }: Realm): Change {
  const authority = { administers: path, roles: ['admin'] }
  return { by: 'script', condition: anyState, authority }
}

/** What is made is nobody's yet: whoever asks for it by a name that is somebody's gets nothing of that one. */
function making(change: Change): Change {
  return { ...change, condition: onlyNew }
}

interface Call {
  readonly realm: Realm
  readonly change: Change
  /** Absent: all of them. */
  readonly id: string | undefined
}

type Verb = (call: Call, args: readonly Json[]) => Promise<JsonObject | null>

const part = asManaged('part')
const whole = asManaged('whole')

/** PingIDM's verbs; arguments in its order (PingIDM: scripting functions). */
const verbs: Readonly<Record<string, Verb>> = {
  async read({ realm, id = '' }, [, fields]) {
    const item = await userKind.read(realm, id)
    return item === undefined ? null : resourceOf(item, fields)
  },
  async create({ realm, change, id }, [newId = null, content = null, , fields]) {
    const own = typeof newId === 'string' ? newId : (id ?? '')
    const saved = await part.save(realm, own, contentOf(content), making(change))
    return resourceOf(savedItem(saved), fields)
  },
  async update({ realm, change, id = '' }, [rev = null, content = null, , fields]) {
    const item = await itemOf(realm, id)
    const condition = exactly(rev)
    const saved = await whole.save(realm, item.id, contentOf(content), { ...change, condition })
    return resourceOf(savedItem(saved), fields)
  },
  async patch({ realm, change, id = '' }, [rev = null, operations = null, , fields]) {
    if (!Array.isArray(operations) || operations.length > mostOperations)
      throw new PeopleRefused(`a patch is a list of at most ${mostOperations} operations`)
    const item = await amended({ realm, change, id }, exactly(rev), (read, exact) => {
      const before = resourceOf(read)
      const after = (operations as readonly Json[]).reduce<JsonObject>(operate, before)
      return part.save(realm, read.id, difference(before, after), exact)
    })
    return resourceOf(item, fields)
  },
  async delete({ realm, change, id = '' }, [rev = null]) {
    return resourceOf(
      removedItem(await userKind.remove(realm, id, { ...change, condition: exactly(rev) })),
    )
  },
  async query({ realm }, [params = null, fields]) {
    const listed = await listPage(realm, userKind, queryOf(isObject(params) ? params : {}))
    if (listed.outcome !== 'listed') throw new PeopleRefused('the query is not supported')
    const result = listed.items.map((item) => resourceOf(item, fields))
    const pagedResultsCookie = listed.cookie ?? null
    return { result, resultCount: result.length, pagedResultsCookie, remainingPagedResults: -1 }
  },
}

/** Saves what is made of an account as it stands, and anew where it changed meanwhile, unless a state of it was meant. */
function amended(
  { realm, change, id = '' }: Call,
  wanted: Condition,
  save: (item: Item, exact: Change) => Promise<Saved>,
): Promise<Item> {
  return untilSaved('what a script changes', inRealm(realm, id), async () => {
    const item = await itemOf(realm, id)
    const outcome = wanted.obstacle(item.rev)
    const exact = { ...change, condition: exactly(item.rev) }
    const saved: Saved = outcome ? { outcome } : await save(item, exact)
    return saved.outcome === 'stale' && !wanted.strict ? lost : savedItem(saved)
  })
}

/** `managed/alpha_user`, `managed/user`, each with an id or none: of the script's own realm. */
function placeOf(
  { path }: Realm,
  resource: string,
): { readonly id: string | undefined } | undefined {
  const [, owner, id] = /^\/?managed\/(?:([^/]+)_)?user(?:\/([^/]{1,256}))?$/.exec(resource) ?? []
  const own = path.slice(path.lastIndexOf('/') + 1)
  if (!/^\/?managed\/(?:[^/]+_)?user(?:\/|$)/.test(resource)) return undefined
  return owner === undefined || owner === own ? { id } : undefined
}

function resourceOf({ id, rev, value, ...rest }: Item, fields?: Json): JsonObject {
  const all: JsonObject = { _id: id, _rev: rev, ...managedUser({ id, rev, value, ...rest }) }
  if (!Array.isArray(fields) || fields.length === 0 || fields.includes('*')) return all
  const names = texts(fields)?.map((each) => each.replace(/^\//, '')) ?? []
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name.startsWith('_') || names.includes(name)),
  )
}

function contentOf(content: Json): JsonObject {
  if (!isObject(content)) throw new PeopleRefused('the content must be an object')
  return content
}

async function itemOf(realm: Realm, id: string): Promise<Item> {
  const item = await userKind.read(realm, id)
  if (item === undefined) throw new PeopleRefused(`Object ${id} not found`)
  return item
}

/** Null: whatever is there. */
function exactly(rev: Json): Condition {
  if (typeof rev !== 'string' || rev === '*') return anyState
  return { obstacle: (there) => (there === rev ? undefined : 'stale'), strict: true }
}

function savedItem(saved: Saved): Item {
  if ('item' in saved) return saved.item
  throw new PeopleRefused(reasonOf(saved))
}

function removedItem(removed: Removed): Item {
  if (removed.outcome === 'removed') return removed.item
  throw new PeopleRefused(
    'problem' in removed ? removed.problem.text : `the account is ${removed.outcome}`,
  )
}

function reasonOf(saved: Exclude<Saved, { readonly item: Item }>): string {
  if (saved.outcome === 'unknown') return `there is no attribute ${saved.paths.join(', ')}`
  if (saved.outcome === 'exists') return 'there is an account of that name or id already'
  if ('problem' in saved) return saved.problem.text
  if (!('problems' in saved)) return `the account is ${saved.outcome}`
  return saved.problems.map(({ path, text }) => `${path} ${text}`.trim()).join('; ')
}

/** What is wrong with what was asked is for the script. */
async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OAuthError) throw new PeopleRefused(error.message)
    throw error
  }
}
