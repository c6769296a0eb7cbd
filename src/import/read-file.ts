import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Json } from '../base/json.ts'
import { isObject, parseJson } from '../base/json.ts'
import { NotReadable } from './found.ts'

/** Bytes of a file that is read whole, and how deep it may be nested. */
const largest = 268_435_456
const deepest = 40

/** A file of JSON, whole. */
export async function readJsonFile(path: string): Promise<Json> {
  const name = basename(path)
  const bytes = await held(name, async () => {
    if ((await stat(path)).size > largest)
      throw new NotReadable(`${name}: has more than ${largest} bytes: export it in several files`)
    return readFile(path)
  })
  const read = parseJson(textOf(bytes, name).replace(/^\uFEFF/, ''), deepest)
  if (isObject(read) || Array.isArray(read)) return read
  const text = `must be JSON, nested at most ${deepest} deep, that names nothing twice`
  throw new NotReadable(`${name}: ${text}`)
}

/** What the system refuses, by its own short name. */
export async function held<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new NotReadable(`${name}: cannot be read (${code})`)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function textOf(bytes: Uint8Array, where: string): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new NotReadable(`${where}: must be UTF-8`)
  }
}
