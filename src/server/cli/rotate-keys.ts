import type { Replacement } from '../../realm/key/rotation.ts'
import { familiesMeant, keyWords } from '../../realm/key/rotation.ts'
import { reasonFor } from '../../store/reason-for.ts'
import type { KeyUse } from '../../store/sealing/reseal.ts'
import type { Settings } from '../settings.ts'
import { type Command, complainOf, type World } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** `parapet rotate-keys`: does at once what servers do by themselves when the keys are old. */
export const rotateKeys: Command = {
  name: 'rotate-keys',
  usage:
    '[--realm <path>] [--keys enc|sig|mac|all|<algorithm>] [--now] | --reseal [--config <file>]',
  about: 'Make new keys, to encrypt to unless others are named, of one realm or of all',
  options: {
    realm: { type: 'string' },
    keys: { type: 'string' },
    now: { type: 'boolean' },
    reseal: { type: 'boolean' },
    config: { type: 'string' },
  },

  async run(world, { realm, keys: named, now, reseal, config }) {
    if (reseal === true && [realm, named, now].some((each) => each !== undefined)) {
      complainOf(world, ['--reseal: goes with no --realm, --keys or --now'], 'in what was asked')
      return 1
    }
    const keys = named ?? 'enc'
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    if (reseal === true) return resealed(world, settings)
    const wanted = typeof keys === 'string' ? familiesMeant(keys) : undefined
    if (wanted === undefined) {
      complainOf(world, [`--keys: must be one of ${keyWords.join(', ')}`], 'in what was asked')
      return 1
    }
    try {
      const path = typeof realm === 'string' ? realm : undefined
      const replacement: Replacement = { wanted, spoilt: now === true, by: 'parapet rotate-keys' }
      const what = keys === 'enc' ? 'new keys to encrypt to' : `new keys (${String(keys)})`
      const ended = replacement.spoilt ? '; those before count no more' : ''
      for (const each of await world.rotateKeys(settings, path, replacement))
        world.print(
          each.made ? `${what} in ${each.path}${ended}\n` : `no ${what} in ${each.path}: ${none}\n`,
        )
      return 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    }
  },
}

/** A realm whose keys nobody has asked for has nothing to replace, nor has one whose next key is on its way. */
const none =
  'none of these was asked for yet, which makes them, or the next ones are published already'

/** The keys outside the database: what is sealed under those behind the first is sealed under that one. */
async function resealed(world: World, settings: Settings): Promise<number> {
  try {
    const [first, ...older] = await world.resealStore(settings)
    if (first !== undefined) world.print(`key version ${first.version} seals ${sealing(first)}\n`)
    for (const use of older) {
      const over = use.settings + use.records === 0
      const advice = over
        ? 'nothing any more: it may be left out of PARAPET_KEY, which ends the references, codes, tokens and sessions that it made'
        : `${sealing(use)} still: once more, when no server has it as its first`
      world.print(`key version ${use.version} seals ${advice}\n`)
    }
    return 0
  } catch (error) {
    world.complain(`parapet: ${reasonFor(error)}\n`)
    return 1
  }
}

function sealing({ settings, records }: KeyUse): string {
  return `${settings} settings and ${records} records`
}
