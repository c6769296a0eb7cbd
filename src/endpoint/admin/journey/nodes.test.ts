import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../../test/administrator.ts'
import { withEvents } from '../../../../test/events.ts'
import { exportedJourney } from '../../../../test/exported-journey.ts'
import { bodyOf, world } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'

const w = await world()
const call = await administrator(w)
const nodes = '/realm-config/authentication/authenticationtrees/nodes'
const inner = `${nodes}/InnerTreeEvaluatorNode`

async function ask(method: string, url: string, body?: unknown, version = '1.0') {
  const headers = { 'accept-api-version': `protocol=2.1,resource=${version}` }
  const answer = await call(method, url, body, headers)
  return { status: answer.status, headers: answer.headers, body: bodyOf(answer) as JsonObject }
}

const v3 = { 'accept-api-version': 'protocol=2.1,resource=3.0' }

const _outcomes = [
  { id: 'true', displayName: 'True' },
  { id: 'false', displayName: 'False' },
]
const _type = { _id: 'InnerTreeEvaluatorNode', name: 'Inner Tree Evaluator', collection: true }

test('PingAM: a node says its kind and its outcomes, whatever was sent of them', async () => {
  const sent = { _id: 'x', _type: { _id: 'Other' }, _outcomes: [], tree: 'Login' }
  const created = await ask('PUT', `${inner}/n1`, sent)
  const { _rev, ...read } = created.body
  assert.deepEqual([created.status, created.headers.etag], [201, `"${_rev}"`])
  assert.deepEqual(read, { _id: 'n1', tree: 'Login', _type, _outcomes })
  assert.equal((await ask('PUT', `${inner}/n1`, { tree: 'Login' })).body._rev, _rev)
  const other = await ask('PUT', `${inner}/n1`, { tree: 'Login', displayErrorOutcome: true })
  const error = { id: 'error', displayName: 'Error' }
  assert.deepEqual(other.body._outcomes, [..._outcomes, error])
  assert.deepEqual((await ask('DELETE', `${inner}/n1`)).body, other.body)
  assert.equal((await ask('DELETE', `${inner}/n1`)).status, 404)
})

test('PingAM: a node is created once, and listed with those of its kind and with all', async () => {
  const made = await ask('POST', `${inner}?_action=create`, { _id: 'n2', tree: 'Login' })
  assert.equal(made.status, 201)
  const again = await ask('POST', `${inner}?_action=create`, { _id: 'n2', tree: 'Login' })
  const message = 'Unable to save config: Service already exists'
  assert.deepEqual(again.body, { code: 409, reason: 'Conflict', message })
  const ofKind = (await ask('GET', `${inner}?_queryFilter=true`)).body.result as JsonObject[]
  assert.equal(ofKind.find(({ _id }) => _id === 'n2')?.tree, 'Login')
  assert.ok(ofKind.every((each) => (each._type as JsonObject)._id === 'InnerTreeEvaluatorNode'))
  const all = (await ask('POST', `${nodes}?_action=nextdescendents`, {})).body
  assert.deepEqual(Object.keys(all), ['result'])
  const { result } = all as { result: readonly JsonObject[] }
  assert.ok(result.some(({ _id }) => _id === 'n2'))
  assert.ok(result.some((each) => (each._type as JsonObject)._id === 'PageNode'))
  assert.ok(result.every((each) => !('_rev' in each)))
})

test('PingAM: a value that a setting does not take is refused by its title, a slip by the names there are', async () => {
  const refused = await ask('PUT', `${inner}/n3`, { tree: 5 })
  const message = 'Data validation failed for the attribute, Tree Name'
  assert.deepEqual([refused.status, refused.body.message], [400, message])
  assert.equal((await ask('PUT', `${inner}/n3`, {})).status, 400)
  const slip = await ask('PUT', `${inner}/n3`, { tree: 'Login', displayErorOutcome: true })
  assert.equal(slip.body.message, 'Invalid attribute specified.')
  const { validAttributes } = slip.body.detail as JsonObject
  assert.deepEqual(validAttributes, ['displayErrorOutcome', 'tree'])
})

test('C-39 settings that no row knows are kept and named, a kind that no row knows whole and as it came', async () => {
  const newer = await ask('PUT', `${inner}/n4`, { tree: 'Login', somethingNewer: { a: 1 } })
  assert.deepEqual(newer.body.parapet, { unserved: ['somethingNewer'] })
  assert.deepEqual((await ask('GET', `${inner}/n4`)).body.somethingNewer, { a: 1 })
  const foreign = {
    ...{ apiKey: null, nested: { b: [1] }, _outcomes: [{ id: 'x', displayName: 'X' }] },
    _type: { _id: 'designer-1', name: 'Ours', collection: true, version: '1.0' },
  }
  const kept = await ask('PUT', `${nodes}/designer-1/n5`, foreign)
  assert.deepEqual([kept.status, kept.body.parapet], [201, { unserved: ['*'] }])
  const { _rev, _id, ...read } = (await ask('GET', `${nodes}/designer-1/n5`)).body
  assert.deepEqual([_id, read], ['n5', foreign])
})

