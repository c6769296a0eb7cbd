import { readFileSync } from 'node:fs'
import type { Replacement } from '../../realm/key/rotation.ts'
import { readServerSettings, type Settings, type SettingsRead } from '../settings.ts'
import { unknownVariables } from '../unknown-variables.ts'

/** A server that runs, as the command line sees it. */
export interface Running {
  readonly origin: string
  /** The administrator's password, if one was made just now. */
  readonly adminPassword: string | undefined
  stop(): Promise<void>
}

/** What a command may use of the world around it. */
export interface World {
  /** Of this package. */
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Starts a server, or throws an Error that says what to do. */
  start(settings: Settings, demo: boolean): Promise<Running>
  /** What would keep a server from being served that the settings alone do not show; makes nothing. */
  startProblems(settings: Settings): Promise<readonly string[]>
  /** Takes the demo's user and clients out of the store; tells what was done. */
  forgetDemo(settings: Settings): Promise<readonly string[]>
  /** Makes new keys, for all realms or one; tells which, or throws an Error that says what to do. */
  rotateKeys(
    settings: Settings,
    realm: string | undefined,
    replacement: Replacement,
  ): Promise<readonly string[]>
  /** Lets a store be served that lost something; tells what became of it, or throws an Error that says what to do. */
  acceptStore(settings: Settings, keepRecords: boolean): Promise<readonly string[]>
  /** Says that the machine's clock is right; tells the seconds it shows, or throws an Error that says what to do. */
  acceptTime(settings: Settings): Promise<number>
  /** Text for whoever typed the command: what was asked for, and what is wrong. */
  print(text: string): void
  complain(text: string): void
}

/** One subcommand. */
export interface Command {
  readonly name: string
  /** What may follow the name. */
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
  /** Gives the exit status. */
  run(
    world: World,
    options: Readonly<Record<string, string | boolean | undefined>>,
  ): Promise<number>
}

/** Settings from the environment and the file that `--config` names; problems are already told. */
export function settingsOrComplaint(
  world: World,
  config: string | boolean | undefined,
): Settings | undefined {
  for (const name of unknownVariables(world.environment))
    world.complain(`parapet: ${name} is no setting of this server and does nothing\n`)
  const { settings, problems } = readWithFile(
    world,
    typeof config === 'string' ? config : undefined,
  )
  if (settings === undefined) complainOf(world, problems, 'in the settings')
  return settings
}

/** Tells problems, all of them at once. */
export function complainOf(world: World, problems: readonly string[], where: string): void {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  world.complain(`parapet: ${count} ${where}:\n${problems.map((p) => `  ${p}\n`).join('')}`)
}

function readWithFile({ environment }: World, path: string | undefined): SettingsRead {
  if (path === undefined) return readServerSettings(environment)
  try {
    return readServerSettings(environment, { path, text: readFileSync(path, 'utf8') })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const { problems } = readServerSettings(environment)
    return { settings: undefined, problems: [`${path}: cannot be read (${code})`, ...problems] }
  }
}
