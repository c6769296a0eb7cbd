import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../../test/administrator.ts'
import { withEvents } from '../../../../test/events.ts'
import { exportedJourney } from '../../../../test/exported-journey.ts'
import { bodyOf, origin, push, pushForm, world } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'
import { findClient } from '../../../client/client.ts'
import { failureId } from '../../../journey/tree.ts'

const w = await world()
const call = await administrator(w)
const base = '/realm-config/authentication/authenticationtrees'
const trees = `${base}/trees`
const bare = { entryNodeId: failureId, nodes: {} }

const ofLogin = { 'accept-api-version': 'resource=2.1, protocol=1.0' }

async function ask(method: string, url: string, body?: unknown, more = {}) {
  const headers = url.startsWith('/authenticate') ? ofLogin : more
  const answer = await call(method, url, body, headers)
  return { status: answer.status, headers: answer.headers, body: bodyOf(answer) as JsonObject }
}

test('PingAM: a tree is created, read, replaced and deleted, with its revision in the ETag', async () => {
  const created = await ask('PUT', `${trees}/One`, { _id: 'One', ...bare })
  assert.equal(created.status, 201)
  assert.equal(created.headers.location, `${origin}/am/json/realms/root/realms/alpha${trees}/One`)
  const { _rev, ...rest } = created.body
  assert.deepEqual(rest, { _id: 'One', ...bare })
  assert.equal(created.headers.etag, `"${_rev}"`)
  assert.equal(created.headers['content-api-version'], 'resource=1.0')
  const only = { 'if-none-match': '*' }
  assert.equal((await ask('PUT', `${trees}/One`, bare, only)).status, 412)
  const { value: same, events } = await withEvents(() => ask('PUT', `${trees}/One`, bare))
  assert.deepEqual([same.status, same.body._rev], [200, _rev])
  assert.deepEqual(
    events.filter(({ name }) => name.startsWith('journey.')),
    [],
  )
  const other = await ask('PUT', `${trees}/One`, { ...bare, description: 'x' })
  assert.notEqual(other.body._rev, _rev)
  assert.deepEqual((await ask('DELETE', `${trees}/One`)).body, other.body)
  const gone = await ask('DELETE', `${trees}/One`)
  assert.deepEqual(gone.body, { code: 404, reason: 'Not Found', message: 'Not Found' })
  assert.equal((await ask('GET', `${trees}/One`)).status, 404)
})

test('PingAM: a tree is created by an action once', async () => {
  const create = `${trees}?_action=create`
  const made = await ask('POST', create, { _id: 'Made', ...bare })
  assert.equal(made.status, 201)
  assert.equal(made.headers.location, `${origin}/am/json/realms/root/realms/alpha${trees}/Made`)
  const again = await ask('POST', create, { _id: 'Made', ...bare, description: 'x' })
  assert.deepEqual(
    [again.status, again.body.message],
    [409, 'Unable to save config: Service already exists'],
  )
  assert.deepEqual((await ask('GET', `${trees}/Made`)).body, made.body)
  await ask('DELETE', `${trees}/Made`)
})

const refusals: readonly (readonly [why: string, body: unknown, message: string])[] = [
  ['an unknown member', { ...bare, colour: 1 }, 'Invalid attribute specified.'],
  ['no entry', { nodes: {} }, 'Node with ID entryNodeId must exist in the tree.'],
  [
    'a node that is no object',
    { ...bare, nodes: { a: 1 } },
    'Data validation failed for the attribute, Nodes',
  ],
  [
    'a text for a flag',
    { ...bare, enabled: 'no' },
    'Data validation failed for the attribute, Enabled',
  ],
  [
    'no JSON',
    '{',
    'The request could not be processed because the provided content is not valid JSON',
  ],
]
test('PingAM: a tree that cannot be one is refused in words', async () => {
  for (const [why, body, message] of refusals) {
    const refused = await ask('PUT', `${trees}/Bad`, body)
    assert.deepEqual([refused.status, refused.body.message], [400, message], why)
  }
  const { detail } = (await ask('PUT', `${trees}/Bad`, { ...bare, colour: 1 })).body
  assert.deepEqual((detail as JsonObject).validAttributes, [
    ...['description', 'enabled', 'entryNodeId', 'identityResource', 'innerTreeOnly'],
    ...['maximumIdleTime', 'maximumSessionTime', 'mustRun', 'noSession', 'nodes', 'staticNodes'],
    ...['transactionalOnly', 'treeTimeout', 'uiConfig'],
  ])
})

