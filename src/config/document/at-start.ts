import { event } from '../../base/log.ts'
import { isoTime } from '../../base/time.ts'
import type { RealmWorld } from '../../realm/realms.ts'
import type { Applied, ApplyOptions } from './apply.ts'
import { applyDocument } from './apply.ts'
import { digestOf, noteReturn, noteStart } from './history.ts'
import type { References } from './reference.ts'
import type { Part } from './text.ts'
import { documentProblemLine } from './told.ts'
import { inTurn } from './turn.ts'

/** What a server is to find in its store when it begins to serve. */
export interface Configured {
  readonly parts: readonly Part[]
  readonly references: References
}

/**
 * Sets what a document says, before a server serves; what it does not name stays as it is. Of servers that
 * start at once each waits for its turn. While one version of a document takes the place of another, server
 * by server, the old one may be started once more: it was superseded then, and sets nothing back.
 *
 * @throws Error that names every place of the document with which something is wrong.
 */
export async function applyAtStart(
  world: RealmWorld,
  { parts, references }: Configured,
  beside: readonly string[],
): Promise<void> {
  const digest = digestOf(parts, references)
  const options: ApplyOptions = { by: 'parapet serve', references, beside }
  await inTurn(world, async (hold) => {
    // Wrong documents do not become the newest.
    const planned = await applyDocument(world, parts, { ...options, dryRun: true })
    requireRight(planned)
    const found = await noteStart(world.settings, digest, world.timeOfDay())
    if (found.standing === 'superseded') {
      event('document.superseded', { since: isoTime(found.since) }, 'warn')
      return
    }
    const applied = await applyDocument(world, parts, { ...options, hold })
    requireRight(applied)
    event('document.applied', { changes: applied.changes.length, by: options.by })
  })
}

/** Applies a document by hand: if it was superseded at starts before, it no longer is. */
export async function applyByHand(
  world: RealmWorld,
  parts: readonly Part[],
  options: ApplyOptions,
): Promise<Applied> {
  if (options.dryRun) return applyDocument(world, parts, options)
  return inTurn(world, async (hold) => {
    const applied = await applyDocument(world, parts, { ...options, hold })
    if (applied.outcome !== 'applied') return applied
    await noteReturn(world.settings, digestOf(parts, options.references), world.timeOfDay())
    event('document.applied', { changes: applied.changes.length, by: options.by })
    return applied
  })
}

/** Everything that is wrong with a document, a line each; where nothing is, what it says is set. */
export async function setOrTell(
  world: RealmWorld,
  { parts, references }: Configured,
  beside: readonly string[],
): Promise<readonly string[]> {
  const applied = await applyDocument(world, parts, { by: 'parapet check', references, beside })
  return isRight(applied) ? [] : applied.problems.map(documentProblemLine)
}

type Right = Extract<Applied, { readonly outcome: 'applied' | 'planned' }>

function requireRight(applied: Applied): asserts applied is Right {
  if (isRight(applied)) return
  const lines = applied.problems.map((problem) => `\n  ${documentProblemLine(problem)}`)
  throw new Error(`the configuration cannot be set:${lines.join('')}`)
}

function isRight(applied: Applied): applied is Right {
  return applied.outcome === 'applied' || applied.outcome === 'planned'
}
