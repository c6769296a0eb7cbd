import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/base/json.ts'
import { failureId, successId } from '../../src/journey/tree.ts'
import { type ExportedNode, exportedJourney } from '../exported-journey.ts'
import { accountToken, serviceAccount } from '../service-account.ts'
import { bodyOf, origin, requestOf, world } from '../world.ts'

const w = await world()
const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*'])
const token = await accountToken(w, account, 'fr:idm:* fr:am:*')

/** One request as fr-config-manager 1.8 sends it; most name no version. */
async function ask(method: string, url: string, version = '', body?: unknown) {
  const answer = await w.serve(
    requestOf(method, `${origin}${url}`, {
      body: body === undefined ? '' : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...(version === '' ? {} : { 'accept-api-version': version }),
      },
    }),
  )
  return { status: answer.status, body: bodyOf(answer) as JsonObject }
}

async function good(...sent: Parameters<typeof ask>): Promise<JsonObject> {
  const { status, body } = await ask(...sent)
  assert.ok([200, 201].includes(status), `${sent[0]} ${sent[1]} ${status} ${body.message}`)
  return body
}

const realm = (name: string): string => `/am/json/realms/root/realms/${name}`
const config = `${realm('alpha')}/realm-config`
const cors = '/am/json/global-config/services/CorsService'
const v1 = 'protocol=1.0,resource=1.0'
const v2 = 'protocol=2.0,resource=1.0'

/** What `fr-config-pull` reads beside journeys and scripts, and what `fr-config-push` puts it back by. */
const documents: readonly (readonly [url: string, pull: string, push?: string])[] = [
  [`${config}/authentication`, '', 'protocol=1.0,resource=1.0'],
  [`${config}/services/oauth-oidc`, '', v2],
  [`${config}/agents/OAuth2Client/myClient`, '', v2],
  [cors, '', v2],
  ...[
    ...['access', 'audit', 'authentication', 'external.email', 'managed', 'selfservice.kba'],
    ...['selfservice.terms', 'servletfilter/cors', 'ui/themerealm', 'fieldPolicy/alpha_user'],
    ...['alphaOrgPrivileges', 'bravoOrgPrivileges', 'privilegeAssignments', 'sync'],
  ].map((id) => [`/openidm/config/${id}`, '', ''] as const),
  ['/openidm/config/ui-configuration', ''],
  ['/environment/cookie-domains', '', ''],
  ['/environment/content-security-policy/enforced', v1, ''],
  ['/environment/content-security-policy/report-only', v1, ''],
  ['/environment/telemetry', v1],
]

const lists: readonly (readonly [method: string, url: string, version?: string])[] = [
  ['GET', `${config}/services?_queryFilter=true`],
  ['POST', `${config}/services/oauth-oidc?_action=nextdescendents`, v1],
  ['POST', `${cors}?_action=nextdescendents`, v2],
  ['GET', '/openidm/config?_queryFilter=_id+sw+%22emailTemplate%22'],
  ['GET', '/openidm/config?_queryFilter=_id+sw+%22uilocale%2F%22'],
  ['GET', '/openidm/internal/role?_queryFilter=true'],
  ['GET', '/environment/secrets', v1],
  ['GET', '/environment/variables', v1],
  [
    'GET',
    `${config}/secrets/stores/GoogleSecretManagerSecretStoreProvider/ESV/mappings?_queryFilter=true`,
  ],
  ['GET', '/am/json/node-designer/node-type?_queryFilter=true'],
]

test('AIC: fr-config-manager pulls every kind that it has, and pushes back what it pulled', async () => {
  for (const [method, url, version] of lists)
    assert.ok(Array.isArray((await good(method, url, version)).result), url)
  for (const [url, pull, push] of documents) {
    const { _rev, ...read } = await good('GET', url, pull)
    if (push !== undefined) await good('PUT', url, push, read)
  }
  for (const url of ['custom-config.metadata', 'provisioner.openicf.connectorinfoprovider'])
    assert.equal((await ask('GET', `/openidm/config/${url}`)).status, 404)
})

const trees = (name: string): string =>
  `${realm(name)}/realm-config/authentication/authenticationtrees`
