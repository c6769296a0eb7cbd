import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, type Call } from '../../../../test/administrator.ts'
import { withEvents } from '../../../../test/events.ts'
import { bodyOf, type World, world } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'
import { failureId } from '../../../journey/tree.ts'
import { readRealm } from '../../../realm/realms.ts'

const path = '/realm-config/authentication'
const provider = '/realm-config/services/oauth-oidc'
const own = 'parapetConfig'
const ofLogin = { 'accept-api-version': 'resource=2.1, protocol=1.0' }

const shared = place()

async function place(): Promise<{ readonly w: World; readonly call: Call }> {
  const w = await world()
  return { w, call: await administrator(w) }
}

async function read(call: Call, url: string): Promise<Record<string, JsonObject>> {
  const { _rev, ...rest } = bodyOf(await call('GET', url)) as Record<string, JsonObject>
  return rest
}

test('PingAM: authentication settings are read whole, written, obeyed, and the same among the provider’s', async () => {
  const { w, call } = await shared
  const fresh = await read(call, path)
  assert.deepEqual([fresh._id, fresh.core?.orgConfig], ['', 'Login'])
  assert.equal(fresh.accountlockout?.loginFailureCount, 5)
  const put = await call('PUT', path, {
    ...fresh,
    core: { orgConfig: 'Password', adminAuthModule: 'Login' },
    trees: { ...fresh.trees, authenticationSessionsMaxDuration: 7 },
    postauthprocess: { loginSuccessUrl: ['/welcome'], loginFailureUrl: ['/sorry'] },
    general: { ...fresh.general, defaultAuthLevel: 4 },
  })
  assert.deepEqual([put.status, bodyOf(put).parapet], [200, undefined])
  const { defaultJourney, journeyMaxDuration } = (await w.realm()).provider
  assert.deepEqual([defaultJourney, journeyMaxDuration], ['Password', 7])
  const shown = (await read(call, provider))[own]
  assert.deepEqual([shown?.defaultJourney, shown?.journeyMaxDuration], ['Password', 7])
  assert.equal((await w.realm()).authentication.defaultAuthLevel, 4)
  const credentials = { 'x-openam-username': 'demo', 'x-openam-password': 'Ch4ng31t' }
  const logIn = (headers: Readonly<Record<string, string>>) =>
    call('POST', '/authenticate?ForceAuth=true', {}, { ...ofLogin, ...headers })
  assert.equal(bodyOf(await logIn(credentials)).successUrl, '/welcome')
  const wrong = bodyOf(await logIn({ ...credentials, 'x-openam-password': 'no' }))
  assert.deepEqual(wrong.detail, { failureUrl: '/sorry' })
})

test('PingAM: what a provider’s document does not say of journeys stays, and what it says is the same here', async () => {
  const { w, call } = await shared
  await call('PUT', path, { core: { orgConfig: 'Password' } })
  assert.equal((await call('PUT', provider, {})).status, 200)
  assert.equal((await w.realm()).provider.defaultJourney, 'Password')
  await call('PUT', provider, { [own]: { defaultJourney: 'Login', journeyMaxDuration: 9 } })
  const { core, trees } = await read(call, path)
  assert.deepEqual([core?.orgConfig, trees?.authenticationSessionsMaxDuration], ['Login', 9])
  await call('PUT', path, { general: { defaultAuthLevel: 1 } })
  assert.equal((await w.realm()).provider.journeyMaxDuration, 9)
  const stored = await readRealm(await w.realm())
  assert.equal(JSON.stringify(stored?.record.document).includes('defaultJourney'), false)
})

test('PingAM: what versions before stored among the provider’s settings still holds', async () => {
  const w = await world({ alpha: { [own]: { defaultJourney: 'Password' } } })
  const call = await administrator(w)
  assert.equal((await read(call, path)).core?.orgConfig, 'Password')
  await call('PUT', path, { general: { defaultAuthLevel: 1 } })
  assert.equal((await w.realm()).provider.defaultJourney, 'Password')
})

test('PingAM: the same authentication settings once more write nothing, and another revision is refused', async () => {
  const { w, call } = await shared
  const document = { core: { orgConfig: 'Login' }, general: { locale: 'de' }, extra: { a: 1 } }
  const first = bodyOf(await call('PUT', path, document))
  assert.deepEqual(first.parapet, { unserved: ['extra'] })
  const { version } = await w.realm()
  const { value: again, events } = await withEvents(() => call('PUT', path, document))
  assert.deepEqual([bodyOf(again)._rev, (await w.realm()).version], [first._rev, version])
  assert.equal(
    events.some(({ name }) => name === 'authentication.saved'),
    false,
  )
  assert.equal((await call('PUT', path, {}, { 'if-match': '"1"' })).status, 412)
})

test('C-39 a default journey that is not here is kept and named, logs nobody in by another one, and serves once it has come', async () => {
  const { call } = await place()
  const put = bodyOf(await call('PUT', path, { core: { orgConfig: 'Tenant' } }))
  assert.deepEqual(put.parapet, { unserved: ['core.orgConfig'] })
  const start = async () => (await call('POST', '/authenticate?ForceAuth=true', {}, ofLogin)).status
  assert.equal(await start(), 400)
  const trees = `${path}/authenticationtrees/trees`
  await call('PUT', `${trees}/Tenant`, { entryNodeId: failureId, nodes: {} })
  assert.equal(await start(), 401)
  const { result } = bodyOf(await call('GET', '/parapet/unserved'))
  assert.deepEqual(result, [])
})

test('PingAM: a provider’s document goes back as it was read, whatever has become of the journeys that it names', async () => {
  const { call } = await shared
  const trees = `${path}/authenticationtrees/trees`
  await call('DELETE', `${trees}/Password`)
  await call('DELETE', `${trees}/Login`)
  const { status, body } = await call('PUT', provider, await read(call, provider))
  assert.equal(status, 200, String(body))
  const other = await call('PUT', provider, { [own]: { defaultJourney: 'Password' } })
  assert.equal(other.status, 400)
})
