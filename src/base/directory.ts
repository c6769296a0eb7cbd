import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Throws unless a path is a directory, or one can be made there. */
export function requireDirectory(path: string): void {
  let place = resolve(path)
  while (!existsSync(place)) place = dirname(place)
  if (!statSync(place).isDirectory()) throw new Error(`must be a directory, and ${place} is a file`)
}

/**
 * Makes a directory that nobody else may read, and those above it that are missing. One after the other: told to make
 * them all Node tries for ever where the system says of a directory that is there that it is not, as below `/proc`.
 */
export function makeDirectory(path: string): void {
  const place = resolve(path)
  if (existsSync(place)) return
  makeDirectory(dirname(place))
  try {
    mkdirSync(place, { mode: 0o700 })
  } catch (error) {
    // Somebody may have been faster.
    if (!existsSync(place)) throw error
  }
}
