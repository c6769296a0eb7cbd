import { base64url } from '../../base/bytes.ts'
import { json } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'
import { keyTime, type Store } from '../../store/store.ts'
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

/** The process can serve: its stores answer, and it is not about to stop. */
export const ready: Endpoint = {
  path: '/json/health/ready',
  under: 'am',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  async handle(realm, http) {
    if (http.stopping) return json(503, { status: 'stopping' })
    await realm.settings.get('realm/%2F')
    await realm.records.get('000000000000')
    const shelves = [realm.settings, realm.records]
    for (const shelf of shelves) if (shelf.failing()) await tryWrite(realm, shelf)
    if (shelves.some((shelf) => shelf.damaged())) return json(503, { status: 'store damaged' })
    return json(200, { status: 'ready' })
  },
}

/**
 * A server that is not ready gets no requests, hence no writes that could show that the disk has room
 * again: so this one writes itself. What it writes is garbage at once.
 */
async function tryWrite(realm: Realm, shelf: Store): Promise<void> {
  const key = `${keyTime(realm.now())}:ready:${base64url(realm.random(9))}`
  await shelf.insert(key, Buffer.alloc(0), realm.now())
}
