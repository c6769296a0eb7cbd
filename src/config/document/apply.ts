import type { RealmWorld } from '../../realm/realms.ts'
import { kinds } from '../index.ts'
import { readEntries } from './entries.ts'
import { withSecrets } from './export/secrets.ts'
import type { Pruning } from './plan.ts'
import { planOf } from './plan.ts'
import type { References } from './reference.ts'
import type { Alteration } from './step.ts'
import { siteOf, takeStep, trialOn } from './step.ts'
import type { Part } from './text.ts'
import type { DocumentProblem } from './told.ts'

export interface ApplyOptions extends Pruning {
  /** Who applies it, for the log. */
  readonly by: string
  readonly references: References
  /** Only tells what would be done. */
  readonly dryRun?: boolean
  /** What `sealed` in it was sealed under. */
  readonly passphrase?: string | undefined
  /** Called before each write: throws where nothing more may be written. */
  readonly hold?: () => Promise<void>
  /** Members that may stand beside `realms` and are read by somebody else. */
  readonly beside?: readonly string[]
}

export type Applied =
  /** Nothing was changed. */
  | { readonly outcome: 'invalid'; readonly problems: readonly DocumentProblem[] }
  /** What is changed, or would be. */
  | { readonly outcome: 'applied' | 'planned'; readonly changes: readonly Alteration[] }
  /** Something else wrote meanwhile what does not go with it: `changes` are made, what follows is not. */
  | {
      readonly outcome: 'stopped'
      readonly changes: readonly Alteration[]
      readonly problems: readonly DocumentProblem[]
    }

/**
 * Makes realms and what is in them what a document says. It is done where nothing is stored first: that
 * tells every problem at once, and what would change. Only where there is no problem it is done on the
 * store, and there only what changes something, so that to apply a document again writes nothing.
 */
export async function applyDocument(
  world: RealmWorld,
  parts: readonly Part[],
  options: ApplyOptions,
): Promise<Applied> {
  const opened = await withSecrets(parts, options.passphrase)
  const { realms, problems } = readEntries(kinds, opened.parts, options.beside ?? [])
  const site = siteOf(world, options.by, options.references)
  const plan = await planOf(trialOn(site), realms, options)
  const wrong = [...opened.problems, ...problems, ...plan.problems]
  if (wrong.length > 0) return { outcome: 'invalid', problems: wrong }
  const changes = plan.planned.map(({ change }) => change)
  if (options.dryRun) return { outcome: 'planned', changes }
  for (const [done, { step }] of plan.planned.entries()) {
    await options.hold?.()
    const taken = await takeStep(site, step)
    if (taken.problems.length > 0)
      return { outcome: 'stopped', changes: changes.slice(0, done), problems: taken.problems }
  }
  return { outcome: 'applied', changes }
}
