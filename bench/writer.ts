/** Where servers with SQLite make their writes. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WriterPlace } from '../src/store/backend.ts'
import { writerPlace } from '../src/store/sqlite/file.ts'

/** Names it for a benched server. */
const variable = 'PARAPET_BENCH_WRITER'

let measured: WriterPlace | undefined

/**
 * The same place for all servers of a run. A server measures it at its start; of two on a disk that is near the limit each
 * may choose another, and what is compared then is the places: a thread costs a push a third more, and keeps nothing that
 * was read a moment ago.
 */
export function writerOfRun(): WriterPlace {
  measured ??= writerPlace(join(tmpdir(), 'records.db'))
  return measured
}

/** The environment that tells a benched server. */
export function writerVariable(): Readonly<Record<string, string>> {
  return { [variable]: writerOfRun() }
}

/** In a benched server: what it was told; undefined: it measures by itself. */
export function writerTold(): WriterPlace | undefined {
  const told = process.env[variable]
  return told === 'here' || told === 'thread' ? told : undefined
}