test('PingAM: trees are listed by filter, fields and page, as by the console', async () => {
  const filter = encodeURIComponent('_id eq "Login"')
  const { body } = await ask('GET', `${trees}?_queryFilter=${filter}&_fields=enabled&_pageSize=-1`)
  assert.deepEqual(Object.keys(body), [
    ...['result', 'resultCount', 'pagedResultsCookie', 'totalPagedResultsPolicy'],
    ...['totalPagedResults', 'remainingPagedResults'],
  ])
  const [login] = body.result as readonly JsonObject[]
  assert.deepEqual(Object.keys(login ?? {}), ['_id', '_rev', 'enabled'])
  const { result } = (await ask('POST', `${trees}?_action=getIds`, {})).body
  assert.ok((result as readonly JsonObject[]).some(({ _id }) => _id === 'Password'))
  const template = (await ask('POST', `${trees}?_action=template`, {})).body
  assert.deepEqual([template.enabled, template.nodes], [true, {}])
  const schema = (await ask('POST', `${trees}?_action=schema`, {})).body
  assert.equal((schema.properties as JsonObject).entryNodeId === undefined, false)
  const { nodes } = (await ask('GET', `${trees}/Login?forUI=true`)).body
  for (const node of Object.values(nodes as Record<string, JsonObject>))
    assert.ok(Array.isArray(node._outcomes) && node._outcomes.length > 0)
})

test('PingAM: of a tree that does not say whether it is enabled _fields tells that it is, alone and in lists', async () => {
  assert.equal((await ask('PUT', `${trees}/Silent`, bare)).status, 201)
  const fields = '_fields=enabled,mustRun,transactionalOnly,treeTimeout'
  const filter = encodeURIComponent('_id eq "Silent"')
  const alone = (await ask('GET', `${trees}/Silent?${fields}`)).body
  const list = (await ask('GET', `${trees}?_queryFilter=${filter}&${fields}`)).body
  for (const { _rev, ...told } of [alone, ...(list.result as readonly JsonObject[])])
    assert.deepEqual(told, {
      ...{ _id: 'Silent', enabled: true, mustRun: false, transactionalOnly: false },
    })
  const { _id, _rev, ...whole } = (await ask('GET', `${trees}/Silent`)).body
  assert.deepEqual(Object.keys(whole).sort(), Object.keys(bare).sort())
})

test('PingAM: a built-in tree is changed, removed for good, and comes back by PUT', async () => {
  const start = '/authenticate?authIndexType=service&authIndexValue=Password'
  const { _rev, ...password } = (await ask('GET', `${trees}/Password`)).body
  assert.equal((await ask('POST', start, {})).status, 200)
  assert.equal((await ask('PUT', `${trees}/Password`, password)).body._rev, _rev)
  assert.equal((await ask('DELETE', `${trees}/Password`)).status, 200)
  assert.equal((await ask('DELETE', `${trees}/Password`)).status, 404)
  assert.equal((await ask('POST', start, {})).status, 400)
  assert.equal((await ask('PUT', `${trees}/Password`, password)).status, 201)
  assert.equal((await ask('POST', start, {})).status, 200)
  assert.equal((await ask('DELETE', `${trees}/Password`)).status, 200)
  assert.equal((await ask('POST', start, {})).status, 400)
})

