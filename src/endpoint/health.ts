import { json } from '../base/http.ts'
import type { Endpoint } from './endpoint.ts'

/** The process runs. */
export const live: Endpoint = {
  path: '/json/health/live',
  under: 'am',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  handle: () => json(200, { status: 'live' }),
}

/** The process can serve: its stores answer. */
export const ready: Endpoint = {
  path: '/json/health/ready',
  under: 'am',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  async handle(realm) {
    await realm.settings.get('realm/%2F')
    await realm.records.get('000000000000')
    return json(200, { status: 'ready' })
  },
}
