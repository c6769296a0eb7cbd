import { allRealms } from '../../realm/realms.ts'
import { kinds } from '../index.ts'
import { realmKind } from '../realm.ts'
import type { Entry, RealmEntry } from './entries.ts'
import { allItems } from './items.ts'
import type { Alteration, Step, Trial } from './step.ts'
import { realmAt, tryStep } from './step.ts'
import type { DocumentProblem } from './told.ts'
import { problemIn } from './told.ts'

/** What is removed beside what is set. */
export interface Pruning {
  /** What lists of the document do not name. */
  readonly prune?: boolean | undefined
  /** Realms that it does not name, with everything in them. */
  readonly pruneRealms?: boolean | undefined
}

/** The steps that change something, and what is wrong with the others. */
export interface Plan {
  readonly planned: readonly { readonly step: Step; readonly change: Alteration }[]
  readonly problems: readonly DocumentProblem[]
}

/** Takes every step where nothing is stored: realms first, then what is in them, and at last what goes. */
export async function planOf(
  trial: Trial,
  realms: readonly RealmEntry[],
  pruning: Pruning,
): Promise<Plan> {
  const planned: { step: Step; change: Alteration }[] = []
  const problems: DocumentProblem[] = []
  /** The id of what came of it, if nothing was wrong. */
  const take = async (step: Step): Promise<string | undefined> => {
    const tried = await tryStep(trial, step)
    problems.push(...tried.problems)
    if (tried.change !== undefined) planned.push({ step: tried.step, change: tried.change })
    return tried.id
  }
  const named = new Map<RealmEntry, ReadonlySet<string>>()
  for (const realm of realms) {
    // Of what would be in a realm that cannot be, nothing more is worth telling.
    if ((await take(await realmStep(trial, realm))) === undefined) continue
    const seen = new Set<string>()
    for (const entry of inOrder(realm.entries)) {
      const id = await take(stepOf(realm.path, entry))
      const text = `is named a second time in ${realm.path}, by its name or its id`
      if (id !== undefined && seen.has(`${entry.kind.name} ${id}`))
        problems.push(problemIn(entry, { path: '', text }))
      seen.add(`${entry.kind.name} ${id}`)
    }
    named.set(realm, seen)
  }
  if (problems.length > 0) return { planned, problems }
  if (pruning.prune)
    for (const [realm, seen] of [...named].reverse())
      for (const step of await unnamed(trial, realm, seen, problems)) await take(step)
  if (pruning.pruneRealms) for (const step of await unnamedRealms(trial, realms)) await take(step)
  return { planned, problems }
}

/** As the kinds may be made. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return kinds.flatMap((kind) => entries.filter((entry) => entry.kind === kind))
}

/** What a document leaves out of a realm stays as it is. */
async function realmStep(trial: Trial, { path, place, own }: RealmEntry): Promise<Step> {
  const root = await realmAt(trial, '/')
  const before = root && (await realmKind.read(root, path))
  const input = { ...before?.value, ...own }
  return stepOf('/', { kind: realmKind, id: path, input, place })
}

function stepOf(realm: string, entry: Entry, remove = false): Step {
  return { realm, entry, input: entry.input, remove }
}

/** What a realm has of the kinds that the document lists, and does not name. */
async function unnamed(
  trial: Trial,
  { path, place, listed }: RealmEntry,
  named: ReadonlySet<string>,
  problems: DocumentProblem[],
): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const kind of kinds.toReversed()) {
    if (kind.single || !listed.has(kind)) continue
    const realm = await realmAt(trial, path)
    const items = realm === undefined ? [] : await allItems(kind, realm)
    if (items === undefined) {
      const text = `has too many ${kind.name}s to find those that are not named`
      problems.push({ ...place, text })
    }
    for (const { id, inherent } of items ?? [])
      if (inherent !== true && !named.has(`${kind.name} ${id}`))
        steps.push(stepOf(path, { kind, id, input: {}, place }, true))
  }
  return steps
}

/** Those below others first. The root, and what has a named realm below it, stays. */
async function unnamedRealms(
  trial: Trial,
  realms: readonly RealmEntry[],
): Promise<readonly Step[]> {
  const stays = (path: string): boolean =>
    path === '/' || realms.some((each) => each.path === path || each.path.startsWith(`${path}/`))
  const paths = (await allRealms(trial.world.settings)).map(({ record }) => record.path)
  const place = { file: '', path: 'realms' }
  return paths
    .filter((path) => !stays(path))
    .reverse()
    .map((id) => stepOf('/', { kind: realmKind, id, input: {}, place }, true))
}
