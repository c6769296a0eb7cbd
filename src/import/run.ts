import type { Site } from '../config/document/step.ts'
import { realmAt, siteOf, trialOn } from '../config/document/step.ts'
import { userKind } from '../config/user.ts'
import type { Realm } from '../realm/realm.ts'
import type { RealmWorld } from '../realm/realms.ts'
import type { Found, Source } from './found.ts'
import type { Report, Tally } from './report.ts'
import { tally } from './report.ts'
import type { Outcome, Saving } from './save.ts'
import { noRealm, saveObject, savePerson } from './save.ts'
import { twice } from './twice.ts'

export interface ImportOptions extends Saving {
  /** The world writes to nothing: people need not be remembered either. */
  readonly dryRun: boolean
  /** Tells the names of people in the report. */
  readonly names: boolean
  /** Told how many people are done. */
  readonly progress?: (done: number) => void
}

/** Writes that are under way at once: a store commits what comes together in one go. */
const atOnce = 64

/** People that a dry run remembers, so that it needs no memory for all of them. */
const remembered = 1024

const noReferences = { env: () => undefined, file: () => '' }

/**
 * Brings in what a source holds. Each object is written by itself and only if that changes anything, so an
 * import that was interrupted goes on when it is run again, and one that is done changes nothing.
 */
export async function importFrom(
  world: RealmWorld,
  source: Source,
  options: ImportOptions,
): Promise<Report> {
  const told = tally(options.dryRun, options.names)
  const line = inParallel(atOnce)
  try {
    await takeAll(siteOf(world, 'import', noReferences), source, { options, told, line })
  } finally {
    // Whatever ended it: nothing is being written any more when the store is closed.
    await line.settled()
  }
  return told
}

interface Taking {
  readonly options: ImportOptions
  readonly told: Tally
  readonly line: Line
}

async function takeAll(site: Site, source: Source, { options, told, line }: Taking): Promise<void> {
  const note = (found: Found, outcome: Outcome): void => {
    if ('problems' in outcome) told.refuse(found, outcome.problems)
    else told.note({ ...found, leftovers: outcome.leftovers }, outcome.came)
  }
  let realmOf = realmsAt(site)
  let [people, done] = [0, 0]
  const isTwice = twice()
  for await (const found of source.items()) {
    const problems = isTwice(found)
    if (problems === 'the same') continue
    if (problems.length > 0) {
      told.refuse(found, problems)
      continue
    }
    if (found.kind !== userKind) {
      await line.rest()
      note(found, await saveObject(site, found))
      realmOf = realmsAt(site)
      continue
    }
    if (options.dryRun && people % remembered === 0) {
      await line.rest()
      realmOf = realmsAt(trialOn(site))
    }
    people += 1
    const realm = await realmOf(found.realm)
    await line.add(async () => {
      note(found, realm ? await savePerson(realm, found, options) : noRealm(found.realm))
      done += 1
      options.progress?.(done)
    })
  }
  await line.rest()
}

/** The realms of a site, each looked up once: they do not change while people come. */
function realmsAt(site: Site): (path: string) => Promise<Realm | undefined> {
  const known = new Map<string, Realm | undefined>()
  return async (path) => {
    if (!known.has(path)) known.set(path, await realmAt(site, path))
    return known.get(path)
  }
}

interface Line {
  /** Begins a work once there is room for it. */
  add(work: () => Promise<void>): Promise<void>
  /** Waits until nothing is under way, whatever came of it. */
  settled(): Promise<unknown>
  /** The same, and throws what failed. */
  rest(): Promise<void>
}

/** Does at most so many works at once; the first that fails ends it. */
function inParallel(limit: number): Line {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  const check = (): void => {
    if (failures.length > 0) throw failures[0]
  }
  return {
    async add(work) {
      const one: Promise<void> = work()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(one))
      underWay.add(one)
      if (underWay.size >= limit) await Promise.race(underWay)
      check()
    },
    settled: () => Promise.all(underWay),
    async rest() {
      await Promise.all(underWay)
      check()
    },
  }
}
