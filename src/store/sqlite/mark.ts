/* The mark beside a database: how many of its commits somebody was told of. */
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { createFile, writeDraft } from '../create-file.ts'
import type { State } from './format.ts'

/** What a mark says: of which file, and how many commits were acknowledged. */
export type CommitMark = Pick<State, 'id' | 'commits'>

/** Notes commits in a mark. */
export interface Marker {
  /** After the commit, before anybody is told of it. */
  note(commits: number): void
  close(): void
}

/**
 * Where a commit is noted: its number decides, so that processes that write one after another never
 * write over each other's note, and the largest is the newest whoever came last.
 */
const slots = 256

const title = 'parapet-mark 1 '
const headLength = title.length + 16 + 1
const slotLength = 8

/** Beside `records.db` that is `records.mark`. */
export function markFile(database: string): string {
  return database.replace(/(\.db)?$/, '.mark')
}

/**
 * Opens the mark of a file. A note is one write of eight bytes into a file that keeps its length. It is
 * not forced onto the disk: after loss of power the file may be ahead of its mark, never behind it,
 * since the file was forced there before.
 */
export function openMark(database: string): Marker {
  const handle = openSync(markFile(database), 'r+')
  const slot = Buffer.alloc(slotLength)
  let open = true
  return {
    note(commits) {
      slot.writeUIntBE(commits, 2, 6)
      writeSync(handle, slot, 0, slotLength, headLength + (commits % slots) * slotLength)
    },
    close() {
      if (open) closeSync(handle)
      open = false
    },
  }
}

/** Reads the mark of a file; undefined if there is none, or nothing one can read. */
export function readMark(database: string): CommitMark | undefined {
  const file = markFile(database)
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  const id = bytes.toString('latin1', title.length, headLength - 1)
  const whole = bytes.length === headLength + slots * slotLength
  if (!whole || !bytes.toString('latin1').startsWith(title) || !/^[0-9a-f]{16}$/.test(id)) {
    return undefined
  }
  let commits = 0
  for (let at = headLength; at < bytes.length; at += slotLength) {
    commits = Math.max(commits, bytes.readUIntBE(at + 2, 6))
  }
  return { id, commits }
}

/** Makes the mark of a new file, unless another process was first. */
export function createMark(database: string, marked: CommitMark, suffix: string): void {
  createFile(markFile(database), bytesOf(marked), suffix)
}

/** Puts a new mark in the place of whatever is there. Only for who has the file alone. */
export function replaceMark(database: string, marked: CommitMark, suffix: string): void {
  const file = markFile(database)
  renameSync(writeDraft(file, bytesOf(marked), suffix), file)
}

function bytesOf({ id, commits }: CommitMark): Buffer {
  const bytes = Buffer.alloc(headLength + slots * slotLength)
  bytes.write(`${title}${id}\n`, 'latin1')
  bytes.writeUIntBE(commits, headLength + (commits % slots) * slotLength + 2, 6)
  return bytes
}
