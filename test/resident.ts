import { readFileSync } from 'node:fs'

/** Bytes that a process has resident: proc(5). @throws Error where it has ended. */
export function residentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096
  } catch (cause) {
    throw new Error(`process ${pid} has ended`, { cause })
  }
}
