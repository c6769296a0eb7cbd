import { parseArgs } from 'node:util'
import { meant, nearest } from '../../config/document/nearest.ts'
import { kinds } from '../../config/index.ts'
import { acceptStore } from './accept-store.ts'
import { acceptTime } from './accept-time.ts'
import { apply } from './apply.ts'
import { check } from './check.ts'
import type { Command, World } from './command.ts'
import { exportStore } from './export.ts'
import { health } from './health.ts'
import { help } from './help.ts'
import { explain } from './history/explain.ts'
import { importInto } from './import/import.ts'
import { init } from './init.ts'
import { admin } from './object/admin.ts'
import { objectCommand } from './object/command.ts'
import { removeDemo } from './remove-demo.ts'
import { rotateKeys } from './rotate-keys.ts'
import { serve } from './serve.ts'
import { migrate } from './store/migrate.ts'

const commands: readonly Command[] = [
  serve,
  init,
  check,
  apply,
  exportStore,
  explain,
  importInto,
  ...kinds.map(objectCommand),
  admin,
  rotateKeys,
  removeDemo,
  acceptStore,
  acceptTime,
  migrate,
  health,
  help,
]

/** Runs the command line `parapet <command> …`; gives the exit status, 2 when it makes no sense. */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  const [first, about, ...more] = args
  const asksAbout = first === 'help' && about !== undefined && more.length === 0 && about[0] !== '-'
  const [name = '', ...rest] = asksAbout ? [about, '--help'] : args
  if (name === '--version') {
    world.print(`${world.version}\n`)
    return 0
  }
  const asked = ['--help', '-h'].includes(name) ? 'help' : name
  const command = commands.find((one) => one.name === asked)
  if (command === undefined) {
    const names = commands.map((each) => each.name)
    const close = nearest(name, names)
    const guess = close === undefined ? '' : meant(close)
    const problem = name === '' ? '' : `parapet: no such command: ${name}${guess}\n\n`
    world.complain(problem + summary())
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    world.print(`Usage:\n${lineOf(command)}\nThe settings: parapet help\n`)
    return 0
  }
  if (command === help) world.print(`${summary()}\n`)
  try {
    const { values, positionals } = parseArgs({
      ...{ args: rest, options: command.options, strict: true },
      allowPositionals: command.words !== undefined,
    })
    const { least, most } = command.words ?? { least: 0, most: 0 }
    if (positionals.length >= least && positionals.length <= most)
      return await command.run(world, values, positionals)
    world.complain(`Usage:\n${lineOf(command)}`)
    return 2
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    world.complain(`parapet ${name}: ${message.split('. ')[0]}\n\nUsage:\n${lineOf(command)}`)
    return 2
  }
}

function summary(): string {
  return `Usage:\n${commands.map(lineOf).join('')}`
}

function lineOf({ name, usage, about }: Command): string {
  return `  parapet ${name} ${usage}\n      ${about}\n`
}
