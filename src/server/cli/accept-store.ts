import { reasonFor } from '../../store/reason-for.ts'
import { logLines } from '../observe/log-lines.ts'
import type { Command } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** `parapet accept-store`: lets a store be served that is not as the server left it, and logs that. */
export const acceptStore: Command = {
  name: 'accept-store',
  usage: '[--keep-records] [--config <file>]',
  about:
    'Accept a store that lost something or comes from a backup; whatever was issued from it is void, unless it is kept',
  options: { 'keep-records': { type: 'boolean' }, config: { type: 'string' } },

  async run(world, { 'keep-records': keepRecords = false, config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const endLog = logLines({ level: settings.logLevel, format: settings.logFormat })
    try {
      // Not to standard output: that is the log's, one line for each event.
      for (const line of await world.acceptStore(settings, keepRecords === true))
        world.complain(`${line}\n`)
      return 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    } finally {
      await endLog()
    }
  },
}
