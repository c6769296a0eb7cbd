import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/base/json.ts'
import { administrator, type Call, callWith } from '../administrator.ts'
import { type ExportedJourney, type ExportedNode, exportedJourney } from '../exported-journey.ts'
import { bodyOf, world } from '../world.ts'

const base = '/realm-config/authentication/authenticationtrees'
const w = await world()
const call = await administrator(w)
const trees = { 'accept-api-version': 'protocol=2.1,resource=1.0' }
const scripts = { 'accept-api-version': 'protocol=2.0,resource=1.0' }

/** One request as frodo 3.1 sends it; its status and its body. */
async function ask(
  method: string,
  url: string,
  body?: unknown,
): Promise<readonly [number, JsonObject]> {
  const answer = await call(method, url, body, url.startsWith('/scripts') ? scripts : trees)
  return [answer.status, bodyOf(answer) as JsonObject]
}

async function put(url: string, body: unknown): Promise<void> {
  const [status, answer] = await ask('PUT', url, body)
  assert.ok([200, 201].includes(status), `${url} ${status} ${JSON.stringify(answer)}`)
}

function nodeUrl({ _id, _type }: ExportedNode): string {
  return `${base}/nodes/${_type._id}/${_id}`
}

/** `journey import`: what the tree needs first. */
async function imports({ tree, nodes, innerNodes, scripts: all }: ExportedJourney): Promise<void> {
  assert.equal((await ask('GET', `${base}/trees?_queryFilter=true`))[0], 200)
  for (const [id, script] of Object.entries(all)) await put(`/scripts/${id}`, script)
  for (const node of [...Object.values(innerNodes), ...Object.values(nodes)])
    await put(nodeUrl(node), node)
  await put(`${base}/trees/${tree._id}`, tree)
}

/** `journey export`. */
async function exports(id: string): Promise<ExportedJourney> {
  const bare = async (url: string): Promise<JsonObject> => {
    const [status, { _rev, ...read }] = await ask('GET', url)
    assert.equal(status, 200, url)
    return read
  }
  const named = async (own: string, type: string): Promise<readonly [string, ExportedNode]> => [
    own,
    (await bare(`${base}/nodes/${type}/${own}`)) as ExportedNode,
  ]
  const tree = await bare(`${base}/trees/${id}`)
  const nodes: (readonly [string, ExportedNode])[] = []
  const inner: (readonly [string, ExportedNode])[] = []
  for (const [own, { nodeType }] of Object.entries(tree.nodes as Record<string, JsonObject>)) {
    const node = await named(own, String(nodeType))
    nodes.push(node)
    if (nodeType !== 'PageNode') continue
    for (const each of node[1].nodes as readonly JsonObject[])
      inner.push(await named(String(each._id), String(each.nodeType)))
  }
  const all: [string, JsonObject][] = []
  for (const own of Object.keys(exportedJourney.scripts))
    all.push([own, await bare(`/scripts/${own}`)])
  return {
    tree: tree as ExportedJourney['tree'],
    nodes: Object.fromEntries(nodes),
    innerNodes: Object.fromEntries(inner),
    scripts: Object.fromEntries(all),
  }
}

/** `journey enable` and `disable`. */
async function enable(id: string, enabled: boolean): Promise<void> {
  const [, { _rev, ...tree }] = await ask('GET', `${base}/trees/${id}`)
  await put(`${base}/trees/${id}`, { ...tree, enabled })
}

/** `journey delete`: the tree, then its nodes, what is on pages before the pages. */
async function deletes({ tree, nodes }: ExportedJourney): Promise<void> {
  const gone = async (url: string): Promise<void> =>
    assert.equal((await ask('DELETE', url))[0], 200, url)
  await gone(`${base}/trees/${tree._id}`)
  for (const node of Object.values(nodes)) {
    if (node._type._id === 'PageNode') {
      const [, page] = await ask('GET', nodeUrl(node))
      for (const { nodeType, _id } of page.nodes as readonly JsonObject[])
        await gone(`${base}/nodes/${String(nodeType)}/${String(_id)}`)
    }
    await gone(nodeUrl(node))
  }
}

const stranger: Call = callWith(w, { 'accept-api-version': 'resource=2.1, protocol=1.0' })
const start = '/authenticate?authIndexType=service&authIndexValue=Ours'

/** Logs the demo's user in by the journey. */
async function logIn(): Promise<JsonObject> {
  const step = bodyOf(await stranger('POST', start, {})) as JsonObject
  assert.equal(step.header, 'Sign in with us', JSON.stringify(step))
  const given = ['demo', 'Ch4ng31t']
  const callbacks = (step.callbacks as readonly JsonObject[]).map((each, i) => {
    const [input] = each.input as readonly JsonObject[]
    return { ...each, input: [{ ...input, value: given[i] }] }
  })
  return bodyOf(await stranger('POST', start, { ...step, callbacks })) as JsonObject
}

test('PingAM: frodo imports a journey, somebody logs in by it, and the export is what was imported', async () => {
  await imports(exportedJourney)
  const { tokenId } = await logIn()
  assert.ok(String(tokenId).length > 20)
  assert.deepEqual(await exports('Ours'), exportedJourney)
  const [, { result }] = await ask('GET', `${base}/trees?_queryFilter=true`)
  const listed = (result as readonly JsonObject[]).map(({ _id }) => _id)
  assert.ok(
    ['Login', 'Ours', 'Password'].every((name) => listed.includes(name)),
    String(listed),
  )
})

test('PingAM: frodo disables a journey and nobody starts it, enables it, and deletes it with its nodes', async () => {
  await imports(exportedJourney)
  await enable('Ours', false)
  const refused = await stranger('POST', start, {})
  assert.deepEqual([refused.status, bodyOf(refused).message], [400, 'No Configuration found'])
  await enable('Ours', true)
  assert.ok((await logIn()).tokenId)
  await deletes(exportedJourney)
  assert.equal((await stranger('POST', start, {})).status, 400)
  assert.equal((await ask('GET', `${base}/trees/Ours`))[0], 404)
  const [, { result }] = await ask('POST', `${base}/nodes?_action=nextdescendents`, {})
  const left = (result as readonly JsonObject[]).map(({ _id }) => String(_id))
  assert.deepEqual(
    left.filter((id) => id in exportedJourney.nodes || id in exportedJourney.innerNodes),
    [],
  )
})
