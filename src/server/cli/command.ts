import type { Configured } from '../../config/document/at-start.ts'
import type { Demo, Filled } from '../../demo/populate.ts'
import type { Replaced, Replacement } from '../../realm/key/rotation.ts'
import type { RealmWorld } from '../../realm/realms.ts'
import type { Finding } from '../../store/doctor/finding.ts'
import type { Migrated } from '../../store/migrate/migrate.ts'
import type { Migration } from '../../store/migrate/migration.ts'
import type { KeyUse } from '../../store/sealing/reseal.ts'
import type { Others } from '../drain.ts'
import type { SharedMetrics } from '../observe/observe.ts'
import type { Settings } from '../settings.ts'
import type { Ask } from './ask.ts'
import type { PlacesRead } from './store/urls.ts'

/** A server that runs, as the command line sees it. */
export interface Running {
  readonly origin: string
  /** The administrator's password, if one was made just now. */
  readonly adminPassword: string | undefined
  /** What the demo begins with, where there is one. */
  readonly filled: Filled | undefined
  /** Where letters are put down, where no server takes them. */
  readonly outbox: string | undefined
  stop(): Promise<void>
}

/** What a server is started with beside its settings. */
export interface Around {
  readonly configured: Configured | undefined
  readonly metrics?: SharedMetrics | undefined
  readonly others?: Others | undefined
}

/** What a command may use of the world around it. */
export interface World {
  /** Of this package. */
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Starts a server, with what its document says set; or throws an Error that says what to do. */
  start(settings: Settings, demo: Demo, around: Around): Promise<Running>
  /** What would keep a server from being served that the settings alone do not show; makes nothing. */
  startProblems(settings: Settings, configured: Configured | undefined): Promise<readonly string[]>
  /**
   * Opens the realms of the store that the settings name, and closes it again. Where there is no store,
   * one is made, or an Error says so; to `pretend` is to write to nothing, whether there is one or not.
   */
  withRealms<T>(
    settings: Settings,
    how: 'make' | 'pretend' | 'refuse',
    use: (world: RealmWorld) => Promise<T>,
  ): Promise<T>
  /** Takes the demo's user and clients out of the store; tells what was done. */
  forgetDemo(settings: Settings): Promise<readonly string[]>
  /** Makes new keys, for all realms or one; tells where, or throws an Error that says what to do. */
  rotateKeys(
    settings: Settings,
    realm: string | undefined,
    replacement: Replacement,
  ): Promise<readonly Replaced[]>
  /** Seals anew what older keys have sealed; tells what each key seals then, or throws an Error that says what to do. */
  resealStore(settings: Settings): Promise<readonly KeyUse[]>
  /** Lets a store be served that lost something; tells what became of it, or throws an Error that says what to do. */
  acceptStore(settings: Settings, keepRecords: boolean): Promise<readonly string[]>
  /** Copies a store into another one, and makes that one the one that is served; see `store/migrate`. */
  migrate(
    settings: Settings,
    places: PlacesRead,
    asked: Pick<Migration, 'tell' | 'stopped'>,
  ): Promise<Migrated>
  /** Tries on a store what servers rely on; throws an Error where it cannot be opened. */
  examineStore(settings: Settings, url: string): Promise<readonly Finding[]>
  /** Gives up a migration that was not finished. */
  abandonMigration(settings: Settings, places: PlacesRead): Promise<void>
  /** Says that the machine's clock is right; tells the seconds it shows, or throws an Error that says what to do. */
  acceptTime(settings: Settings): Promise<number>
  /** Asks whoever typed the command. */
  readonly ask: Ask
  /** Whether complaints go to a terminal, where a line may be drawn anew. Absent: they do not. */
  readonly terminal?: boolean
  /** Text for whoever typed the command: what was asked for, and what is wrong. */
  print(text: string): void
  complain(text: string): void
}

export type Options = Readonly<Record<string, string | boolean | undefined>>

/** One subcommand. */
export interface Command {
  readonly name: string
  /** What may follow the name. */
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
  /** How many words may stand beside the options; absent: none. */
  readonly words?: { readonly least: number; readonly most: number }
  /** Gives the exit status. */
  run(world: World, options: Options, words: readonly string[]): Promise<number>
}

/** Tells problems, all of them at once. */
export function complainOf(world: World, problems: readonly string[], where: string): void {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  world.complain(`parapet: ${count} ${where}:\n${problems.map((p) => `  ${p}\n`).join('')}`)
}
