import { reasonFor } from '../../store/reason-for.ts'
import type { Command } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** `parapet remove-demo`: makes a store the demo has filled one that may be served to others. */
export const removeDemo: Command = {
  name: 'remove-demo',
  usage: '[--config <file>]',
  about: "Remove the demo's user and clients from the store",
  options: { config: { type: 'string' } },

  async run(world, { config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    try {
      const done = await world.forgetDemo(settings)
      world.print(done.map((line) => `${line}\n`).join('') || 'nothing to remove\n')
      return 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    }
  },
}
