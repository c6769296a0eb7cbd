import { isoTime } from '../../base/time.ts'
import { reasonFor } from '../../store/reason-for.ts'
import type { Command } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** `parapet accept-time`: an operator has looked at the clock, which had jumped, and it is right. */
export const acceptTime: Command = {
  name: 'accept-time',
  usage: '[--config <file>]',
  about: "Tell the servers on the store that this machine's clock is right, after it has jumped",
  options: { config: { type: 'string' } },

  async run(world, { config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    try {
      const time = isoTime(await world.acceptTime(settings))
      world.print(
        `it is ${time}: a server whose clock had jumped goes by that within seconds, or at its next start within the hour\n`,
      )
      return 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    }
  },
}
