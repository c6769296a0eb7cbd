import type { Backend, OneShelf, ShelfName, Shelves, StoresOptions } from '../backend.ts'
import { asPassphrase, type MasterKeys, sharedKeys } from '../key.ts'
import type { Shelf } from '../store.ts'
import { beside } from './beside.ts'
import { hasTable, inspect, layOut } from './format.ts'
import { postgresStore } from './postgres.ts'
import { type Server, serverAt } from './server.ts'
import { placeOf } from './url.ts'

/** Two tables of a schema. */
export const postgres: Backend = {
  scheme: 'postgres',
  alsoSchemes: ['postgresql'],
  url: 'postgres://<user>@<host>/<database>',
  about:
    'two tables in a schema of a PostgreSQL database, 15 or later, which many processes may share',
  durable: ['disk', 'replica'],
  shared: true,
  check: (rest) => void placeOf(rest),
  failsOver: (rest) => placeOf(rest).hosts.length > 1,
  isThere,
  open,
  openOne,
  beside,
}

async function isThere(rest: string, shelf: ShelfName = 'settings'): Promise<boolean> {
  const place = placeOf(rest)
  const server = await serverAt(place)
  return server.atStart((connection) => hasTable(connection, place.schema, shelf))
}

async function open(rest: string, options: StoresOptions): Promise<Shelves> {
  const { server, keys } = await begun(rest, options)
  const closed = lastOf(2, server.close)
  const { now, sweepable, random } = options
  const shelfOf = (shelf: ShelfName): Shelf =>
    postgresStore({ server, shelf, now, sweepable, random, closed })
  return { settings: shelfOf('settings'), records: shelfOf('records'), accepted: 0, keys }
}

async function openOne(rest: string, shelf: ShelfName, options: StoresOptions): Promise<OneShelf> {
  const { server, keys } = await begun(rest, options)
  const { now, sweepable, random } = options
  const closed = server.close
  return {
    shelf: postgresStore({ server, shelf, now, sweepable, random, closed }),
    ...{ accepted: 0, keys },
  }
}

/** The servers, with everything laid out and looked at. */
async function begun(
  rest: string,
  { durability, keyText }: StoresOptions,
): Promise<{ server: Server; keys: () => MasterKeys }> {
  const keys = (): MasterKeys => sharedKeys(keyText)
  // Before anything is laid out; what was brought here may be sealed by the text read otherwise.
  if (keyText === undefined || asPassphrase(keyText) === undefined) keys()
  const place = placeOf(rest)
  const server = await serverAt(place, durability)
  await server.atStart(async (connection) => {
    await server.apart(connection)
    await layOut(connection, place.schema)
    await inspect(connection, place.schema)
  })
  server.started((connection) => inspect(connection, place.schema))
  return { server, keys }
}

/** Runs at the last of so many calls. */
function lastOf(calls: number, run: () => Promise<void>): () => Promise<void> {
  let left = calls
  return async () => {
    left -= 1
    if (left === 0) await run()
  }
}
