import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '../../base/directory.ts'
import { event, reasonOf } from '../../base/log.ts'
import type { StoresOptions } from '../backend.ts'
import type { Store } from '../store.ts'
import { update } from '../update.ts'
import { together, type Witnessed } from './tally.ts'

/** A place outside of the records shelf that remembers how far its tally had come. */
export interface Witness {
  readonly read: () => Promise<Witnessed>
  /** Remembers this beside what is there. Never rejects: what cannot be witnessed is told in the log, once. */
  readonly note: (witnessed: Witnessed) => Promise<void>
  /** Seconds from one note to the next. */
  readonly pause: number
}

/**
 * A file in a server's directory. It is not forced onto the disk: after loss of power it may be behind, and then
 * notices less. One that cannot be read is none.
 */
export function witnessFile(directory: string): Witness {
  const file = join(directory, 'records.witness')
  const told = tellOnce(file)
  const read = async (): Promise<Witnessed> => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Witnessed
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') told(error)
      return {}
    }
  }
  return {
    read,
    pause: 1,
    async note(witnessed) {
      const draft = `${file}.${process.pid}`
      try {
        makeDirectory(directory)
        const text = JSON.stringify(together(await read(), witnessed))
        await writeFile(draft, text, { mode: 0o600 })
        await rename(draft, file)
      } catch (error) {
        told(error)
      }
    },
  }
}

const settingsKey = 'records-witness'

/**
 * The settings, where they are in another store than the records. Every write there makes all processes look
 * anew at what they know of the settings, so it is made seldom, and by one of them.
 */
export function witnessSettings(settings: Store): Witness {
  const told = tellOnce(settingsKey)
  const parsed = (value: Buffer | undefined): Witnessed =>
    value === undefined ? {} : (JSON.parse(value.toString()) as Witnessed)
  let seen = ''
  return {
    read: async () => parsed((await settings.get(settingsKey))?.value),
    pause: 10,
    async note(witnessed) {
      try {
        await update(settings, settingsKey, 'what the settings witness', (stored) => {
          const before = JSON.stringify(parsed(stored?.value))
          const after = JSON.stringify(together(parsed(stored?.value), witnessed))
          // Another process has written since: it will do so again.
          const others = before !== seen && seen !== ''
          seen = others ? before : after
          return after === before || others ? undefined : Buffer.from(after)
        })
      } catch (error) {
        told(error)
      }
    },
  }
}

function tellOnce(place: string): (error: unknown) => void {
  let told = false
  return (error) => {
    if (!told) event('store.not_witnessed', { place, reason: reasonOf(error) }, 'warn')
    told = true
  }
}

/** What remembers how far the records had come: the settings, where another store keeps them, and this machine. */
export function witnessesOf(
  settings: Store,
  { url, settingsUrl = url, data }: StoresOptions,
): readonly Witness[] {
  return [
    ...(settingsUrl === url ? [] : [witnessSettings(settings)]),
    ...(data === undefined ? [] : [witnessFile(data)]),
  ]
}
