import { worldOver } from '../src/config/document/step.ts'
import type { World as CommandWorld } from '../src/server/cli/command.ts'
import { runCommand } from '../src/server/run-command.ts'
import { type World, world } from './world.ts'

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
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
  const none = (): never => {
    throw new Error('not in this test')
  }
  const run = async (...args: readonly string[]): Promise<Outcome> => {
    let [out, err] = ['', '']
    const commands: CommandWorld = {
      version: '1.2.3',
      environment,
      ...{
        start: none,
        forgetDemo: none,
        rotateKeys: none,
        resealStore: none,
      },
      startProblems: async () => [],
      ...{
        acceptStore: none,
        acceptTime: none,
        migrate: none,
        examineStore: none,
        abandonMigration: none,
      },
      ask: async () => answers.shift(),
      withRealms(_, how, use) {
        absent.push(how)
        return use(how === 'pretend' ? worldOver(root).over : root)
      },
      print: (text) => {
        out += text
      },
      complain: (text) => {
        err += text
      },
    }
    const status = await runCommand(args, commands)
    return { status, out, err }
  }
  return { w, run, absent, answers }
}
