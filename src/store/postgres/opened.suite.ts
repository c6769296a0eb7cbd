/* Shelves of a real PostgreSQL for tests: each test has a schema of its own in one that all of a file share. */
import { after, before, type TestContext } from 'node:test'
import {
  needsPostgres,
  type PostgresOptions,
  type PostgresServer,
  startPostgres,
} from '../../../test/stores/postgres.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import type { Shelves, StoresOptions } from '../backend.ts'
import type { Shelf } from '../store.ts'
import { postgres } from './backend.ts'

const keyText = 'correct horse battery staple, and a paper clip'

let schemas = 0

/** What follows `postgres:` in a URL with a schema that no other test of the file has. */
export function ownPlace(url: string, query = ''): string {
  schemas += 1
  return `${url.slice('postgres:'.length)}?schema=test_${schemas}${query}`
}

/** The name of that schema. */
export const schemaIn = (place: string): string => /schema=(\w+)/.exec(place)?.[1] ?? ''

/** The server of a file's tests, started before them; asked for only where there is one. */
export function sharedServer(options?: PostgresOptions): () => PostgresServer {
  let server: PostgresServer | undefined
  before(async () => {
    if (needsPostgres().skip === undefined) server = await startPostgres(options)
  })
  after(() => server?.close())
  return () => {
    if (server === undefined) throw new Error('there is no PostgreSQL')
    return server
  }
}

/** Both shelves of a place, until the test ends. */
export async function openBoth(
  t: Pick<TestContext, 'after'>,
  place: string,
  options: Partial<StoresOptions> = {},
): Promise<Shelves> {
  const shelves = await postgres.open(place, { url: '', keyText, now, random, ...options })
  t.after(async () => {
    await Promise.all([shelves.settings.close(), shelves.records.close()])
  })
  return shelves
}

/** One of them. */
export async function openOne(
  t: Pick<TestContext, 'after'>,
  place: string,
  name: 'settings' | 'records',
  options: Partial<StoresOptions> = {},
): Promise<Shelf> {
  const given = { url: '', keyText, now, random, ...options }
  const opened = await postgres.openOne?.(place, name, given)
  if (opened === undefined) throw new Error('it has no single shelves')
  t.after(() => opened.shelf.close())
  return opened.shelf
}

/** Asks until it is so, for as long as a test may run. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Waits until changes are told at once, as they are while the connection that listens is up. */
export async function untilTold(shelf: Shelf): Promise<void> {
  await until(() => {
    const count = shelf.changeCount()
    // One that is asked for may fail: the connection may not be there again.
    return typeof count === 'number' || count.then(no, no)
  })
}

const no = (): boolean => false
