import type { JsonObject } from '../../../base/json.ts'
import type { Entry } from '../../../config/document/entries.ts'
import { noRealmAt } from '../../../config/document/step.ts'
import { documentProblemLine, problemsOf } from '../../../config/document/told.ts'
import { everything, parseFilter } from '../../../config/filter.ts'
import type { Change, Condition, Item, Kind, Removed, Saved } from '../../../config/kind.ts'
import { anyState, onlyNew } from '../../../config/kind.ts'
import type { Realm } from '../../../realm/realm.ts'

/** What a command is about. */
export interface Target {
  readonly kind: Kind
  readonly realm: Realm
  /** Empty for what a realm has one of, and where it is not needed. */
  readonly id: string
  /** Of `list`. */
  readonly filter: string | undefined
  /** What the object is to be, by what it is now. */
  readonly input: (before: JsonObject) => JsonObject
}

/** What became of it. */
export type Outcome =
  | { readonly items: readonly Item[]; readonly one?: true }
  | {
      readonly done: 'created' | 'updated' | 'removed'
      readonly item: Item
      /** Paths of what it holds that is only kept (C-39). */
      readonly unserved: readonly string[]
    }
  | { readonly problems: readonly string[] }

/** One verb of the commands, for every kind alike. */
export interface Verb {
  readonly name: string
  /** Whether an object is named. */
  readonly ofOne: boolean
  /** Whether it takes values, from a file, as assignments or by a password. */
  readonly takes: boolean
  run(target: Target): Promise<Outcome>
}

const list: Verb = {
  name: 'list',
  ofOne: false,
  takes: false,
  async run({ kind, realm, filter: text }) {
    const filter = text === undefined ? everything : parseFilter(text)
    if (filter === undefined) return { problems: ['--filter: is no filter as _queryFilter has it'] }
    const items: Item[] = []
    let after: string | undefined
    do {
      const listed = await kind.list(realm, { filter, pageSize: 0, offset: 0, after, sort: [] })
      if (listed.outcome === 'unsupported') return { problems: [listed.text] }
      if (listed.outcome === 'too-many')
        return {
          problems: [`no index serves this filter, and there are more than ${listed.walked}`],
        }
      items.push(...listed.items)
      after = listed.cookie
    } while (after !== undefined)
    return { items }
  },
}

const show: Verb = {
  name: 'show',
  ofOne: true,
  takes: false,
  async run({ kind, realm, id }) {
    const item = await kind.read(realm, id)
    return item === undefined ? missing(kind, realm, id) : { items: [item], one: true }
  },
}

const add: Verb = {
  name: 'add',
  ofOne: true,
  takes: true,
  run: (target) => save(target, {}, onlyNew),
}

const set: Verb = {
  name: 'set',
  ofOne: true,
  takes: true,
  async run(target) {
    const { kind, realm, id } = target
    const before = await kind.read(realm, id)
    if (before === undefined) return missing(kind, realm, id)
    const unchanged: Condition = {
      obstacle: (rev) => (rev === before.rev ? undefined : rev === undefined ? 'absent' : 'stale'),
      strict: true,
    }
    return save(target, before.value, unchanged)
  },
}

const remove: Verb = {
  name: 'remove',
  ofOne: true,
  takes: false,
  async run({ kind, realm, id }) {
    const removed = await kind.remove(realm, id, change(kind, anyState))
    return removed.outcome === 'absent' ? missing(kind, realm, id) : outcome(kind, id, removed, {})
  },
}

export const verbs: readonly Verb[] = [list, show, add, set, remove]

async function save(
  { kind, realm, id, input }: Target,
  before: JsonObject,
  condition: Condition,
): Promise<Outcome> {
  const wanted = input(before)
  return outcome(kind, id, await kind.save(realm, id, wanted, change(kind, condition)), wanted)
}

function change({ name }: Kind, condition: Condition): Change {
  return { by: `parapet ${name}`, condition, trusted: true }
}

function outcome(kind: Kind, id: string, result: Saved | Removed, input: JsonObject): Outcome {
  if (result.outcome === 'created' || result.outcome === 'updated')
    return { done: result.outcome, item: result.item, unserved: result.unserved ?? [] }
  if ('item' in result) return { done: result.outcome, item: result.item, unserved: [] }
  const entry: Entry = { kind, id, input, place: { file: '', path: '' } }
  const named = id === '' ? kind.name : `${kind.name} ${id}`
  return {
    problems: problemsOf(entry, result).map((problem) =>
      problem.path === '' ? sentence(named, problem.text) : documentProblemLine(problem),
    ),
  }
}

/** What is said of it goes on from its name, or is a sentence of its own. */
function sentence(named: string, text: string): string {
  return /^[A-Z]/.test(text) ? `${named}: ${text}` : `${named} ${text}`
}

function missing(kind: Kind, { path }: Realm, id: string): Outcome {
  if (kind.name === 'realm') return { problems: [noRealmAt(id)] }
  const where = ` in ${path}`
  return { problems: [`there is no ${kind.name}${id === '' ? '' : ` ${id}`}${where}`] }
}
