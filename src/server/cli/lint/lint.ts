import { isObject } from '../../../base/json.ts'
import { mostOfDocument, readText } from '../../../base/read-text.ts'
import { wrapped } from '../../../base/wrapped.ts'
import { findClient } from '../../../client/client.ts'
import { noRealmAt, realmAt, siteOf } from '../../../config/document/step.ts'
import { readDocumentText } from '../../../config/document/text.ts'
import { lintIn } from '../../../lint/in-realm.ts'
import type { LintProfile, Violation } from '../../../lint/lint.ts'
import { isLintProfile, lintProfileNames, lintProfiles } from '../../../lint/lint.ts'
import { readRegistration } from '../../../lint/read-registration.ts'
import { readRequest } from '../../../lint/read-request.ts'
import type { Asked } from '../../../lint/rule.ts'
import type { ClientMetadata } from '../../../protocol/client-metadata.ts'
import { problemLine } from '../../../protocol/problem.ts'
import type { Realm } from '../../../realm/realm.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import { type Command, complainOf, type Options, type World } from '../command.ts'
import { referencesOf, settingsOrComplaint } from '../configuration.ts'

const question = 'URL of an authorization request, or the form of a push: '

/**
 * `parapet lint`: a registration and a request held against profiles. A request is read from standard input, since arguments
 * are seen by everybody on the machine.
 */
export const lint: Command = {
  name: 'lint',
  usage:
    '[<client_id>] [--file <registration>] [--request] [--profile <name>] [--realm <path>] [--json] [--config <file>]',
  about: `Hold a registered client, or a registration in a file, and with --request a request from standard input, against ${lintProfileNames.join(', ')}: every requirement that is not met; ends with 1 where there is one`,
  options: {
    file: { type: 'string' },
    request: { type: 'boolean' },
    profile: { type: 'string' },
    realm: { type: 'string' },
    json: { type: 'boolean' },
    config: { type: 'string' },
  },
  words: { least: 0, most: 1 },

  async run(world, options, [client_id]) {
    const settings = await settingsOrComplaint(world, options.config)
    if (settings === undefined) return 1
    try {
      const profiles = profilesOf(options.profile)
      const request = options.request === true ? await requestOf(world) : undefined
      const violations = await world.withRealms(settings, 'refuse', async (realms) => {
        const path = String(options.realm ?? '/')
        const realm = await realmAt(siteOf(realms, 'lint', referencesOf(world)), path)
        if (realm === undefined) throw new Error(noRealmAt(path))
        const client = await clientOf(realm, client_id, options.file)
        return lintIn(realm, { client, request, profiles })
      })
      if (options.json === true) world.print(`${JSON.stringify(violations, undefined, 2)}\n`)
      else world.print(lines(violations, profiles))
      return violations.length === 0 ? 0 : 1
    } catch (error) {
      complainOf(world, [reasonFor(error)], 'with what was asked')
      return 2
    }
  },
}

function profilesOf(name: Options[string]): readonly LintProfile[] {
  if (name === undefined) return lintProfileNames
  if (isLintProfile(name)) return [name]
  throw new Error(`--profile is one of ${lintProfileNames.join(', ')}`)
}

async function requestOf(world: World): Promise<Asked> {
  const request = readRequest((await world.ask(question, true)) ?? '')
  if (typeof request === 'string') throw new Error(request)
  return request
}

async function clientOf(
  realm: Realm,
  client_id: string | undefined,
  file: Options[string],
): Promise<ClientMetadata | undefined> {
  if (typeof file === 'string') {
    if (client_id !== undefined) throw new Error('a client and a file: one of them')
    return inFile(file)
  }
  if (client_id === undefined) return undefined
  const client = await findClient(realm, client_id)
  if (client === undefined) throw new Error(`there is no client ${client_id} in ${realm.path}`)
  return client
}

async function inFile(file: string): Promise<ClientMetadata> {
  const read = await readDocumentText(textOf(file))
  if (!('document' in read)) throw new Error(`${file}: ${problemLine(read.problem)}`)
  if (!isObject(read.document)) throw new Error(`${file}: is no registration`)
  const { client, problems } = readRegistration(read.document)
  const [problem] = problems
  if (problem !== undefined) throw new Error(`${file}: ${problemLine(problem)}`)
  return client
}

function textOf(file: string): string {
  try {
    return readText(file, mostOfDocument)
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
  }
}

function lines(violations: readonly Violation[], profiles: readonly LintProfile[]): string {
  const blocks = profiles.map((profile) => {
    const { title } = lintProfiles[profile]
    const own = violations.filter((each) => each.profile === profile)
    if (own.length === 0) return `${title}: nothing is wrong\n`
    return `${title}: ${own.length} not met\n${own.map(told).join('')}`
  })
  return blocks.join('\n')
}

function told({ section, says, looks, found }: Violation): string {
  const text = [...wrapped(`${section} ${says}`, 2), ...wrapped(`${looks}: ${found}`, 4)]
  return text.map((line) => `${line}\n`).join('')
}
