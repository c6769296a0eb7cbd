/* Commands as the bytes that Redis reads (RESP2), made here since the driver takes several times as long for them. */
import { lastSecond } from '../../store.ts'
import { headOf, type Layout } from '../layout.ts'
import { type Script, type Verb, verbs, writeScript } from '../scripts.ts'

/** A write as its script is given it. */
export interface Write {
  readonly verb: Verb
  readonly key: string
  readonly value: Buffer
  readonly version: number
  readonly expiry: number
  /** Seconds for which Redis keeps it; 0: for ever. */
  readonly ttl: number
  /** Of `replace`: the version that is there. */
  readonly from: number | undefined
  readonly filed: Filed | undefined
  readonly mark: Mark | undefined
}

/** The lists of its folder, and how it stands in them. */
export interface Filed {
  readonly lists: readonly [names: string, ends: string]
  readonly name: string
}

export interface Mark {
  readonly key: string
  readonly version: number
  readonly expiry: number
  readonly ttl: number
}

/** What holds for all writes of a batch, in seconds. */
export interface Times {
  readonly now: number
  /** What ended before is taken out of lists. */
  readonly goneBefore: number
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`

/** Several reads in one. */
export function readCommand(keys: readonly string[]): string {
  let text = `*${keys.length + 1}\r\n$4\r\nMGET\r\n`
  for (const key of keys) text += bulk(key)
  return text
}

/** Several writes in one; `whole`: with the text of the script. All but values is a byte for each sign. */
export function writeCommand(
  writes: readonly Write[],
  { counter, channel }: Pick<Layout, 'counter' | 'channel'>,
  { now, goneBefore }: Times,
  whole: boolean,
): Buffer {
  let keys = counter === undefined ? '' : bulk(counter)
  let [keyCount, argumentCount] = [counter === undefined ? 0 : 1, 3]
  let size = 0
  const texts: string[] = []
  for (const write of writes) {
    const { filed, mark, value } = write
    keys += keysOf(write)
    keyCount += 1 + (filed === undefined ? 0 : 2) + (mark === undefined ? 0 : 1)
    argumentCount += argumentCountOf(write)
    const text = argumentsOf(write)
    texts.push(text)
    size += text.length + value.length + 2
  }
  const start = beginning(writeScript, whole, keyCount, argumentCount)
  const head = start + keys + bulk(String(now)) + bulk(String(goneBefore)) + bulk(channel)
  return joined(head, texts, writes, size)
}

function beginning(script: Script, whole: boolean, keys: number, args: number): string {
  const name = whole ? `$4\r\nEVAL\r\n${bulk(script.lua)}` : `$7\r\nEVALSHA\r\n${bulk(script.sha)}`
  return `*${3 + keys + args}\r\n${name}${bulk(String(keys))}`
}

function keysOf({ key, filed, mark }: Write): string {
  let keys = bulk(key)
  if (filed !== undefined) keys += bulk(filed.lists[0]) + bulk(filed.lists[1])
  return mark === undefined ? keys : keys + bulk(mark.key)
}

function argumentCountOf({ from, filed, mark }: Write): number {
  return (
    3 + (from === undefined ? 0 : 1) + (filed === undefined ? 0 : 2) + (mark === undefined ? 0 : 2)
  )
}

/** All but the value, which stands last, behind version and expiry. */
function argumentsOf(write: Write): string {
  const { verb, value, version, expiry, ttl, from, filed, mark } = write
  const how = `${verbs[verb]}${filed === undefined ? '' : 'f'}${mark === undefined ? '' : 'm'}`
  let text = bulk(how)
  if (from !== undefined) text += bulk(String(from))
  if (filed !== undefined) text += bulk(filed.name) + bulk(String(lastSecond(expiry)))
  if (mark !== undefined) text += bulk(headOf(mark.version, mark.expiry)) + bulk(String(mark.ttl))
  return `${text}${bulk(String(ttl))}$${12 + value.length}\r\n${headOf(version, expiry)}`
}

function joined(
  head: string,
  texts: readonly string[],
  writes: readonly Write[],
  size: number,
): Buffer {
  const bytes = room(head.length + size)
  let at = bytes.write(head, 'latin1')
  for (const [i, { value }] of writes.entries()) {
    at += bytes.write(texts[i] as string, at, 'latin1')
    bytes.set(value, at)
    at += value.length
    bytes[at] = 13
    bytes[at + 1] = 10
    at += 2
  }
  return bytes
}

/** Bytes that are taken from memory at once: most commands are a piece of such a block. */
const blockSize = 65_536
let block = Buffer.alloc(0)
let used = 0

function room(size: number): Buffer {
  if (size > blockSize / 4) return Buffer.allocUnsafe(size)
  if (used + size > block.length) {
    block = Buffer.allocUnsafeSlow(blockSize)
    used = 0
  }
  used += size
  return block.subarray(used - size, used)
}
