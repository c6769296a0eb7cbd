import { exportDocument } from '../../config/document/export/export.ts'
import { schemaOfDocument } from '../../config/document/export/schema.ts'
import { realmAt, siteOf } from '../../config/document/step.ts'
import { writeYaml } from '../../config/document/yaml.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { RealmWorld } from '../../realm/realms.ts'
import { reasonFor } from '../../store/reason-for.ts'
import type { ServerSetting } from '../setting.ts'
import { serverSettings } from '../settings.ts'
import { type Command, complainOf } from './command.ts'
import { referencesOf, settingsOrComplaint } from './configuration.ts'
import { readPassphrase } from './object/password.ts'

/** `parapet export`: what a store has, as a document that `apply` takes back. */
export const exportStore: Command = {
  name: 'export',
  usage:
    '[--realm <path>] [--format yaml|json] [--secrets-passphrase-file <file>] [--schema] [--config <file>]',
  about:
    'Print realms and what is in them as a document, without secrets, or with them sealed under a passphrase; --schema prints the JSON Schema of such documents',
  options: {
    realm: { type: 'string' },
    format: { type: 'string' },
    'secrets-passphrase-file': { type: 'string' },
    schema: { type: 'boolean' },
    config: { type: 'string' },
  },

  async run(world, { realm, format = 'yaml', 'secrets-passphrase-file': file, schema, config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const read = readPassphrase(file)
    const problems = 'problem' in read ? [read.problem] : []
    if (format !== 'yaml' && format !== 'json') problems.push('--format: must be yaml or json')
    if ('problem' in read || problems.length > 0) {
      complainOf(world, problems, 'with the export')
      return 1
    }
    const only = typeof realm === 'string' ? realm : undefined
    const { passphrase } = read
    try {
      const text = await (schema === true
        ? world.withRealms(settings, 'pretend', schemaText)
        : world.withRealms(settings, 'refuse', async (realms) => {
            const document = await exportDocument(realms, { realm: only, passphrase })
            return format === 'json' ? jsonText(document) : writeYaml(document)
          }))
      world.print(text)
      return 0
    } catch (error) {
      world.complain(`parapet: ${reasonFor(error)}\n`)
      return 1
    }
  },
}

async function schemaText(realms: RealmWorld): Promise<string> {
  const root = await realmAt(siteOf(realms, 'export', referencesOf({ environment: {} })), '/')
  if (root === undefined) throw new Error('the store has no root realm')
  return jsonText(schemaOfDocument(root, settingSchemas))
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/** A server's own settings: texts, numbers and lists of texts. */
const settingSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries<ServerSetting<unknown>>(serverSettings).map(([name, { about }]) => [
    name,
    {
      description: about,
      anyOf: [
        { type: 'string' },
        { type: 'integer' },
        { type: 'array', items: { type: 'string' } },
      ],
    },
  ]),
)