test('PingAM: a tree is copied with nodes of its own, and runs', async () => {
  const { tree, nodes, innerNodes } = exportedJourney
  for (const { _type, ...node } of [...Object.values(innerNodes), ...Object.values(nodes)])
    await ask('PUT', `${base}/nodes/${_type._id}/${node._id}`, node)
  await ask('PUT', `${trees}/Ours`, tree)
  const copied = await ask('POST', `${trees}/Ours?_action=clone`, { newId: 'Theirs' })
  assert.equal(copied.status, 201, JSON.stringify(copied.body))
  assert.ok(Object.keys(copied.body.nodes as JsonObject).every((id) => !(id in nodes)))
  for (const id of Object.keys(nodes)) {
    const type = String(nodes[id]?._type._id)
    assert.equal((await ask('DELETE', `${base}/nodes/${type}/${id}`)).status, 200)
  }
  const at = '/authenticate?authIndexType=service&authIndexValue='
  assert.equal((await ask('POST', `${at}Theirs`, {})).body.header, 'Sign in with us')
  assert.equal((await ask('POST', `${at}Ours`, {})).status, 401)
  assert.equal((await ask('POST', `${trees}/Ours?_action=clone`, { newId: 'Theirs' })).status, 409)
  assert.equal((await ask('POST', `${trees}/None?_action=clone`, { newId: 'X' })).status, 404)
})

const outer = '5b1c2d3e-0000-4000-8000-000000000001'
const page = '5b1c2d3e-0000-4000-8000-000000000002'
const inner = '5b1c2d3e-0000-4000-8000-000000000003'
function treeWith(id: string, nodeType: string, more: JsonObject = {}): JsonObject {
  return { entryNodeId: id, nodes: { [id]: { nodeType, connections: {} } }, ...more }
}

test('C-39 a tree whose nodes are not all known is kept and named, and never started: by itself, a page, or an inner tree', async () => {
  const put = (url: string, body: JsonObject) => ask('PUT', `${base}${url}`, body)
  // In whichever order: the outer one comes before what it runs.
  const first = await put('/trees/Outer', treeWith(outer, 'InnerTreeEvaluatorNode'))
  assert.deepEqual([first.status, first.body.parapet], [201, undefined])
  await put(`/nodes/InnerTreeEvaluatorNode/${outer}`, { tree: 'Inner' })
  await put(`/nodes/PageNode/${page}`, { nodes: [{ _id: inner, nodeType: 'FooNode' }] })
  const saved = await withEvents(() => put('/trees/Inner', treeWith(page, 'PageNode')))
  assert.deepEqual(saved.value.body.parapet, { unserved: ['FooNode'] })
  const told = saved.events.find(({ name }) => name === 'config.unserved')
  assert.deepEqual([told?.fields.kind, told?.fields.attributes], ['journey', 'FooNode'])
  for (const name of ['Outer', 'Inner']) {
    const { value: refused, events } = await withEvents(() =>
      ask('POST', `/authenticate?authIndexType=service&authIndexValue=${name}`, {}),
    )
    assert.deepEqual([refused.status, refused.body.message], [400, 'No Configuration found'])
    const why = events.find((each) => each.name === 'journey.not_started')
    assert.match(String(why?.fields.reason), /FooNode/)
  }
  const { result } = (await ask('GET', '/parapet/unserved')).body
  const listed = (result as readonly JsonObject[]).filter(({ kind }) => kind === 'journey')
  assert.deepEqual(listed.map(({ id }) => id).sort(), ['Inner', 'Outer'])
})

test('C-39 a disabled tree is not enabled while it has nodes nobody knows, and is once they are gone', async () => {
  const put = (body: JsonObject) => ask('PUT', `${trees}/Later`, body)
  assert.equal((await put(treeWith(outer, 'FooNode', { enabled: false }))).status, 201)
  const refused = await put(treeWith(outer, 'FooNode', { enabled: true }))
  assert.equal(refused.status, 400)
  assert.match(String(refused.body.message), /FooNode/)
  assert.equal((await put(treeWith(outer, 'KnownUserNode', { enabled: true }))).status, 200)
})

