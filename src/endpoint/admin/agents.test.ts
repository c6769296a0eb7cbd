import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'

const w = await world()
const call = await administrator(w)
const agents = '/realm-config/agents'
const clients = `${agents}/OAuth2Client`
const services = '/realm-config/services'
const provider = `${services}/oauth-oidc`
const core = 'coreOAuth2ClientConfig'

async function asked(url: string, action: string): Promise<JsonObject> {
  const response = await call('POST', `${url}?_action=${action}`, {})
  assert.equal(response.status, 200, `${url} ${action}`)
  return bodyOf(response) as JsonObject
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, name) => (isObject(found) ? found[name] : undefined),
    value,
  )
}

test('PingAM: rest-api-agents every kind of agent is named, and of those there are the clients are listed', async () => {
  const all = (await asked(agents, 'getAllTypes')).result as JsonObject[]
  assert.deepEqual(all[0], { _id: 'OAuth2Client', name: 'OAuth2 Client Agents', collection: true })
  assert.ok(all.length > 5)
  const creatable = (await asked(agents, 'getCreatableTypes')).result as JsonObject[]
  assert.deepEqual(creatable, all.slice(0, 2))
  const below = (await asked(agents, 'nextdescendents')).result as JsonObject[]
  assert.deepEqual(
    below.map(({ _id }) => _id),
    ['myClient', 'myPublicClient'],
  )
  assert.equal(at(below[0], core, 'status'), 'Active')
  assert.equal(at(below[0], '_type', '_id'), 'OAuth2Client')
  const filter = encodeURIComponent("_id eq 'myClient'")
  const found = bodyOf(await call('GET', `${agents}?_queryFilter=${filter}`)).result as JsonObject[]
  assert.deepEqual(
    found.map(({ _id }) => _id),
    ['myClient'],
  )
})

test('PingAM: rest-api-agents one is found by its id whatever its kind, as frodo asks before it describes or deletes one', async () => {
  const gateway = `${agents}/IdentityGatewayAgent/ig`
  const consent = `${agents}/RemoteConsentAgent/rcs`
  assert.equal((await call('PUT', gateway, { status: 'Active' })).status, 201)
  assert.equal((await call('PUT', consent, {})).status, 201)
  const group = `${agents}/groups/ig`
  assert.equal((await call('PUT', group, {})).status, 201)
  const found = async (query: string): Promise<readonly (readonly Json[])[]> => {
    const body = bodyOf(await call('GET', `${agents}?${query}`))
    assert.equal(body.resultCount, (body.result as JsonObject[]).length)
    return (body.result as JsonObject[]).map((each) => {
      assert.equal(typeof each._rev, 'string')
      return [each._id ?? null, at(each, '_type', '_id') ?? null]
    })
  }
  const all = [
    ['myClient', 'OAuth2Client'],
    ['myPublicClient', 'OAuth2Client'],
    ['rcs', 'RemoteConsentAgent'],
    ['ig', 'IdentityGatewayAgent'],
  ]
  for (const one of all)
    assert.deepEqual(await found(`_queryFilter=_id+eq+'${one[0]}'`), [one], one[0])
  assert.deepEqual(await found('_queryFilter=true'), all)
  assert.deepEqual(await found('_queryFilter=_id+eq+"none"'), [])
  assert.deepEqual(await found("_queryFilter=_id+eq+'ig'&_fields=status"), [['ig', null]])
  for (const url of [gateway, consent, group]) assert.equal((await call('DELETE', url)).status, 200)
})

