/* calls: verbs on their way to the servers that have their keys, and their answers back. Knows nothing of what they mean. */
import type { Redis } from 'ioredis'
import type { Layout } from '../layout.ts'
import type { Nodes } from '../nodes.ts'
import { readCommand, type Times, type Write, writeCommand } from './batch.ts'
import { type Following, following } from './follow.ts'
import type { Kind } from './turns.ts'

/** A command that is sent by itself; `whole`: with the text of its script, which the server does not know. */
export type Command = (node: Redis, whole: boolean) => Promise<unknown>

/** See `callsTo`. */
export interface Calls extends Pick<Following, 'failing' | 'refuse' | 'close'> {
  /** `read` is given the bytes of a key. */
  readonly get: <T>(key: string, read: (bytes: Buffer | null) => T) => Promise<T>
  /** Answers when what was written is as durable as it has to be; `read` is given how it ended. */
  readonly write: <T>(write: Write, read: (ended: number) => T) => Promise<T>
  /** Asks the server that has a key. */
  readonly ask: (key: string, command: Command) => Promise<unknown>
}

/** What calls go by. */
export interface Ways {
  readonly nodes: Nodes
  readonly layout: Layout
  /** Whether a write is told only when a replica has it. */
  readonly replicated: boolean
  readonly times: () => Times
  /** Something may have changed that is counted. */
  readonly changed: () => void
}

/** Verbs in one command: while it does them a server serves nobody else. */
const mostAtOnce = 128

/** Calls to a place; verbs that come in one turn of the event loop are as few commands as may be. */
export function callsTo(ways: Ways): Calls {
  const { ask, failing, refuse, close } = following(ways.nodes, ways.replicated)
  const reads = readsOf(ways)
  const writes = writesOf(ways)
  return {
    get: <T>(key: string, read: (bytes: Buffer | null) => T) =>
      ask(key, reads, key, read as (answer: unknown) => T),
    write: <T>(write: Write, read: (ended: number) => T) =>
      ask(write.key, writes, write, read as (answer: unknown) => T),
    ask: (key, command) => ask(key, alone, command, (answer) => answer),
    failing,
    refuse,
    close,
  }
}

/** In a cluster a command has one slot, and keys seldom share one. */
const togetherAt = ({ one }: Nodes): number => (one ? mostAtOnce : 1)

function readsOf({ nodes }: Ways): Kind<string> {
  return {
    writes: false,
    most: togetherAt(nodes),
    async send(node, calls) {
      const bytes = readCommand(calls.map(({ item }) => item))
      return (await nodes.send(node, 'mget', bytes)) as readonly unknown[]
    },
  }
}

function writesOf({ nodes, layout, times, changed }: Ways): Kind<Write> {
  // Connections over which the script went, so that a server knows it that was not made to forget it.
  const told = new WeakSet<object>()
  return {
    writes: true,
    most: togetherAt(nodes),
    async send(node, calls, whole) {
      const writes = calls.map(({ item }) => item)
      // It has none before its first connection.
      const stream = node.stream as Redis['stream'] | undefined
      const inFull = whole || stream === undefined || !told.has(stream)
      if (stream !== undefined) told.add(stream)
      const bytes = writeCommand(writes, layout, times(), inFull)
      const answers = answersOf(await nodes.send(node, inFull ? 'eval' : 'evalsha', bytes))
      if (layout.counter !== undefined) changed()
      return answers
    },
  }
}

/** How each ended, of what the script says of all: a digit each, or what is wrong with it. */
function answersOf(reply: unknown): readonly unknown[] {
  const [said, ...errors] = reply as readonly [Buffer, ...unknown[]]
  return Array.from(said, (sign) => (sign === errorSign ? errors.shift() : sign - zero))
}

const [zero, errorSign] = [48, 101]

const alone: Kind<Command> = {
  writes: false,
  most: 1,
  send: async (node, [call], whole) => [await call?.item(node, whole)],
}