const nodes = 'protocol=2.1,resource=3.0'
const innerId = '7b1c2d3e-0000-4000-8000-000000000001'
const { tree, nodes: own, innerNodes, scripts } = exportedJourney
const outer: JsonObject = {
  ...{ _id: 'Outer', enabled: true, entryNodeId: innerId, identityResource: 'managed/bravo_user' },
  nodes: {
    [innerId]: {
      ...{ displayName: 'In', nodeType: 'InnerTreeEvaluatorNode', version: '1.0' },
      connections: { true: successId, false: failureId },
    },
  },
}
const evaluator: ExportedNode = {
  ...{ _id: innerId, tree: 'Ours', displayErrorOutcome: false, _outcomes: [] },
  _type: { _id: 'InnerTreeEvaluatorNode', name: 'In', collection: true, version: '1.0' },
}

async function putNode({ _rev, ...node }: ExportedNode): Promise<void> {
  const { _id: type } = node._type
  await good('PUT', `${trees('bravo')}/nodes/${type}/1.0/${node._id}`, nodes, node)
}

/** What it leaves out of a script. */
const operational = ['createdBy', 'creationDate', 'lastModifiedBy', 'lastModifiedDate']

/** `fr-config-push journeys --push-dependencies`: what is on pages, then nodes with what they need, then the tree. */
async function push(): Promise<void> {
  for (const node of Object.values(innerNodes)) await putNode(node)
  for (const [id, script] of Object.entries(scripts)) {
    const sent = Object.entries(script).filter(([name]) => !operational.includes(name))
    const body = { ...Object.fromEntries(sent), description: '' }
    await good('PUT', `${realm('bravo')}/scripts/${id}`, v2, body)
  }
  for (const node of Object.values(own)) await putNode(node)
  await good('PUT', `${trees('bravo')}/trees/Ours`, 'protocol=2.1,resource=1.0', tree)
  await putNode(evaluator)
  await good('PUT', `${trees('bravo')}/trees/Outer`, 'protocol=2.1,resource=1.0', outer)
}

/** `fr-config-pull journeys`: trees, and each kind of nodes in the version that the tree says. */
async function pull(name: string): Promise<readonly JsonObject[]> {
  const { result } = await good('GET', `${trees('bravo')}/trees?_queryFilter=true`)
  const found = (result as readonly JsonObject[]).find(({ _id }) => _id === name)
  const pulled: JsonObject[] = []
  const read = async (id: string, type: unknown, version: unknown): Promise<void> => {
    const url = `${trees('bravo')}/nodes/${String(type)}/${String(version)}?_queryFilter=true`
    const all = (await good('GET', url, 'resource=3.0')).result as readonly JsonObject[]
    const node = all.find(({ _id }) => _id === id) ?? {}
    pulled.push(node)
    for (const child of (node.nodes ?? []) as readonly JsonObject[])
      await read(String(child._id), child.nodeType, child.nodeVersion)
  }
  for (const [id, { nodeType, version }] of Object.entries(
    found?.nodes as Record<string, JsonObject>,
  ))
    await read(id, nodeType, version)
  return pulled
}

test('AIC: fr-config-manager pushes a journey with an inner one and a script into a realm without any, and somebody logs in by it', async () => {
  await push()
  const start = `${realm('bravo')}/authenticate?authIndexType=service&authIndexValue=Outer`
  const step = await good('POST', start, 'resource=2.1', {})
  const given = ['demo', 'Ch4ng31t']
  const callbacks = (step.callbacks as readonly JsonObject[]).map((each, i) => {
    const [input] = each.input as readonly JsonObject[]
    return { ...each, input: [{ ...input, value: given[i] }] }
  })
  const end = await good('POST', start, 'resource=2.1', { ...step, callbacks })
  assert.ok(String(end.tokenId).length > 20)
  const pulled = await pull('Ours')
  const ids = [...Object.keys(own), ...Object.keys(innerNodes)].sort()
  assert.deepEqual(pulled.map(({ _id }) => _id).sort(), ids)
  assert.ok(pulled.every(({ _type }) => (_type as JsonObject).version === '1.0'))
  assert.deepEqual(
    (await pull('Outer')).map(({ _id }) => _id),
    [innerId],
  )
  for (const builtIn of ['Login', 'Registration']) assert.ok((await pull(builtIn)).length > 1)
  const short = `/am/json/bravo/scripts?_queryFilter=${encodeURIComponent('name sw ""')}`
  const { result } = await good('GET', short)
  assert.deepEqual(
    (result as readonly JsonObject[]).map(({ name }) => name),
    ['Mine'],
  )
})
