/** Looks for values in bytes, in whatever way somebody may have written them down. */

/** Characters that are enough to know a value by: whoever finds a part of it has found it. */
const piece = 16

/** Bytes of one value, and how they were written. */
interface Form {
  readonly how: string
  readonly bytes: Buffer
}

/** A place of bytes that must not hold a secret. */
export interface Place {
  readonly name: string
  readonly bytes: Buffer
}

/** Every writing of a text that is looked for; each shows by the name of the writing what was done to it. */
const writings: readonly (readonly [how: string, write: (text: string) => readonly string[]])[] = [
  ['as it is', (text) => [text]],
  ['percent-encoded', (text) => [encodeURIComponent(text), everyByte(text, '%')]],
  ['in a form', (text) => [new URLSearchParams({ x: text }).toString().slice(2)]],
  ['base64', (text) => inBase64(text, 'base64')],
  ['base64url', (text) => inBase64(text, 'base64url')],
  ['hex', (text) => bothCases(Buffer.from(text).toString('hex'))],
  ['escaped bytes', (text) => bothCases(everyByte(text, '\\x'))],
  ['in JSON', (text) => [inJson(text), escapedUnits(text)]],
  ['in JSON in JSON', (text) => [inJson(inJson(text))]],
  ['in HTML', (text) => [text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')]],
]

/** What is looked for of a secret: of all of it and of each part between dots, the beginning and the end. */
function formsOf(secret: string): readonly Form[] {
  const parts = [...new Set([secret, ...secret.split('.')])].filter((part) => part.length >= piece)
  const pieces = new Set(parts.flatMap((part) => [part.slice(0, piece), part.slice(-piece)]))
  return [...[...pieces].flatMap(writingsOf), ...parts.flatMap((part) => decodedOf(part))]
}

function writingsOf(text: string): readonly Form[] {
  const written = new Map<string, Form>()
  for (const [how, write] of writings) {
    for (const each of write(text)) {
      if (!written.has(each)) written.set(each, { how, bytes: Buffer.from(each) })
    }
  }
  // Without the last zero these are the bytes of both byte orders.
  const wide = Buffer.from(text, 'utf16le').subarray(0, -1)
  return [...written.values(), { how: 'UTF-16', bytes: wide }]
}

/** What base64url text stands for: the payload of a JWT, the bytes of a handle. */
function decodedOf(part: string): readonly Form[] {
  if (!/^[\w-]{22,}$/.test(part)) return []
  const whole = Buffer.from(part, 'base64url')
  // JSON begins as all of its kind does: who it is about is no secret.
  const isJson = whole.subarray(0, 2).toString() === '{"'
  const ends = [...(isJson ? [] : [whole.subarray(0, piece)]), whole.subarray(-piece)]
  return ends.flatMap((bytes) => [
    { how: 'decoded', bytes },
    ...bothCases(bytes.toString('hex')).map((hex) => ({ how: 'decoded', bytes: Buffer.from(hex) })),
  ])
}

/** What base64 makes of it whatever stands before it: only what hangs on nothing else. */
function inBase64(text: string, encoding: 'base64' | 'base64url'): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].map((before) => {
    const written = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding)
    const from = before === 0 ? 0 : before + 1
    return written.slice(from, Math.floor(((before + bytes.length) * 8) / 6))
  })
}

const bothCases = (hex: string): readonly string[] => [
  hex,
  hex.replace(/[a-f]/g, (digit) => digit.toUpperCase()),
]

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

function everyByte(text: string, before: string): string {
  return [...Buffer.from(text)].map((byte) => before + hexOf(byte, 2)).join('')
}

function escapedUnits(text: string): string {
  return Array.from({ length: text.length }, (_, i) => `\\u${hexOf(text.charCodeAt(i), 4)}`).join(
    '',
  )
}

const hexOf = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** How far apart the starts of writings are told: by their first four bytes. */
const startOf = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at)

const bits = 16
const slot = (start: number): number => Math.imul(start, 0x9e3779b1) >>> (32 - bits)

interface Wanted {
  readonly name: string
  readonly form: Form
}

/** Looks for all of these at once, by secret and its name: what was found, how it is written there, and what stands around it. */
export function searchFor(
  secrets: ReadonlyMap<string, string>,
): (places: readonly Place[]) => readonly string[] {
  const wanted = new Map<number, Wanted[]>()
  const may = new Uint8Array(1 << bits)
  for (const [secret, name] of secrets) {
    for (const form of formsOf(secret)) {
      const start = startOf(form.bytes, 0)
      may[slot(start)] = 1
      const same = wanted.get(start)
      if (same === undefined) wanted.set(start, [{ name, form }])
      else same.push({ name, form })
    }
  }
  return (places) => places.flatMap((place) => foundIn(place, may, wanted))
}

function foundIn(
  { name: place, bytes }: Place,
  may: Uint8Array,
  wanted: ReadonlyMap<number, readonly Wanted[]>,
): readonly string[] {
  const found = new Map<Form, string>()
  let start = 0
  for (let at = 0; at < bytes.length; at++) {
    // The last four bytes that were read, as a number of little-endian order.
    start = ((start >>> 8) | ((bytes[at] as number) << 24)) >>> 0
    if (may[slot(start)] === 0) continue
    for (const { name, form } of wanted.get(start) ?? []) {
      const from = at - 3
      if (
        found.has(form) ||
        !bytes.subarray(from).subarray(0, form.bytes.length).equals(form.bytes)
      )
        continue
      const around = bytes.subarray(Math.max(0, from - 120), at + 60).toString('latin1')
      found.set(form, `${name} in ${place}, ${form.how}: ${JSON.stringify(around)}`)
    }
  }
  return [...found.values()]
}