test('C-39 a circle of trees ends', async () => {
  const put = (url: string, body: JsonObject) => ask('PUT', `${base}${url}`, body)
  const [id, before] = [4, 5].map((n) => `5b1c2d3e-0000-4000-8000-00000000000${n}`) as [
    string,
    string,
  ]
  await put(`/nodes/InnerTreeEvaluatorNode/${id}`, { tree: 'Round' })
  const { status } = await put('/trees/Round', treeWith(id, 'InnerTreeEvaluatorNode'))
  assert.equal(status, 201)
  await put(`/nodes/InnerTreeEvaluatorNode/${before}`, { tree: 'Round' })
  await put('/trees/Into', treeWith(before, 'InnerTreeEvaluatorNode'))
  const started = await ask('POST', '/authenticate?authIndexType=service&authIndexValue=Into', {})
  assert.equal(started.status, 401)
})

test('PingAM: what an editor was told beside a node is not stored when it sends all back', async () => {
  await ask('PUT', `${trees}/Edited`, treeWith(outer, 'KnownUserNode'))
  const { body } = await ask('GET', `${trees}/Edited?forUI=true`)
  const { _rev, ...sent } = body
  assert.equal((await ask('PUT', `${trees}/Edited`, sent)).body._rev, _rev)
})

const client = '/realm-config/agents/OAuth2Client/myClient'
const provider = '/realm-config/services/oauth-oidc'
const section = 'advancedOAuth2ClientConfig'

async function change(url: string, at: string, values: JsonObject): Promise<JsonObject> {
  const { _rev, ...read } = bodyOf(await call('GET', url)) as Record<string, JsonObject>
  const put = await call('PUT', url, { ...read, [at]: { ...read[at], ...values } })
  assert.equal(put.status, 200, String(put.body))
  return bodyOf(put) as JsonObject
}

async function pushed(form: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await push(w, pushForm(form))).status
}

async function keptOf(kind: string): Promise<readonly JsonObject[]> {
  const { result } = bodyOf(await call('GET', '/parapet/unserved'))
  return (result as readonly JsonObject[]).filter((each) => each.kind === kind)
}

function ending(enabled: boolean): JsonObject {
  return { entryNodeId: failureId, nodes: {}, enabled }
}

test('C-39 a client’s journey that comes later is served once it is there and enabled, without saving the client anew', async () => {
  const saved = await change(client, section, { treeName: 'Tenant' })
  assert.deepEqual(saved.parapet, { unserved: [`${section}.treeName`] })
  assert.equal(await pushed(), 400)
  await call('PUT', `${trees}/Tenant`, ending(false))
  assert.equal(await pushed(), 400)
  await call('PUT', `${trees}/Tenant`, ending(true))
  assert.equal(await pushed(), 201)
  assert.equal((await findClient(await w.realm(), 'myClient'))?.treeName, 'Tenant')
  assert.deepEqual(await keptOf('client'), [])
  await call('DELETE', `${trees}/Tenant`)
  assert.equal(await pushed(), 400)
  await change(client, section, { treeName: '[Empty]' })
  assert.equal(await pushed(), 201)
})

test('C-39 an acr value whose journey comes later is served once it is there', async () => {
  const levels = { loaMapping: { high: 'Strong', low: 'Login' } }
  const saved = await change(provider, 'advancedOIDCConfig', levels)
  assert.deepEqual(saved.parapet, { unserved: ['advancedOIDCConfig.loaMapping'] })
  assert.equal(await pushed({ acr_values: 'high' }), 400)
  assert.equal(await pushed({ acr_values: 'low' }), 201)
  await call('PUT', `${trees}/Strong`, ending(true))
  assert.equal(await pushed({ acr_values: 'high' }), 201)
  assert.deepEqual(await keptOf('provider'), [])
})

test('PingAM: a client may choose a journey of the realm’s own', async () => {
  await call('PUT', `${trees}/Mine`, ending(true))
  const saved = await change(client, section, { treeName: 'Mine' })
  assert.equal(saved.parapet, undefined)
})
