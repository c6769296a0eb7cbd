/** Where the store of a test lies, and what can be done to it there: each a row. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Place {
  /** Settings of a server whose store is here. */
  readonly settings: Readonly<Record<string, string>>
  /** Of a store in files: where they are. */
  readonly directory?: string
  /** That directory is on a disk which is soon full. */
  readonly small?: true
  /** Of a store that is a server of its own. */
  readonly store?: StoreServer
  /** What its servers are reached by. */
  readonly wire?: StoreWire
  close(): Promise<void>
}

/** A process that keeps the store. */
export interface StoreServer {
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
}

/** The way between servers and store. */
export interface StoreWire {
  /** How late answers come from now on; undefined: at once. */
  slow(how: { readonly ms: number; readonly loss: number } | undefined): void
  /** Nothing passes any more, and nobody is told. */
  hold(): void
  release(): void
}

const run = promisify(execFile)

/** A place, and why it cannot be had here. */
interface PlaceKind {
  readonly missing: () => string | undefined
  readonly open: () => Promise<Place>
}

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'parapet-faults-'))

/** Megabytes of the small disk: room for the two files and some minutes of a test's load. */
const smallDisk = 48

export const places = {
  sqlite: {
    missing: () => undefined,
    async open() {
      const directory = await newDirectory()
      return {
        settings: { PARAPET_DATA: directory },
        directory,
        close: () => rm(directory, { recursive: true, force: true }),
      }
    },
  },
  'sqlite-small': {
    missing: () =>
      process.platform === 'linux' && process.getuid?.() === 0
        ? undefined
        : 'a disk that is soon full (a tmpfs) can be mounted by root only',
    async open() {
      const directory = await newDirectory()
      await run('mount', ['-t', 'tmpfs', '-o', `size=${smallDisk}m`, 'tmpfs', directory])
      return {
        ...{ settings: { PARAPET_DATA: directory }, directory, small: true },
        async close() {
          await run('umount', ['-l', directory])
          await rm(directory, { recursive: true, force: true })
        },
      }
    },
  },
} as const satisfies Readonly<Record<string, PlaceKind>>

export type PlaceName = keyof typeof places
