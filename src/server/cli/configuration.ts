import type { JsonObject } from '../../base/json.ts'
import { parseJsonObject } from '../../base/json.ts'
import { mostOfDocument, mostOfSecret, readText } from '../../base/read-text.ts'
import type { Configured } from '../../config/document/at-start.ts'
import type { References } from '../../config/document/reference.ts'
import { readDocumentText } from '../../config/document/text.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Handed } from '../process/message.ts'
import type { SettingsFile, SettingsRead } from '../settings.ts'
import { configVariable, readServerSettings, type Settings } from '../settings.ts'
import { unknownVariables } from '../unknown-variables.ts'
import { complainOf, type World } from './command.ts'

/** What a server is started with. */
export interface Configuration {
  readonly settings: Settings
  /** What is to be in the store, if the file says anything of it. */
  readonly configured: Configured | undefined
}

/** Settings from the environment and the file that `--config` names; problems are already told. */
export async function settingsOrComplaint(
  world: World,
  config: string | boolean | undefined,
): Promise<Settings | undefined> {
  return (await configurationOrComplaint(world, config))?.settings
}

/** The same, with what else the file says. */
export async function configurationOrComplaint(
  world: World,
  config: string | boolean | undefined,
): Promise<Configuration | undefined> {
  for (const name of unknownVariables(world.environment))
    world.complain(`parapet: ${name} is no setting of this server and does nothing\n`)
  const path = typeof config === 'string' ? config : world.environment[configVariable] || undefined
  const { file, problem } = path === undefined ? {} : await fileAt(path)
  const read = readServerSettings(world.environment, file)
  const { settings, problems } = problem === undefined ? read : withProblem(read, problem)
  if (settings === undefined) {
    complainOf(world, problems, 'in the settings')
    return undefined
  }
  const document = file?.document ?? parseJsonObject(file?.text ?? '')
  return { settings, configured: configuredBy(world, path ?? '', document) }
}

/** What a worker is handed by its primary; what documents refer to it looks up itself. */
export function handedConfiguration(world: World, { settings, parts }: Handed): Configuration {
  const configured = parts && { parts, references: referencesOf(world) }
  return { settings, configured }
}

/** What a file of settings says of realms. */
function configuredBy(
  world: World,
  file: string,
  document: JsonObject | undefined,
): Configured | undefined {
  if (document === undefined || !Object.hasOwn(document, 'realms')) return undefined
  return { parts: [{ file, document }], references: referencesOf(world) }
}

/** What documents may refer to: this process's variables, and the files it can read. */
export function referencesOf({ environment }: Pick<World, 'environment'>): References {
  return {
    env: (name) => environment[name],
    file: (path) => readText(path, mostOfSecret),
  }
}

function withProblem({ problems }: SettingsRead, problem: string): SettingsRead {
  return { settings: undefined, problems: [problem, ...problems] }
}

/** JSON, as ever, unless the file's name says YAML. */
async function fileAt(
  path: string,
): Promise<{ readonly file?: SettingsFile; readonly problem?: string }> {
  let text: string
  try {
    text = readText(path, mostOfDocument)
  } catch (error) {
    return { problem: `${path}: ${(error as Error).message}` }
  }
  if (!isYaml(path)) return { file: { path, text } }
  const read = await readDocumentText(text)
  if ('problem' in read) return { problem: `${path}: ${problemLine(read.problem)}` }
  return { file: { path, text, document: read.document } }
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path)
}