test('PingAM: rest-api-agents pages and orders are of every kind, by size and cookie, by offset and by member', async () => {
  const others = [`${agents}/IdentityGatewayAgent/ig`, `${agents}/RemoteConsentAgent/rcs`]
  for (const url of others) assert.equal((await call('PUT', url, {})).status, 201)
  const page = async (query: string): Promise<Record<string, unknown>> =>
    bodyOf(await call('GET', `${agents}?${query}`))
  const idsOf = ({ result }: Record<string, unknown>): unknown[] =>
    (result as JsonObject[]).map(({ _id }) => _id)
  const all = ['myClient', 'myPublicClient', 'rcs', 'ig']
  for (const filter of ['true', '_id+pr']) {
    const seen: unknown[] = []
    let cookie = ''
    for (let pages = 0; pages < all.length; pages += 1) {
      const query = `_queryFilter=${filter}&_pageSize=1&_fields=_id&_pagedResultsCookie=${cookie}`
      const one = await page(query)
      assert.deepEqual([one.resultCount, one.totalPagedResults], [1, all.length], filter)
      seen.push(...idsOf(one))
      cookie = typeof one.pagedResultsCookie === 'string' ? one.pagedResultsCookie : ''
    }
    assert.deepEqual([seen, cookie], [all, ''], filter)
    const behind = await page(`_queryFilter=${filter}&_pageSize=2&_pagedResultsOffset=2`)
    assert.deepEqual(idsOf(behind), all.slice(2), filter)
  }
  const ordered = await page('_queryFilter=true&_sortKeys=-_id')
  assert.deepEqual(idsOf(ordered), all.toSorted().toReversed())
  const kind = encodeURIComponent("_type/_id eq 'OAuth2Client'")
  assert.deepEqual(idsOf(await page(`_queryFilter=${kind}`)), all.slice(0, 2))
  for (const url of others) assert.equal((await call('DELETE', url)).status, 200)
})

test('PingAM: rest-api-agents those of a kind that is only kept stand in pages and orders too', async () => {
  const urls = ['a', 'b', 'c'].map((name) => `${agents}/WebAgent/${name}`)
  for (const url of urls) assert.equal((await call('PUT', url, { status: 'Active' })).status, 201)
  const page = async (query: string): Promise<unknown[]> => {
    const body = bodyOf(await call('GET', `${agents}/WebAgent?_queryFilter=true&${query}`))
    const ids = (body.result as JsonObject[]).map(({ _id }) => _id)
    return typeof body.pagedResultsCookie === 'string' ? [...ids, body.pagedResultsCookie] : ids
  }
  const [first, second, cookie] = await page('_pageSize=2')
  assert.deepEqual([first, second, typeof cookie], ['a', 'b', 'string'])
  assert.deepEqual(await page(`_pageSize=2&_pagedResultsCookie=${String(cookie)}`), ['c'])
  assert.deepEqual(await page('_pagedResultsOffset=1'), ['b', 'c'])
  assert.deepEqual(await page('_sortKeys=-_id'), ['c', 'b', 'a'])
  for (const url of urls) assert.equal((await call('DELETE', url)).status, 200)
})

test('PingAM: rest-api-agents of other kinds and of groups there are none until some are kept', async () => {
  for (const type of ['WebAgent', 'SoapSTSAgent', 'AIAgent', 'OAuth2Thing']) {
    const none = bodyOf(await call('GET', `${agents}/${type}?_queryFilter=true`))
    assert.equal(none.resultCount, 0, type)
  }
  assert.deepEqual(await asked(`${agents}/groups`, 'nextdescendents'), { result: [] })
  assert.equal((await call('GET', `${agents}/WebAgent/one`)).status, 404)
  for (const url of [agents, clients, services, provider])
    assert.equal((await call('POST', `${url}?_action=explode`)).status, 400, url)
})

test('PingAM: rest-api-oauth2-client _action=schema says what PUT takes, by sections, inheritable values as they are written', async () => {
  const schema = await asked(clients, 'schema')
  const lifetime = at(schema, 'properties', core, 'properties', 'accessTokenLifetime')
  assert.equal(at(lifetime, 'title'), 'Access Token Lifetime')
  assert.deepEqual(at(lifetime, 'properties', 'inherited'), { type: 'boolean', required: true })
  const value = at(lifetime, 'properties', 'value')
  assert.deepEqual([at(value, 'type'), at(value, 'minimum')], ['integer', 0])
  const secret = at(schema, 'properties', core, 'properties', 'userpassword')
  assert.equal(at(secret, 'properties', 'value', 'format'), 'password')
  const override = at(schema, 'properties', 'overrideOAuth2ClientConfig', 'properties')
  assert.equal(at(override, 'providerOverridesEnabled', 'type'), 'boolean')
  const tree = at(schema, 'properties', 'advancedOAuth2ClientConfig', 'properties', 'treeName')
  assert.deepEqual(at(tree, 'properties', 'value', 'enum'), ['', 'Login', 'Password', '[Empty]'])
})

