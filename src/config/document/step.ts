import { isDeepStrictEqual } from 'node:util'
import { type JsonObject, parseJson } from '../../base/json.ts'
import { quietly } from '../../base/log.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Realms, RealmWorld } from '../../realm/realms.ts'
import { realms as openRealms } from '../../realm/realms.ts'
import { overlay } from '../../store/overlay.ts'
import type { Difference } from '../difference.ts'
import { differences } from '../difference.ts'
import { onlyKept } from '../kept/unserved.ts'
import type { Item, Removed, Saved } from '../kind.ts'
import { anyState } from '../kind.ts'
import type { Entry } from './entries.ts'
import type { References } from './reference.ts'
import { resolved } from './reference.ts'
import type { DocumentProblem } from './told.ts'
import { problemIn, problemsOf, without } from './told.ts'

/** One write that a document asks for. */
export interface Step {
  readonly realm: string
  readonly entry: Entry
  /** What is handed to the row: the entry's input, once its references are resolved. */
  readonly input: JsonObject
  readonly remove: boolean
}

/** What a write changes, as a person is told. */
export interface Alteration {
  readonly realm: string
  readonly kind: string
  /** Empty for what a realm has one of. */
  readonly id: string
  readonly what: 'created' | 'changed' | 'removed'
  /** Of what is changed; empty where only a secret is. */
  readonly differences: readonly Difference[]
  /** Paths of what it then holds that is only kept, and does nothing (C-39); absent: nothing. */
  readonly unserved?: readonly string[]
}

/** Realms as they are found while a document is applied, and by whom. */
export interface Site {
  readonly by: string
  readonly references: References
  readonly world: RealmWorld
  readonly realms: Realms
}

/** A site on which nothing is stored, above another one, and how to learn what came of a write. */
export interface Trial extends Site {
  /** Whether anything written since the last call is another value than the one below. */
  readonly settle: () => boolean
}

export function siteOf(world: RealmWorld, by: string, references: References): Site {
  return { by, references, world, realms: openRealms(world) }
}

export function trialOn({ world, by, references }: Site): Trial {
  const { over, settle } = worldOver(world)
  return { ...siteOf(over, by, references), settle }
}

/** A world that shows what would come of writes to another one, which stays as it is. */
export function worldOver(world: RealmWorld): {
  readonly over: RealmWorld
  readonly settle: () => boolean
} {
  const settings = overlay(world.settings, world.timeOfDay, sameJson)
  const records = overlay(world.records, world.timeOfDay)
  return {
    over: { ...world, settings: settings.store, records: records.store },
    settle: () => [settings.settle(), records.settle()].includes(true),
  }
}

/** In whichever order an object names its members. */
function sameJson(one: Buffer, other: Buffer): boolean {
  if (one.equals(other)) return true
  const [a, b] = [one, other].map((value) => parseJson(value.toString(), 100))
  return a !== undefined && isDeepStrictEqual(a, b)
}

/** The realm of that path as it stands. */
export async function realmAt({ realms }: Site, path: string): Promise<Realm | undefined> {
  return realms.find({ path, url: '', issuer: '' })
}

/** What whoever named a realm that is not there is told. */
export function noRealmAt(path: string): string {
  if (path === '') return 'no realm is named: the root realm is /'
  const [, plain = ''] = /^\/*(.*?)\/*$/s.exec(path) ?? []
  const meant = plain === '' || plain === 'root' ? '/' : `/${plain}`
  return meant === path
    ? `there is no realm ${path}: parapet realm list tells which there are`
    : `there is no realm ${path}: a realm is named by its path, as in ${meant}`
}

/** What a step would do: what is wrong with it, else what it changes, if it does. */
export interface Tried {
  readonly problems: readonly DocumentProblem[]
  /** What came of it, where nothing is wrong. */
  readonly id?: string
  /** With what its texts refer to in their place. */
  readonly step: Step
  readonly change?: Alteration
}

/** Takes a step where nothing is stored. */
export async function tryStep(trial: Trial, step: Step): Promise<Tried> {
  const { entry, realm } = step
  const { value: input, problems: missing } = resolved(entry.input, trial.references)
  const ready = { ...step, input }
  const at = await realmAt(trial, realm)
  const before = at && (await entry.kind.read(at, entry.id))
  const { problems, item, unserved } = await quietly(() => takeWhole(trial, ready))
  const isChange = trial.settle()
  const lost = missing.map((problem) => problemIn(entry, problem))
  // What stands in the place of a reference that leads nowhere is no mistake of its own.
  const others = problems.filter(({ path }) => lost.every((each) => each.path !== path))
  if (lost.length + others.length > 0) return { problems: [...lost, ...others], step: ready }
  const id = item?.id ?? entry.id
  if (!isChange) return { problems: [], id, step: ready }
  const { name } = entry.kind
  const what = step.remove ? 'removed' : before === undefined ? 'created' : 'changed'
  const changed = what === 'changed' && before !== undefined && item !== undefined
  const found = changed ? differencesOf(before, item) : []
  const altered = { realm, kind: name, id: nameOf(entry, id), what, differences: found } as const
  const change = unserved === undefined ? altered : { ...altered, unserved }
  return { problems: [], id, step: ready, change }
}

/** Which of what is only kept is secret nobody knows, so none of it is told but by its name (C-39). */
function differencesOf(before: Item, after: Item): readonly Difference[] {
  const isKept = onlyKept(before, after)
  return differences(before.value, after.value).map((each) =>
    isKept(each.path) ? { path: each.path } : each,
  )
}

/** As whoever wrote the document calls it. */
function nameOf({ kind, id }: Entry, itsId: string): string {
  return kind.single || id !== '' ? id : itsId
}

interface Taken {
  readonly problems: readonly DocumentProblem[]
  readonly item?: Item
  readonly unserved?: readonly string[]
}

/** Takes a step once more without the names that nobody knows, so that one slip does not hide the others. */
async function takeWhole(site: Site, step: Step): Promise<Taken> {
  const taken = await takeStep(site, step)
  if (taken.unknown === undefined) return taken
  const input = without(step.input, taken.unknown)
  const rest = await takeStep(site, { ...step, input })
  return { problems: [...taken.problems, ...rest.problems] }
}

/** Takes a step; what was wrong with it, else what came of it. */
export async function takeStep(
  site: Site,
  { entry, input, realm, remove }: Step,
): Promise<Taken & { readonly unknown?: readonly string[] }> {
  const at = await realmAt(site, realm)
  if (at === undefined)
    return { problems: [problemIn(entry, { path: '', text: `there is no realm ${realm}` })] }
  const change = { by: site.by, condition: anyState, trusted: true, filled: true } as const
  const { kind, id } = entry
  const outcome: Saved | Removed = remove
    ? await kind.remove(at, id, change)
    : await kind.save(at, id, input, change)
  const wrong = problemsOf(entry, outcome)
  if (outcome.outcome === 'created' || outcome.outcome === 'updated') {
    const { item, unserved } = outcome
    return { problems: [], item, ...(unserved === undefined ? {} : { unserved }) }
  }
  if ('item' in outcome) return { problems: [], item: outcome.item }
  if (outcome.outcome === 'unknown') return { problems: wrong, unknown: outcome.paths }
  if (!remove) return { problems: wrong }
  const prefix = `${kind.name} ${id} cannot be removed: `
  return { problems: wrong.map((problem) => ({ ...problem, text: prefix + problem.text })) }
}
