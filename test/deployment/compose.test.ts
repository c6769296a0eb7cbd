import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { serverSettings } from '../../src/server/settings.ts'
import { manifest, type Node } from './manifests.ts'

const root = resolve(import.meta.dirname, '../..')
const one = manifest('compose.yaml')
const nodes = manifest('compose.nodes.yaml')
const servers = ['parapet-1', 'parapet-2']

/** Every service of both files. */
const services: readonly (readonly [name: string, service: Node])[] = [one, nodes].flatMap((file) =>
  file
    .at('services')
    .names()
    .map((name) => [name, file.at('services', name)] as const),
)

test('house: every container may write to its volumes alone, has no capability, and comes back by itself', () => {
  assert.equal(services.length, 7)
  for (const [name, service] of services) {
    assert.equal(service.at('read_only').value, true, name)
    assert.deepEqual(service.at('cap_drop').value, ['ALL'], name)
    assert.deepEqual(service.at('security_opt').value, ['no-new-privileges:true'], name)
    assert.equal(service.at('restart').text(), 'unless-stopped', name)
    // parapet's own image has a user and a health check.
    if (service.at('image').text() === 'parapet') continue
    assert.notEqual(service.at('user').text(), 'root', name)
    assert.ok(service.at('healthcheck', 'test').items().length > 1, name)
    assert.match(service.at('image').text(), /^[a-z]+:\d+(\.\d+)?$/, name)
  }
})

test('house: no secret stands in a compose file: each comes from the environment, and nothing starts without it', () => {
  const secrets = ['PARAPET_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD']
  for (const server of servers) {
    const environment = nodes.at('services', server, 'environment')
    const settings = Object.values(serverSettings).map((row) => row.environment as string)
    for (const name of environment.names()) assert.ok(settings.includes(name), name)
    const all = environment.names().map((name) => environment.at(name).text())
    for (const name of secrets)
      assert.ok(
        all.some((text) => text.includes(`\${${name}:?`)),
        name,
      )
    assert.equal(environment.at('PARAPET_DURABILITY').text(), 'disk')
  }
  for (const [name, service] of services) {
    for (const variable of service.find('environment').value === undefined
      ? []
      : service.at('environment').names())
      if (/PASSWORD|KEY/.test(variable))
        assert.match(service.at('environment', variable).text(), /^\$\{\w+(?::[?-].*)?\}$/, name)
  }
  const ignored = readFileSync(resolve(root, '.gitignore'), 'utf8').split('\n')
  for (const kept of ['.env', 'secrets/']) assert.ok(ignored.includes(kept), kept)
})

test('house: nginx reaches the servers by the names of its block, and they believe nobody but it', () => {
  const block = readFileSync(resolve(root, 'packaging/nginx-nodes.conf'), 'utf8')
  const named = [...block.matchAll(/^ {2}server (\S+):8080\b/gm)].map(([, name]) => name)
  assert.deepEqual(named, servers)
  const nginx = nodes.at('services', 'nginx')
  assert.deepEqual(
    nginx.at('extra_hosts').value,
    servers.map((name) => `${name}:${address(nodes.at('services', name))}`),
  )
  for (const name of servers) {
    const service = nodes.at('services', name)
    assert.equal(service.at('environment', 'PARAPET_TRUSTED_PROXIES').text(), address(nginx))
    assert.equal(service.find('ports').value, undefined)
    assert.equal(
      nodes.at('services', 'nginx', 'depends_on', name, 'condition').text(),
      'service_healthy',
    )
  }
  const targets = nginx
    .at('secrets')
    .items()
    .map((each) => each.at('target').text())
  const wanted = [...block.matchAll(/ssl_certificate(?:_key)? (\S+);/g)].map(([, path]) => path)
  assert.deepEqual(targets, wanted)
  for (const store of ['postgres', 'redis'])
    assert.deepEqual(nodes.at('services', store, 'networks').value, ['back'])
  assert.equal(nodes.at('networks', 'back', 'internal').value, true)
})

function address(service: Node): string {
  return service.at('networks', 'front', 'ipv4_address').text()
}

test('house: a container has longer to stop than the server takes', () => {
  for (const [name, service] of services)
    assert.ok(Number.parseInt(service.at('stop_grace_period').text(), 10) >= 15, name)
})
