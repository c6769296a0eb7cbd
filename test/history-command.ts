/** A command of the command line that reads the stores of a world in memory. */
import { random } from '../src/base/random.ts'
import type { Command, World as CommandWorld } from '../src/server/cli/command.ts'
import type { World } from './world.ts'

/** Runs it, with what is typed or piped into it; gives its status and everything it said. */
export async function runCommand(
  w: World,
  command: Command,
  answer: string,
  options: Parameters<Command['run']>[1] = { realm: '/alpha' },
  words: readonly string[] = [],
): Promise<readonly [status: number, said: string]> {
  let said = ''
  const print = (text: string): void => {
    said += text
  }
  const realm = await w.realm()
  const { handleKeys } = realm
  const now = (): number => w.clock.now
  const shared = { settings: w.settings, records: w.records, handleKeys, random, fetch }
  const withRealms: CommandWorld['withRealms'] = (_settings, _how, use) =>
    use({ ...shared, now, timeOfDay: now })
  const other = (): Promise<never> => Promise.reject(new Error('not of this command'))
  const others = { start: other, startProblems: other, forgetDemo: other, rotateKeys: other }
  const more = {
    resealStore: other,
    acceptStore: other,
    acceptTime: other,
    migrate: other,
    examineStore: other,
    abandonMigration: other,
    complain: print,
  }
  const ask = async (): Promise<string> => answer
  const world: CommandWorld = {
    ...{ version: '', environment: {}, print, ask, withRealms },
    ...others,
    ...more,
  }
  return [await command.run(world, options, words), said]
}