test('PingAM: kinds of nodes have schema, template, outcomes, and are listed', async () => {
  const types = (await ask('POST', `${nodes}?_action=getAllTypes`, {})).body.result as JsonObject[]
  const page = types.find(({ _id }) => _id === 'PageNode')
  assert.deepEqual(page, {
    ...{ _id: 'PageNode', name: 'Page Node', collection: true, tags: page?.tags ?? null },
    metadata: { tags: page?.tags ?? null },
  })
  const creatable = await ask('POST', `${nodes}?_action=getCreatableTypes`, {})
  assert.deepEqual(creatable.body.result, types)
  const schema = (await ask('POST', `${inner}?_action=schema`, {})).body
  assert.deepEqual(schema.required, ['tree', 'displayErrorOutcome'])
  assert.deepEqual((schema.properties as JsonObject).tree, {
    ...{ title: 'Tree Name', description: 'The journey that runs here.', propertyOrder: 100 },
    ...{ type: 'string', exampleValue: '' },
  })
  const template = (await ask('POST', `${inner}?_action=template`, {})).body
  assert.deepEqual(template, { displayErrorOutcome: false })
  const outcomes = await call('POST', `${inner}?_action=listOutcomes`, {
    displayErrorOutcome: true,
  })
  assert.equal((JSON.parse(String(outcomes.body)) as unknown[]).length, 3)
  const type = (await ask('POST', `${inner}?_action=getType`, {})).body
  assert.deepEqual([type._id, type.name], ['1.0', 'Inner Tree Evaluator'])
})

test('PingAM: a schema requires what is something in a new node, but for what may be empty; numbers that PingAM writes as text are texts', async () => {
  const told = async (type: string) => {
    const url = `${nodes}/${type}`
    const schema = (await ask('POST', `${url}?_action=schema`, {})).body
    const properties = schema.properties as Record<string, JsonObject>
    const template = (await ask('POST', `${url}?_action=template`, {})).body
    return { properties, required: schema.required, template }
  }
  const { required } = await told('ValidatedUsernameNode')
  assert.deepEqual(required, [
    ...['usernameAttribute', 'validateInput', 'autocompleteValues', 'prepopulate'],
  ])
  for (const [type, name, fallback] of [
    ['DeviceLocationMatchNode', 'distance', '10'],
    ['DeviceGeoFencingNode', 'distance', '10'],
    ['DeviceTamperingVerificationNode', 'score', '0'],
    ['DeviceProfileCollectorNode', 'maximumSize', '3'],
  ] as const) {
    const { properties, template } = await told(type)
    const { type: kind, default: value } = properties[name] ?? {}
    assert.deepEqual([kind, value, template[name]], ['string', fallback, fallback], type)
  }
  for (const [type, name] of [
    ['WebAuthnRegistrationNode', 'trustStoreAlias'],
    ['SetCustomCookieNode', 'maxAge'],
    ['SetSessionPropertiesNode', 'maxIdleTime'],
    ['EmailSuspendNode', 'suspendDuration'],
  ] as const)
    assert.ok(!((await told(type)).required as readonly string[]).includes(name), name)
  assert.equal('maxAge' in (await told('SetCustomCookieNode')).template, false)
})

test('PingAM: an editor learns where a page leads before what stands on it is saved', async () => {
  const outcomes = async (child: object) =>
    (await ask('POST', `${nodes}/PageNode?_action=listOutcomes`, { nodes: [child] })).body
  const child = { _id: 'unsaved', nodeType: 'ChoiceCollectorNode', displayName: 'Which' }
  assert.deepEqual(await outcomes({ ...child, _properties: { choices: ['a', 'b'] } }), [
    { id: 'a', displayName: 'a' },
    { id: 'b', displayName: 'b' },
  ])
  assert.deepEqual(await outcomes(child), [])
  assert.deepEqual(await outcomes({ ...child, nodeType: 'NoSuchNode', _properties: {} }), [])
})

test('PingAM: newer clients name a version between kind and id, and are told it', async () => {
  const url = `${inner}/1.0/n6`
  assert.equal((await ask('PUT', url, { tree: 'Login' }, '3.0')).status, 201)
  const read = await ask('GET', url, undefined, '3.0')
  assert.deepEqual(read.body._type, { ..._type, version: '1.0' })
  assert.equal(read.headers['content-api-version'], 'resource=3.0')
  assert.deepEqual((await ask('GET', `${inner}/n6`)).body._type, _type)
  const latest = await ask('POST', `${nodes}?_action=listLatestTypes`, {}, '3.0')
  const [first] = latest.body.result as readonly JsonObject[]
  assert.equal(first?.version, '1.0')
  for (const place of [inner, `${inner}/1.0`]) {
    const { body } = await call('POST', `${place}?_action=versionInfo`, {}, v3)
    const info = [{ version: '1.0', changelog: 'No changelog entry found' }]
    assert.deepEqual(JSON.parse(String(body)), info, place)
  }
})

const [[id, script] = ['', {} as JsonObject]] = Object.entries(exportedJourney.scripts)

