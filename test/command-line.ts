import { worldOver } from '../src/config/document/step.ts'
import type { World as CommandWorld } from '../src/server/cli/command.ts'
import { runCommand } from '../src/server/run-command.ts'
import { type World, world } from './world.ts'

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

const none = (): never => {
  throw new Error('not in this test')
}

/** A world in which no command may do anything. */
const nothing: CommandWorld = {
  version: '1.2.3',
  environment: {},
  ...{ start: none, startProblems: async () => [], withRealms: none, forgetDemo: none },
  ...{ rotateKeys: none, resealStore: none, acceptStore: none, acceptTime: none },
  ...{ migrate: none, examineStore: none, abandonMigration: none },
  ...{ ask: none, print: none, complain: none },
}

/** Runs a command line in this process, in a world that has what is given. */
export async function runIn(
  given: Partial<CommandWorld>,
  args: readonly string[],
): Promise<Outcome> {
  let [out, err] = ['', '']
  const print = (text: string): void => {
    out += text
  }
  const complain = (text: string): void => {
    err += text
  }
  const status = await runCommand(args, { ...nothing, ...given, print, complain })
  return { status, out, err }
}

/** The command line on a store in memory, and how the commands have opened it. */
export async function commandLine(environment: Readonly<Record<string, string>> = {}): Promise<{
  readonly w: World
  readonly run: (...args: readonly string[]) => Promise<Outcome>
  readonly absent: readonly string[]
  /** What is typed or piped in, next first. */
  readonly answers: string[]
}> {
  const w = await world()
  const root = await w.realm('/')
  const absent: string[] = []
  const answers: string[] = []
  const given: Partial<CommandWorld> = {
    environment,
    ask: async () => answers.shift(),
    withRealms(_, how, use) {
      absent.push(how)
      return use(how === 'pretend' ? worldOver(root).over : root)
    },
  }
  return { w, run: (...args) => runIn(given, args), absent, answers }
}
