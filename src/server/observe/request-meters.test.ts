import assert from 'node:assert/strict'
import { test } from 'node:test'
import library from 'prom-client'
import { breaching, registerBreaching } from '../../../test/breaches.ts'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import { requestMeters } from './request-meters.ts'

test('C-31 what is let through and breaks what is only watched is counted by requirement, realm and client', async () => {
  const w = await world()
  const registry = new library.Registry()
  const meter = requestMeters(library, registry, { realms: 1, clients: 2 })
  const row = breaching.require_challenge
  for (const client_id of ['one', 'two', 'three', 'one']) {
    await registerBreaching(w, client_id, row, ['require_challenge', 'auth_methods'])
    const http = await row.request(w, client_id)
    const { events } = await withEvents(() => w.serve(http))
    for (const event of events) meter(event)
  }
  const { values = [] } =
    (await registry.getSingleMetric('parapet_would_refuse_total')?.get()) ?? {}
  const counts = values.map(({ labels, value }) => [labels.client, labels.requirement, value])
  assert.deepEqual(counts.sort(), [
    ...['auth_methods', 'require_challenge'].map((requirement) => ['one', requirement, 2]),
    ...['auth_methods', 'require_challenge'].map((requirement) => ['other', requirement, 1]),
    ...['auth_methods', 'require_challenge'].map((requirement) => ['two', requirement, 1]),
  ])
  assert.ok(values.every(({ labels }) => labels.realm === '/alpha'))
})
