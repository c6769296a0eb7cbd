import { parseArgs } from 'node:util'
import type { Command, World } from './cli/command.ts'

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
  const command = await commandOf(asked)
  if (command === undefined) {
    const problem = name === '' ? '' : `parapet: no such command: ${name}${await guess(name)}\n\n`
    world.complain(problem + (await summary()))
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    world.print(`Usage:\n${lineOf(command)}\nThe settings: parapet help\n`)
    return 0
  }
  if (asked === 'help') world.print(`${await summary()}\n`)
  try {
    const { values, positionals } = parseArgs({
      ...{ args: rest, options: command.options, strict: true },
      allowPositionals: command.words !== undefined,
    })
    const { least, most } = command.words ?? { least: 0, most: 0 }
    if (positionals.length >= least && positionals.length <= most)
      return await command.run(world, values, positionals)
    // None of them is said again: a password may be among them.
    const many = `takes at most ${most} words beside its options, not ${positionals.length}`
    const problem = positionals.length > most ? `parapet ${name}: ${many}\n\n` : ''
    world.complain(`${problem}Usage:\n${lineOf(command)}`)
    return 2
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    world.complain(`parapet ${name}: ${message.split('. ')[0]}\n\nUsage:\n${lineOf(command)}`)
    return 2
  }
}

/** What machines run again and again loads nothing that only other commands need. */
const alone: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve,
  health: async () => (await import('./cli/health.ts')).health,
}

async function commandOf(name: string): Promise<Command | undefined> {
  if (Object.hasOwn(alone, name)) return alone[name]?.()
  return (await all()).find((each) => each.name === name)
}

async function all(): Promise<readonly Command[]> {
  return (await import('./cli/index.ts')).commands
}

async function guess(name: string): Promise<string> {
  const { meant, nearest } = await import('../config/document/nearest.ts')
  const close = nearest(
    name,
    (await all()).map((each) => each.name),
  )
  return close === undefined ? '' : meant(close)
}

async function summary(): Promise<string> {
  return `Usage:\n${(await all()).map(lineOf).join('')}`
}

function lineOf({ name, usage, about }: Command): string {
  return `  parapet ${name} ${usage}\n      ${about}\n`
}
