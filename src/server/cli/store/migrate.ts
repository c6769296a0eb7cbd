import { reasonOf } from '../../../base/log.ts'
import type { Migrated } from '../../../store/migrate/migrate.ts'
import type { Step } from '../../../store/migrate/migration.ts'
import { type Command, complainOf, type World } from '../command.ts'
import { settingsOrComplaint } from '../configuration.ts'
import { placesGiven } from './urls.ts'

/** `parapet migrate`: everything a store holds, into another one. */
export const migrate: Command = {
  name: 'migrate',
  usage:
    '[--from <url>] [--from-settings <url>] --to <url> [--to-settings <url>] [--switch | --abandon] [--config <file>]',
  about:
    'Copy settings and live records to another store while the old one serves; with --switch, once its servers are stopped, make the new one the one that is served',
  options: {
    from: { type: 'string' },
    'from-settings': { type: 'string' },
    to: { type: 'string' },
    'to-settings': { type: 'string' },
    switch: { type: 'boolean' },
    abandon: { type: 'boolean' },
    config: { type: 'string' },
  },

  async run(world, options) {
    if (options.switch === true && options.abandon === true) {
      complainOf(world, ['--switch, --abandon: one of them, not both'], 'in what was asked')
      return 1
    }
    const settings = await settingsOrComplaint(world, options.config)
    if (settings === undefined) return 1
    const { tell, end } = progressOf(world)
    try {
      const places = placesGiven(options, world.environment, settings)
      if (options.abandon === true) {
        await world.abandonMigration(settings, places)
        world.print('given up: the old store may be served; empty the new one before another try\n')
        return 0
      }
      const stopped = async (): Promise<boolean> => {
        end()
        return options.switch === true || (await areStopped(world))
      }
      const done = await world.migrate(settings, places, { tell, stopped }).finally(end)
      world.print(said(done))
      return done.switched ? 0 : 2
    } catch (error) {
      world.complain(`parapet: ${reasonOf(error)}\n`)
      return 1
    }
  },
}

/** On a terminal somebody can say so; elsewhere `--switch` does, of another run. */
async function areStopped(world: World): Promise<boolean> {
  if (world.terminal !== true) return false
  const answer = await world.ask(
    'Copied. Stop all servers on the old store now; then type: switch\n',
    false,
  )
  return answer?.trim() === 'switch'
}

function said({ switched, counts }: Migrated): string {
  const held = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  const there = held.join(' and ')
  return switched
    ? `moved and compared, record by record: ${there}. Start the servers with the new store and the same PARAPET_KEY (of a directory: the content of its parapet.key)\n`
    : `copied: ${there}. The old store goes on serving. Stop its servers, then run the same with --switch\n`
}

const wide = 30

/** A bar on a terminal, else a line for each ten thousand records, and one for each step that is done. */
function progressOf(world: World): {
  readonly tell: (step: Step) => void
  readonly end: () => void
} {
  let drawn = false
  let tens = 0
  return {
    tell({ what, name, done, all }) {
      if (world.terminal !== true) {
        const now = Math.floor(done / 10_000)
        if (now !== tens && now > 0) world.complain(`${what} ${name}: ${done} of ${all}\n`)
        tens = now
        return
      }
      drawn = true
      const full = Math.min(wide, all === 0 ? wide : Math.round((wide * done) / all))
      const bar = `[${'#'.repeat(full)}${'.'.repeat(wide - full)}]`
      world.complain(`\r${bar} ${what} ${name}: ${done} of ${all}   `)
    },
    end() {
      if (drawn) world.complain('\n')
      drawn = false
    },
  }
}
