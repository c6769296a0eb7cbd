import { json } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import { tryRoom } from '../../store/room/room.ts'
import { type Store, StoreUnavailable } from '../../store/store.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** The process runs. */
export const live: Endpoint = {
  path: '/json/health/live',
  under: 'am',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  handle: () => json(200, { status: 'live' }),
}

/** Milliseconds in which stores have to answer, less than who watches over a process waits for it. */
const patience = 2000

/** The process can serve: its stores answer, and it is not about to stop. */
export const ready: Endpoint = {
  path: '/json/health/ready',
  under: 'am',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  async handle(realm, http) {
    const reason = http.stopping === true ? stopping : await inTime(problemOf(realm))
    tell(realm.records, reason)
    return json(reason === undefined ? 200 : 503, { status: reason ?? 'ready' })
  },
}

const stopping = 'stopping'

/** What keeps the stores from being served; they are read, and written to where they failed before. */
async function problemOf(realm: Realm): Promise<string | undefined> {
  const shelves = [realm.settings, realm.records]
  try {
    await Promise.all([realm.settings.get('realm/%2F'), realm.records.get('000000000000')])
    for (const shelf of shelves) await findRoom(realm, shelf)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return 'store unavailable'
  }
  return shelves.some((shelf) => shelf.damaged()) ? 'store damaged' : undefined
}

async function inTime(problem: Promise<string | undefined>): Promise<string | undefined> {
  const late = delay(patience, false).then(() => 'store does not answer')
  return Promise.race([problem, late])
}

/** Why each server was not ready when it was asked last. */
const told = new WeakMap<Store, string>()

/** Says in the log what has changed since. */
function tell(store: Store, reason: string | undefined): void {
  if (told.get(store) === reason) return
  if (reason === undefined) told.delete(store)
  else told.set(store, reason)
  if (reason === undefined) event('ready.again')
  else event('ready.not', { reason }, reason === stopping ? 'info' : 'warn')
}

/** Shelves of which a commit has failed since room was found there. */
const doubted = new WeakSet<Store>()

/**
 * A server that is not ready gets no requests, hence no writes that could show that the disk has room
 * again: so this one writes itself, until it has found some.
 */
async function findRoom({ now, random }: Realm, shelf: Store): Promise<void> {
  if (shelf.failing()) doubted.add(shelf)
  if (!doubted.has(shelf)) return
  await tryRoom(shelf, now, random)
  doubted.delete(shelf)
}
