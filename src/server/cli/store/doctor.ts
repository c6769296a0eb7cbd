import { reasonOf } from '../../../base/log.ts'
import type { Finding } from '../../../store/doctor/finding.ts'
import { shownUrl, storeIn } from '../../../store/index.ts'
import type { Command } from '../command.ts'
import { settingsOrComplaint } from '../configuration.ts'
import { urlGiven } from './urls.ts'

/** `parapet store doctor`: what a store promises, tried on the very one. */
export const store: Command = {
  name: 'store',
  usage: 'doctor [<url>] [--json] [--config <file>]',
  about:
    'Race, skew and cut off what servers do to a store, in a folder of keys of its own, and tell what held and what nobody can tell; by default of the configured store',
  options: { json: { type: 'boolean' }, config: { type: 'string' } },
  words: { least: 1, most: 2 },

  async run(world, { json, config }, [word, url]) {
    if (word !== 'doctor') {
      world.complain(`parapet store: there is no ${word}: it is doctor\n`)
      return 2
    }
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    try {
      const given = urlGiven('doctor', url, world.environment)
      const examined = given ?? settings.store ?? storeIn(settings.data)
      const findings = await world.examineStore(settings, examined)
      const shown = shownUrl(examined)
      world.print(json === true ? asJson(shown, findings) : asText(shown, findings))
      return findings.some(({ outcome }) => outcome === 'refuted') ? 1 : 0
    } catch (error) {
      world.complain(`parapet: ${reasonOf(error)}\n`)
      return 1
    }
  },
}

function asJson(url: string, findings: readonly Finding[]): string {
  return `${JSON.stringify({ url, findings }, undefined, 2)}\n`
}

function asText(url: string, findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ what, outcome, detail }) => `${outcome.padEnd(8)}  ${what}\n          ${detail}\n`,
  )
  return `${url}\n\n${lines.join('')}`
}
