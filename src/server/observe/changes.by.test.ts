import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'

const w = await world()
const client = { coreOAuth2ClientConfig: { redirectionUris: ['https://one.example/cb'] } }

/** Whoever writes by REST, and how they are called. */
const writers: readonly [realm: string, called: (username: string) => string][] = [
  ['/', (username) => username],
  ['/alpha', (username) => `/alpha ${username}`],
]

for (const [path, called] of writers) {
  test(`config: who changed something by REST is told by name: an administrator of ${path}`, async () => {
    const { call, session } = await caller(w, path, ['admin'])
    const url = '/realm-config/agents/OAuth2Client/by-name'
    const { value, events } = await withEvents(() => call('PUT', url, client))
    assert.ok(value.status < 300, String(value.body))
    const saved = events.find(({ name }) => name === 'client.saved')
    assert.equal(saved?.fields.by, called(session.username))
    assert.equal(saved?.trace?.user, session.sub)
    await call('DELETE', url)
  })
}
