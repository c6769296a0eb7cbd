import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** The whole file (0600) appears at once and on the disk, or not at all; the first of several wins. */
export function createFile(file: string, content: Buffer, suffix: string): void {
  const draft = writeDraft(file, content, suffix)
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  syncDirectory(dirname(file))
}

/** Writes what a file will be beside it, and forces it onto the disk; gives its path. */
export function writeDraft(file: string, content: Buffer, suffix: string): string {
  const draft = `${file}.${suffix}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return draft
}

/** Names in a directory are on the disk when this returns. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
