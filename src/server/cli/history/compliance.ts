import { wrapped } from '../../../base/wrapped.ts'
import { noRealmAt, realmAt, siteOf } from '../../../config/document/step.ts'
import type { Compliance, Listed } from '../../../history/breaches/compliance.ts'
import { compliance as complianceOf, forgetBreaches } from '../../../history/breaches/compliance.ts'
import type { Realm } from '../../../realm/realm.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import { type Command, complainOf } from '../command.ts'
import { referencesOf, settingsOrComplaint } from '../configuration.ts'

/** `parapet compliance`: whom what is only watched would refuse (C-31). */
export const compliance: Command = {
  name: 'compliance',
  usage: '[<client_id>] [--reset] [--realm <path>] [--json] [--config <file>]',
  about:
    'List which clients’ requests would be refused by what is only watched, by which rule, how often and since when; --reset forgets it',
  options: {
    realm: { type: 'string' },
    reset: { type: 'boolean' },
    json: { type: 'boolean' },
    config: { type: 'string' },
  },
  words: { least: 0, most: 1 },

  async run(world, { realm: path = '/', reset, json, config }, [client_id]) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const work = async (realm: Realm): Promise<string> => {
      if (reset === true) return forgotten(await forgetBreaches(realm, client_id))
      const listed = await complianceOf(realm, client_id)
      return json === true ? `${JSON.stringify(listed.entries, undefined, 2)}\n` : lines(listed)
    }
    try {
      const said = await world.withRealms(settings, 'refuse', async (realms) => {
        const realm = await realmAt(siteOf(realms, 'compliance', referencesOf(world)), String(path))
        if (realm === undefined) throw new Error(noRealmAt(String(path)))
        return work(realm)
      })
      world.print(said)
      return 0
    } catch (error) {
      complainOf(world, [reasonFor(error)], 'with what was asked')
      return 1
    }
  },
}

function forgotten(clients: number): string {
  return `forgotten: what was counted of ${clients} ${clients === 1 ? 'client' : 'clients'}\n`
}

function lines({ entries, more }: Listed): string {
  if (entries.length === 0) return 'nothing that was let through would be refused\n'
  const byClient = Map.groupBy(entries, ({ client_id }) => client_id)
  const blocks = [...byClient].map(([client_id, own]) =>
    [`${client_id}:`, ...own.flatMap(rule)].join('\n'),
  )
  const count = byClient.size === 1 ? '1 client' : `${byClient.size} clients`
  const end = more ? `${count}, and more that are not shown` : count
  return `${blocks.join('\n\n')}\n\n${end} with requests that would be refused\n`
}

function rule(entry: Compliance): readonly string[] {
  const { requirement, says, section, why, count, first, last, endpoint, request } = entry
  const state = entry.watched ? '' : ', no longer watched'
  return [
    `  ${requirement}: ${count} ${count === 1 ? 'request' : 'requests'}${state}`,
    ...wrapped(`${says ?? why}${section === null ? '' : ` (${section})`}`, 4),
    `    since ${first}`,
    `    last  ${last} at ${endpoint}`,
    `          ${request}`,
  ]
}
