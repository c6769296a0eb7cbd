import type { Write } from './write.ts'

type Field = string | number | undefined

/**
 * A group of writes as it travels to another thread: plain fields in a row, and all values in one
 * piece of memory that is handed over. Objects, each with a memory of its own, cost more to send than
 * to write.
 */
export interface Group {
  readonly fields: readonly Field[]
  readonly values: Uint8Array<ArrayBuffer>
  /** Seconds. */
  readonly now: number
}

/** How many fields follow the verb of an insert and of a replace. */
const width = { insert: 6, replace: 7 } as const

export function pack(writes: readonly Write[], now: number): Group {
  let size = 0
  for (const write of writes) if ('value' in write) size += write.value.length
  const values = new Uint8Array(size)
  const fields: Field[] = []
  let at = 0
  for (const write of writes) {
    if (write.verb === 'delete') fields.push(write.verb, write.key)
    else if (write.verb === 'sweep') fields.push(write.verb, write.after, write.upTo, write.before)
    else {
      const { verb, key, version, expiry, value, mark } = write
      fields.push(verb, key, version, expiry, value.length, mark?.key, mark?.expiry)
      if (verb === 'replace') fields.push(write.from)
      values.set(value, at)
      at += value.length
    }
  }
  return { fields, values, now }
}

export function unpack({ fields, values }: Group): Write[] {
  const writes: Write[] = []
  let valueAt = 0
  for (let at = 0; at < fields.length; ) {
    const verb = fields[at] as Write['verb']
    if (verb === 'delete') {
      writes.push({ verb, key: fields[at + 1] as string })
      at += 2
    } else if (verb === 'sweep') {
      const [after, upTo, before] = fields.slice(at + 1) as [string, string, number]
      writes.push({ verb, after, upTo, before })
      at += 4
    } else {
      const length = fields[at + 4] as number
      writes.push(unpackOne(verb, fields, at + 1, values.subarray(valueAt, valueAt + length)))
      valueAt += length
      at += 1 + width[verb]
    }
  }
  return writes
}

function unpackOne(
  verb: 'insert' | 'replace',
  fields: readonly Field[],
  at: number,
  value: Uint8Array,
): Write {
  const markKey = fields[at + 4] as string | undefined
  const common = {
    key: fields[at] as string,
    version: fields[at + 1] as number,
    expiry: fields[at + 2] as number,
    value,
    mark: markKey === undefined ? undefined : { key: markKey, expiry: fields[at + 5] as number },
  }
  return verb === 'insert'
    ? { verb, ...common }
    : { verb, ...common, from: fields[at + 6] as number }
}
