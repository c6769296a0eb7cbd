import type { Replacement } from '../../realm/key/rotation.ts'
import { familiesMeant, keyWords } from '../../realm/key/rotation.ts'
import { type Command, complainOf } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** `parapet rotate-keys`: does at once what servers do by themselves when the keys are old. */
export const rotateKeys: Command = {
  name: 'rotate-keys',
  usage: '[--realm <path>] [--keys enc|sig|mac|all|<algorithm>] [--now] [--config <file>]',
  about: 'Make new keys, to encrypt to unless others are named, of one realm or of all',
  options: {
    realm: { type: 'string' },
    keys: { type: 'string' },
    now: { type: 'boolean' },
    config: { type: 'string' },
  },

  async run(world, { realm, keys = 'enc', now, config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const wanted = typeof keys === 'string' ? familiesMeant(keys) : undefined
    if (wanted === undefined) {
      complainOf(world, [`--keys: one of ${keyWords.join(', ')}`], 'in what was asked')
      return 1
    }
    try {
      const path = typeof realm === 'string' ? realm : undefined
      const replacement: Replacement = { wanted, spoilt: now === true }
      const what = keys === 'enc' ? 'new keys to encrypt to' : `new keys (${String(keys)})`
      const ended = replacement.spoilt ? '; those before count no more' : ''
      for (const each of await world.rotateKeys(settings, path, replacement))
        world.print(`${what} in ${each}${ended}\n`)
      return 0
    } catch (error) {
      world.complain(`parapet: ${(error as Error).message}\n`)
      return 1
    }
  },
}
