import type { Json } from '../../base/json.ts'
import type { Applied } from '../../config/document/apply.ts'
import { applyByHand } from '../../config/document/at-start.ts'
import type { Alteration } from '../../config/document/step.ts'
import { documentProblemLine } from '../../config/document/told.ts'
import { reasonFor } from '../../store/reason-for.ts'
import { besideRealms } from '../settings.ts'
import { type Command, complainOf, type World } from './command.ts'
import { referencesOf, settingsOrComplaint } from './configuration.ts'
import { readPassphrase } from './object/password.ts'
import { readParts } from './parts.ts'

/** `parapet apply`: makes the store what a document says, all of it or nothing. */
export const apply: Command = {
  name: 'apply',
  usage:
    '<file or directory> [--dry-run] [--prune] [--prune-realms] [--secrets-passphrase-file <file>] [--json] [--config <file>]',
  about:
    'Make realms and what is in them what a document says; --dry-run only tells the difference, and ends with 2 if there is one; --prune removes what its lists do not name',
  options: {
    'dry-run': { type: 'boolean' },
    prune: { type: 'boolean' },
    'prune-realms': { type: 'boolean' },
    'secrets-passphrase-file': { type: 'string' },
    json: { type: 'boolean' },
    config: { type: 'string' },
  },
  words: { least: 1, most: 1 },

  async run(
    world,
    { 'dry-run': dry, prune, 'prune-realms': pruneRealms, json, config, ...rest },
    [path = ''],
  ) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const { parts, problems } = await readParts(path)
    const phrase = readPassphrase(rest['secrets-passphrase-file'])
    if ('problem' in phrase || problems.length > 0) {
      const all = 'problem' in phrase ? [...problems, phrase.problem] : problems
      complainOf(world, all, `in ${path}`)
      return 1
    }
    const dryRun = dry === true
    const pruning = { prune: prune === true, pruneRealms: pruneRealms === true }
    const shared = { by: 'parapet apply', references: referencesOf(world), beside: besideRealms }
    const options = { ...shared, dryRun, ...pruning, ...phrase }
    try {
      const applied = await world.withRealms(settings, dryRun ? 'pretend' : 'make', (realms) =>
        applyByHand(realms, parts, options),
      )
      if (json === true) world.print(`${JSON.stringify(applied, undefined, 2)}\n`)
      else tell(world, applied, path)
      if ('problems' in applied) return 1
      return dryRun && applied.changes.length > 0 ? 2 : 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    }
  },
}

function tell(world: World, applied: Applied, path: string): void {
  const changes = 'changes' in applied ? applied.changes : []
  for (const change of changes) world.print(lineOf(change))
  if ('problems' in applied) {
    const lines = applied.problems.map(documentProblemLine)
    complainOf(
      world,
      lines,
      `in ${path}: ${changes.length === 0 ? 'nothing' : 'not all'} is changed`,
    )
  } else if (changes.length === 0) world.print('nothing to change\n')
}

const signs = { created: '+', changed: '~', removed: '-' } as const

function lineOf({ what, kind, id, realm, differences, unserved }: Alteration): string {
  const name = id === '' ? kind : `${kind} ${id}`
  const lines = differences.map(({ path, before, after }) => {
    // Where neither is told it is a secret, or only kept, of which nobody knows whether it is.
    const values =
      before === undefined && after === undefined ? '…' : `${text(before)} → ${text(after)}`
    return `    ${path}: ${values}\n`
  })
  const secret = what === 'changed' && differences.length === 0 ? ' (a secret)' : ''
  const where = kind === 'realm' ? '' : ` of ${realm}`
  const kept =
    unserved === undefined ? '' : `    only kept, does nothing here: ${unserved.join(', ')}\n`
  return `${signs[what]} ${name}${where}${secret}\n${lines.join('')}${kept}`
}

function text(value: Json | undefined): string {
  return value === undefined ? '-' : JSON.stringify(value)
}
