import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Throws unless a path is a directory, or one can be made there. */
export function requireDirectory(path: string): void {
  let place = resolve(path)
  while (!existsSync(place)) place = dirname(place)
  if (!statSync(place).isDirectory()) throw new Error(`must be a directory, and ${place} is a file`)
}
