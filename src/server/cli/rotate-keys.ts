import { type Command, settingsOrComplaint } from './command.ts'

/** `parapet rotate-keys`: does at once what servers do by themselves when the keys are old. */
export const rotateKeys: Command = {
  name: 'rotate-keys',
  usage: '[--realm <path>] [--config <file>]',
  about: 'Make new keys for clients to encrypt to, of one realm or of all',
  options: { realm: { type: 'string' }, config: { type: 'string' } },

  async run(world, { realm, config }) {
    const settings = settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    try {
      const path = typeof realm === 'string' ? realm : undefined
      for (const each of await world.rotateKeys(settings, path))
        world.print(`new keys to encrypt to in ${each}\n`)
      return 0
    } catch (error) {
      world.complain(`parapet: ${(error as Error).message}\n`)
      return 1
    }
  },
}
