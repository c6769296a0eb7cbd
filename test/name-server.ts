import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { after } from 'node:test'

/** What a name has: IPv4 as four numbers, IPv6 as 32 hexadecimal digits; `null`: this is never answered. */
export type Zone = Readonly<
  Record<string, { readonly a?: readonly number[] | null; readonly aaaa?: string | null }>
>

export interface NameServer {
  /** As `Resolver.setServers` takes it. */
  readonly address: string
  /** The names it was asked for, with the type, in order. */
  readonly asked: readonly string[]
}

/** A name server on loopback; `mute` ones never answer anything. */
export async function nameServer(zone: Zone | 'mute'): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, { port, address }) => {
    const question = questionOf(query)
    asked.push(`${question.name} ${question.type === 28 ? 'AAAA' : 'A'}`)
    const reply = zone === 'mute' ? undefined : replyTo(zone, query, question)
    if (reply !== undefined) socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  after(() => socket.close())
  return { address: `127.0.0.1:${portOf(socket)}`, asked }
}

function portOf(socket: Socket): number {
  return socket.address().port
}

interface Question {
  readonly name: string
  readonly type: number
  /** Where it ends. */
  readonly end: number
}

function questionOf(query: Buffer): Question {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function replyTo(zone: Zone, query: Buffer, { name, type, end }: Question): Buffer | undefined {
  const entry = zone[name]
  const found = type === 28 ? entry?.aaaa : entry?.a
  if (found === null) return undefined
  const data =
    found === undefined
      ? undefined
      : typeof found === 'string'
        ? Buffer.from(found, 'hex')
        : Buffer.from(found)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(query.readUInt16BE(0), 0)
  head.writeUInt16BE(entry === undefined ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(data === undefined ? 0 : 1, 6)
  const question = query.subarray(12, end)
  if (data === undefined) return Buffer.concat([head, question])
  const answer = Buffer.from('c00c0000000100000000', 'hex')
  answer.writeUInt16BE(type, 2)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(data.length)
  return Buffer.concat([head, question, answer, length, data])
}
