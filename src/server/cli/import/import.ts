import type { Source } from '../../../import/found.ts'
import { NotReadable } from '../../../import/found.ts'
import type { Report } from '../../../import/report.ts'
import type { ImportOptions } from '../../../import/run.ts'
import { importFrom } from '../../../import/run.ts'
import { systems } from '../../../import/systems.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import type { Command, World } from '../command.ts'
import { settingsOrComplaint } from '../configuration.ts'
import { reportJson, reportText } from './report.ts'

/** `parapet import`: brings in what another system exports. */
export const importInto: Command = {
  name: 'import',
  usage: `<${systems.map(({ name }) => name).join(' | ')}> <file or folder> [--realm <path>] [--dry-run] [--json] [--names] [--clear-passwords] [--replace-passwords] [--config <file>]`,
  about:
    'Bring in realms, clients, groups and people of another system, people with the hashes of their passwords; run again it goes on where it was interrupted, and changes nothing once it is done',
  options: {
    realm: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
    names: { type: 'boolean' },
    'clear-passwords': { type: 'boolean' },
    'replace-passwords': { type: 'boolean' },
    config: { type: 'string' },
  },
  words: { least: 2, most: 2 },

  async run(world, options, [name = '', path = '']) {
    const { realm, 'dry-run': dry, json, names, config } = options
    const kind = systems.find((each) => each.name === name)
    if (kind === undefined) {
      const known = systems.map((each) => each.name).join(', ')
      world.complain(`parapet import: there is no ${name}: it is one of ${known}\n`)
      return 2
    }
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const dryRun = dry === true
    try {
      const source = await kind.open(path, {
        realm: typeof realm === 'string' ? `/${realm.replace(/^\//, '')}` : undefined,
        clear: options['clear-passwords'] === true,
      })
      const { tell, end } = progressOf(world, source)
      const asked: ImportOptions = {
        ...{ dryRun, names: names === true, progress: tell },
        replacePasswords: options['replace-passwords'] === true,
      }
      const report = await world
        .withRealms(settings, dryRun ? 'pretend' : 'make', (realms) =>
          importFrom(realms, source, asked),
        )
        .finally(end)
      world.print(json === true ? reportJson(report) : reportText(report))
      return statusOf(report)
    } catch (error) {
      const where = error instanceof NotReadable ? 'nothing more is imported: ' : ''
      world.complain(`parapet: ${where}${reasonFor(error)}\n`)
      return 1
    }
  },
}

/** As of `apply`: 2 where a dry run finds something to do. */
function statusOf({ counts, dryRun, missing }: Report): number {
  const all = [...counts.values()]
  if (all.some(({ refused }) => refused > 0)) return 1
  // A file of another system, most likely: whoever asks is not to take it for done.
  if (all.length === 0 && missing.length > 0) return 1
  return dryRun && all.some(({ created, changed }) => created + changed > 0) ? 2 : 0
}

const wide = 30

/** A bar on a terminal, else a line for each five thousand people. */
function progressOf(
  world: World,
  { people }: Source,
): { readonly tell: (done: number) => void; readonly end: () => void } {
  let drawn = false
  return {
    tell(done) {
      if (world.terminal !== true) {
        if (done % 5000 === 0)
          world.complain(`${done}${people === undefined ? '' : ` of ${people}`} people\n`)
        return
      }
      if (done % 50 !== 0 && done !== people) return
      drawn = true
      const full = people === undefined ? 0 : Math.round((wide * done) / people)
      const bar = people === undefined ? '' : `[${'#'.repeat(full)}${'.'.repeat(wide - full)}] `
      world.complain(`\r${bar}${done} people`)
    },
    end() {
      if (drawn) world.complain('\n')
    },
  }
}
