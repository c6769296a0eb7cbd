import { configVariable, serverSettings } from '../settings.ts'
import type { Command } from './command.ts'

/** `parapet help`: the commands and the settings. */
export const help: Command = {
  name: 'help',
  usage: '[<command>]',
  about: 'Tell the commands and the settings, or about one command',
  options: {},

  async run(world) {
    world.print(
      `Settings, from the environment or, by their second name, from the file of --config or ${configVariable}, JSON or YAML:\n`,
    )
    for (const [name, row] of Object.entries(serverSettings)) {
      const standard = 'default' in row ? ` (${row.default})` : ''
      world.print(`\n  ${row.environment}, ${name}\n    ${row.about}${standard}\n`)
    }
    return 0
  },
}
