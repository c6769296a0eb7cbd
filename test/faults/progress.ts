/** How far long runs have come, kept in a file, so that one that was stopped goes on where it was. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Sums by the name of what is counted. */
export type Sums = Readonly<Record<string, number>>

export interface Progress {
  /** What was counted under this name so far. */
  of(name: string): Sums
  /** Adds to it, and writes it down. */
  add(name: string, sums: Sums): void
}

/** Without a file nothing is kept. @throws Error where what is in the file was not written by this. */
export function openProgress(file: string | undefined): Progress {
  const all = file === undefined ? {} : read(file)
  return {
    of: (name) => all[name] ?? {},
    add(name, sums) {
      const before = all[name] ?? {}
      const now = Object.entries(sums).map(([each, n]) => [each, (before[each] ?? 0) + n] as const)
      all[name] = { ...before, ...Object.fromEntries(now) }
      if (file === undefined) return
      writeFileSync(`${file}.new`, `${JSON.stringify(all, undefined, 2)}\n`)
      renameSync(`${file}.new`, file)
    },
  }
}

function read(file: string): Record<string, Sums> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Sums>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new Error(`${file} is no progress of a long run`, { cause: error })
  }
}
