import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/base/json.ts'
import { isObject } from '../../src/base/json.ts'
import { administrator } from '../administrator.ts'
import { bodyOf, origin, world } from '../world.ts'

const agents = '/realm-config/agents'
const client = `${agents}/OAuth2Client`
const services = '/realm-config/services'
const provider = `${services}/oauth-oidc`
const global = `${origin}/am/json/global-config`
const alpha = `${global}/realms/L2FscGhh`

/** One request as frodo 3.1 sends it; `read`: of what was read there, without `_rev`. */
type Request = readonly [
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  url: string,
  body?: JsonObject | 'read' | 'frodo’s own',
]

const everyRealm: Request = ['GET', `${global}/realms/?_queryFilter=true`]
const below: Request = ['POST', `${provider}?_action=nextdescendents`, 'frodo’s own']
const kinds = [
  ...['2.2_Agent', 'IdentityGatewayAgent', 'J2EEAgent', 'RemoteConsentAgent', 'SharedAgent'],
  ...['SoapSTSAgent', 'SoftwarePublisher', 'WebAgent'],
]

const commands: readonly (readonly [command: string, requests: readonly Request[]])[] = [
  ['realm list', [everyRealm]],
  ['realm describe', [everyRealm, ['GET', alpha]]],
  ['realm add-custom-domain', [everyRealm, ['PUT', alpha, { ...named(['x.example']), _rev: '1' }]]],
  ['realm remove-custom-domain', [everyRealm, ['PUT', alpha, { ...named([]), _rev: '1' }]]],
  ['realm import', [['PUT', alpha, named([])]]],
  ['oauth client list', [['GET', `${client}?_queryFilter=true`]]],
  [
    'oauth client export',
    [
      ['GET', `${client}/myClient`],
      ['GET', provider],
    ],
  ],
  ['oauth client import', [['PUT', `${client}/myClient`, 'read']]],
  ['oauth client delete', [['DELETE', `${client}/myPublicClient`]]],
  ['service list', [['POST', `${services}?_action=nextdescendents`, 'frodo’s own']]],
  ['service list -g', [['POST', `${global}/services?_action=nextdescendents`, 'frodo’s own']]],
  ['service import', [below, ['PUT', provider, 'read']]],
  ['service import -C', [below, ['DELETE', provider], ['PUT', provider, 'read']]],
  ['service delete', [below, ['DELETE', provider]]],
  ['agent list', kinds.map((kind): Request => ['GET', `${agents}/${kind}?_queryFilter=true`])],
  ['agent describe', [['GET', `${agents}?_queryFilter=_id+eq+'myClient'`]]],
]

function named(aliases: readonly string[]): JsonObject {
  return { _id: 'L2FscGhh', parentPath: '/', active: true, name: 'alpha', aliases }
}

test('PingAM: every command of frodo about realms, clients, services and agents gets what it asks', async (t) => {
  const call = await administrator(await world())
  const versions = { 'accept-api-version': 'protocol=2.1,resource=1.0' }
  const older = { 'accept-api-version': 'protocol=2.0,resource=1.0' }
  for (const [command, requests] of commands) {
    await t.test(command, async () => {
      const before = new Map<string, JsonObject>()
      for (const [, url, body] of requests)
        if (body === 'read') before.set(url, exported(bodyOf(await call('GET', url))))
      for (const [method, url, body] of requests) {
        const sent = body === 'frodo’s own' ? {} : body === 'read' ? before.get(url) : body
        const headers = url.includes('agents') ? versions : older
        const { status } = await call(method, url, sent, headers)
        assert.equal(status, 200, `${method} ${url}`)
        const read = before.get(url)
        if (body === 'read') assert.deepEqual(exported(bodyOf(await call('GET', url))), read)
      }
    })
  }
})

/** What frodo keeps of a resource: members sorted, without the revision. */
function exported({ _rev, ...resource }: Record<string, unknown>): JsonObject {
  return sorted(resource as JsonObject)
}

function sorted(object: JsonObject): JsonObject {
  const members = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    members.map(([name, value]) => [name, isObject(value) ? sorted(value) : value]),
  )
}