test('PingAM: rest-api-oauth2-client _action=template can be created as it is, by an id of its own or a random one', async () => {
  const template = await asked(clients, 'template')
  assert.equal(at(template, core, 'accessTokenLifetime'), 0)
  assert.equal(at(template, core, 'userpassword'), undefined)
  const made = await call('POST', `${clients}?_action=create`, {
    ...template,
    _id: 'from template',
  })
  assert.equal(made.status, 201)
  assert.equal(
    made.headers.location,
    `${origin}/am/json/realms/root/realms/alpha${clients}/from%20template`,
  )
  assert.equal(bodyOf(made)._id, 'from template')
  const again = await call('POST', `${clients}?_action=create`, {
    ...template,
    _id: 'from template',
  })
  assert.deepEqual([again.status, bodyOf(again).reason], [409, 'Conflict'])
  for (const none of [{}, { _id: null }]) {
    const random = bodyOf(await call('POST', `${clients}?_action=create`, { ...template, ...none }))
    assert.match(String(random._id), /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
    assert.equal((await call('DELETE', `${clients}/${String(random._id)}`)).status, 200)
  }
  assert.equal((await call('DELETE', `${clients}/from%20template`)).status, 200)
  assert.equal((await call('POST', `${clients}?_action=create`, { _id: 7 })).status, 400)
})

test('PingAM: services-configuration the provider has schema and template, and what is below it is empty', async () => {
  const schema = await asked(provider, 'schema')
  const lifetime = at(
    schema,
    'properties',
    'advancedOAuth2Config',
    'properties',
    'parRequestUriLifetime',
  )
  assert.deepEqual([at(lifetime, 'minimum'), at(lifetime, 'maximum')], [5, 599])
  const template = await asked(provider, 'template')
  assert.equal(at(template, 'advancedOAuth2Config', 'parRequestUriLifetime'), 90)
  assert.deepEqual(await asked(services, 'getAllTypes'), {
    result: [{ _id: 'oauth-oidc', name: 'OAuth2 Provider', collection: false }],
  })
  for (const action of ['getAllTypes', 'getCreatableTypes', 'nextdescendents'])
    assert.deepEqual(await asked(provider, action), { result: [] })
  const global = `${origin}/am/json/global-config/services`
  assert.deepEqual(await asked(global, 'nextdescendents'), { result: [] })
})

test('PingAM: services-configuration a provider that is deleted is back at its defaults, and can be created again', async () => {
  const lifetime = (body: Record<string, unknown>): unknown =>
    at(body as JsonObject, 'advancedOAuth2Config', 'parRequestUriLifetime')
  const set = { advancedOAuth2Config: { parRequestUriLifetime: 17 } }
  assert.equal((await call('PUT', provider, set)).status, 200)
  assert.deepEqual(await asked(services, 'getCreatableTypes'), { result: [] })
  assert.equal((await call('POST', `${provider}?_action=create`, set)).status, 409)
  const rev = String(bodyOf(await call('GET', provider))._rev)
  assert.equal((await call('DELETE', provider, undefined, { 'if-match': '"0"' })).status, 412)
  const deleted = await call('DELETE', provider, undefined, { 'if-match': rev })
  assert.deepEqual([deleted.status, lifetime(bodyOf(deleted))], [200, 17])
  assert.equal(lifetime(bodyOf(await call('GET', provider))), 90)
  const { result } = await asked(services, 'getCreatableTypes')
  assert.deepEqual(
    (result as JsonObject[]).map(({ _id }) => _id),
    ['oauth-oidc'],
  )
  const created = await call('POST', `${provider}?_action=create`, set)
  assert.deepEqual([created.status, lifetime(bodyOf(created))], [201, 17])
})