test('PingAM: a script is put, read as it came, listed by name, and deleted', async () => {
  const { value: created, events } = await withEvents(() => ask('PUT', `/scripts/${id}`, script))
  assert.equal(created.status, 201)
  assert.ok(created.headers.etag)
  assert.equal(created.headers['content-api-version'], 'resource=1.1')
  const told = events.find(({ name }) => name === 'script.saved')
  assert.ok(told)
  assert.equal((told.fields.changes as JsonObject).script, '[masked]')
  const read = await ask('GET', `/scripts/${id}`)
  assert.deepEqual([read.body, read.headers.etag], [script, undefined])
  const list = async (filter: string) =>
    (await ask('GET', `/scripts?_queryFilter=${encodeURIComponent(filter)}`)).body
  const found = await list('name eq "Mine"')
  assert.deepEqual([found.result, found.remainingPagedResults], [[script], 0])
  assert.deepEqual((await list('context eq "OIDC_CLAIMS"')).result, [])
  assert.deepEqual((await list('default eq false')).result, [script])
  assert.deepEqual((await ask('DELETE', `/scripts/${id}`)).body, { _id: id })
  const gone = await ask('GET', `/scripts/${id}`)
  const message = `Script with UUID ${id} could not be found in realm /alpha`
  assert.deepEqual(gone.body, { code: 404, reason: 'Not Found', message })
})

test('PingAM: a name is one script’s, and a script is base64', async () => {
  await ask('PUT', `/scripts/${id}`, script)
  const taken = await ask('PUT', '/scripts/other', { ...script, _id: 'other' })
  const message = 'Script with name Mine already exist in realm /alpha'
  assert.deepEqual([taken.status, taken.body.message], [409, message])
  const plain = await ask('PUT', '/scripts/other', { ...script, name: 'B', script: 'not base64!' })
  assert.equal(plain.status, 400)
})

test('C-39 a script that nothing here runs is kept and named', async () => {
  const adapter = { ...script, name: 'Adapter', context: 'SAML2_IDP_ADAPTER' }
  const kept = await ask('PUT', '/scripts/adapter', adapter)
  assert.deepEqual(kept.body.parapet, { unserved: ['*'] })
  for (const context of ['OIDC_CLAIMS', 'OAUTH2_ACCESS_TOKEN_MODIFICATION', 'CONFIG_PROVIDER_NODE'])
    assert.equal(
      (await ask('PUT', '/scripts/run', { ...script, name: context, context })).body.parapet,
      undefined,
    )
})

test('C-39 a script that uses a binding behind which there is nothing is taken, and the binding named', async () => {
  const uses: [source: string, unserved: readonly string[] | undefined][] = [
    ['policy.evaluate({}, "app", [], {})', ['script.policy']],
    ['var p = policy . evaluateTree; cacheManager.named("a")', ['script.policy']],
    ['if (cacheManager.exists("a")) outcome = "policy"', undefined],
  ]
  for (const [source, unserved] of uses) {
    const text = Buffer.from(source).toString('base64')
    const sent = { ...script, name: 'Uses', evaluatorVersion: '2.0', script: text }
    const { body } = await ask('PUT', '/scripts/uses', sent)
    assert.deepEqual(body.parapet, unserved && { unserved })
  }
})

test('PingAM: a configuration provider is put and read as it came, with where it may lead', async () => {
  const sent = { nodeType: 'MessageNode', script: id, scriptInputs: ['*'] }
  const put = await ask('PUT', `${nodes}/ConfigProviderNode/n7`, sent)
  assert.deepEqual([put.status, put.body.parapet], [201, undefined])
  const {
    _id,
    _rev,
    _type: _kind,
    _outcomes,
    ...read
  } = (await ask('GET', `${nodes}/ConfigProviderNode/n7`)).body
  assert.deepEqual(read, sent)
  assert.deepEqual(
    (_outcomes as readonly JsonObject[]).map((each) => each.id),
    ['true', 'false', 'CONFIGURATION_FAILED'],
  )
})

test('H-6 an id that is no text is refused, and nothing is kept by it', async () => {
  const bodies = { '/scripts': { name: 'No text' }, [inner]: { tree: 'Login' } }
  for (const [url, body] of Object.entries(bodies)) {
    const made = await ask('POST', `${url}?_action=create`, { ...body, _id: 'a\ud800' })
    assert.equal(made.status, 400, url)
    const other = await ask('POST', `${url}?_action=create`, { ...body, _id: 'a\ufffd' })
    assert.equal(other.status, 201, url)
  }
})

test('PingAM: a script is validated without being run', async () => {
  const validate = async (text: string, language = 'JAVASCRIPT') =>
    (
      await ask('POST', '/scripts?_action=validate', {
        script: Buffer.from(text).toString('base64'),
        language,
      })
    ).body
  assert.deepEqual(await validate('outcome = "true";'), { success: true })
  const wrong = await validate('outcome = 1;\noutcome = ;')
  const [error] = wrong.errors as readonly JsonObject[]
  assert.deepEqual([wrong.success, error?.line], [false, 2])
  assert.equal((await validate('x', 'GROOVY')).success, false)
})
