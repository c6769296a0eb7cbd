import { shownUrl } from '../../store/index.ts'
import { type Settings, serverSettings } from '../settings.ts'
import { type Command, complainOf } from './command.ts'
import { configurationOrComplaint } from './configuration.ts'

/** `parapet check`: what is wrong with the settings, else with the store, all of it at once; or what they are. */
export const check: Command = {
  name: 'check',
  usage: '[--config <file>]',
  about: 'Tell every problem of the settings, or their values',
  options: { config: { type: 'string' } },

  async run(world, { config }) {
    const configuration = await configurationOrComplaint(world, config)
    if (configuration === undefined) return 1
    const { settings, configured } = configuration
    const problems = await world.startProblems(settings, configured)
    if (problems.length > 0) {
      const where =
        configured === undefined ? 'in the store' : 'in the store or in what the file wants there'
      complainOf(world, problems, `${where}, so that it would not be served`)
      return 1
    }
    for (const [name, row] of Object.entries(serverSettings)) {
      const value = settings[name as keyof typeof settings]
      world.print(`${name.padEnd(22)} ${shown(value, 'secret' in row)}\n`)
    }
    return 0
  },
}

function shown(value: Settings[keyof Settings], secret: boolean): string {
  if (value === undefined) return '-'
  if (secret || (typeof value === 'object' && 'realms' in value)) return '(set)'
  if (typeof value === 'object' && 'path' in value) return value.path
  if (typeof value === 'object' && 'address' in value)
    return `${value.name} <${value.address}>`.trim()
  if (typeof value === 'object' && 'port' in value) return `${value.host}:${value.port}`
  const text = typeof value === 'object' ? value.join(', ') : String(value)
  // What was read from a file may hold its key as well, behind words of the program that wrote it.
  return text.includes('-----BEGIN') ? '(read)' : shownUrl(text)
}
