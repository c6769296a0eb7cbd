import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Json } from '../base/json.ts'
import { isObject, parseJson } from '../base/json.ts'
import { NotReadable } from './found.ts'

/** Bytes of a file that is read whole, and how deep it may be nested. */
const largest = 268_435_456
const deepest = 40

/** A file of text, whole, without a mark of its encoding. @throws NotReadable */
export async function readTextFile(path: string): Promise<string> {
  const name = basename(path)
  const bytes = await held(name, () => readWhole(path, name))
  return textOf(bytes, name).replace(/^\uFEFF/, '')
}

/** A file of JSON, whole. @throws NotReadable */
export async function readJsonFile(path: string): Promise<Json> {
  const name = basename(path)
  const read = parseJson(await readTextFile(path), deepest)
  if (isObject(read) || Array.isArray(read)) return read
  const text = `must be JSON, nested at most ${deepest} deep, that names nothing twice`
  throw new NotReadable(`${name}: ${text}`)
}

/** Refused as soon as there is too much of it: a pipe tells no size, and a device such as `/dev/zero` has no end. */
async function readWhole(path: string, name: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  const is = await stat(path)
  if (is.isCharacterDevice() || is.isBlockDevice())
    throw new NotReadable(`${name}: is a device: a file, or a pipe, is wanted`)
  const tooLarge = new NotReadable(
    `${name}: has more than ${largest} bytes: export it in several files`,
  )
  if (is.size > largest) throw tooLarge
  for await (const part of createReadStream(path, { highWaterMark: 262_144 })) {
    size += (part as Buffer).length
    if (size > largest) throw tooLarge
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
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
