import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { anyState } from './kind.ts'
import { oauth2ProviderKind } from './oauth2-provider.ts'

test('C-29 what opens the network of the server to a realm is extended by administrators of the root only', async () => {
  const realm = await (await world()).realm()
  const outcome = async (addresses: readonly string[], administers?: string) => {
    const input = { parapetConfig: { jwksPrivateAddresses: addresses } }
    const authority = administers === undefined ? undefined : { administers, roles: ['admin'] }
    const change = { by: 'test', condition: anyState, ...(authority && { authority }) }
    return (await oauth2ProviderKind.save(realm, '', input, change)).outcome
  }
  const [one, two] = ['keys.internal:443', '10.0.0.7:8443']
  assert.equal(await outcome([one], '/alpha'), 'forbidden')
  assert.equal(await outcome([one, two], '/'), 'updated')
  assert.equal(await outcome([two, one], '/alpha'), 'updated', 'as it was')
  assert.equal(await outcome([two], '/alpha'), 'updated', 'less than there was')
  assert.equal(await outcome([one, two], '/alpha'), 'forbidden')
  assert.equal(await outcome([one, two]), 'updated', 'by a door of the machine')
})
