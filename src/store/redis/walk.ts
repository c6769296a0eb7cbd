import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Clock } from '../../base/time.ts'
import { StoreUnavailable, type Walked } from '../store.ts'
import type { Calls } from './calls/calls.ts'
import { type Layout, unpacked } from './layout.ts'
import type { Nodes } from './nodes.ts'

/** What a walk needs. */
export interface WalkOptions {
  readonly nodes: Nodes
  readonly calls: Calls
  readonly layout: Layout
  readonly now: Clock
}

/**
 * One page, by SCAN over one master after the other. The cursor says which masters there were, each as it had been
 * started: a cursor of SCAN means nothing to another one, so a walk over others begins anew.
 */
export async function walkPage(
  { nodes, calls, layout, now }: WalkOptions,
  limit: number,
  after?: string,
): Promise<Walked> {
  const masters = nodes.masters().toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  if (masters.length === 0) throw new StoreUnavailable('no Redis answers')
  const run = await runOf(masters)
  const [before, given, from] = after?.split(':') ?? []
  const same = before === run
  const at = same ? Number(given) : 0
  const node = masters[at]
  if (node === undefined) return { records: [], cursor: undefined }
  const [cursor, found] = await scanned(node, same ? (from ?? '0') : '0', layout.pattern, limit)
  const read = await Promise.all(
    found.map(async (place) => {
      const stored = await calls.get(place, (bytes) => unpacked(bytes, now()))
      return stored === undefined ? [] : [{ key: layout.keyIn(place), ...stored }]
    }),
  )
  return { records: read.flat(), cursor: following(run, at, cursor, masters.length) }
}

function following(run: string, at: number, cursor: string, masters: number): string | undefined {
  if (cursor !== '0') return `${run}:${at}:${cursor}`
  return at + 1 < masters ? `${run}:${at + 1}:0` : undefined
}

function nameOf({ options }: Redis): string {
  return `${options.host ?? ''}:${options.port ?? ''}`
}

async function runOf(masters: readonly Redis[]): Promise<string> {
  const runs = await Promise.all(
    masters.map(async (node) => /run_id:(\w+)/.exec(await asked(node.info('server')))?.[1] ?? ''),
  )
  return createHash('sha256').update(runs.join()).digest('base64url').slice(0, 16)
}

function scanned(
  node: Redis,
  cursor: string,
  pattern: string,
  limit: number,
): Promise<[cursor: string, elements: string[]]> {
  return asked(node.scan(cursor, 'MATCH', pattern, 'COUNT', limit))
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new StoreUnavailable('Redis could not do it', { cause })
  }
}
