import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { serverSettings } from '../../src/server/settings.ts'
import { origin, requestOf, world } from '../world.ts'
import { manifest } from './manifests.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = 'packaging/kubernetes'
const files = readdirSync(resolve(root, folder)).filter((name) => name !== 'kustomization.yaml')
const read = (name: string): ReturnType<typeof manifest> => manifest(`${folder}/${name}.yaml`)
const deployment = read('deployment')
const pod = deployment.at('spec', 'template', 'spec')
const container = pod.at('containers', 0)
const dockerfile = readFileSync(resolve(root, 'Dockerfile'), 'utf8')
const labels = { 'app.kubernetes.io/name': 'parapet' }

test('house: kubectl apply -k takes every manifest there is', () => {
  const listed = manifest(`${folder}/kustomization.yaml`).at('resources').value
  assert.deepEqual([...(listed as string[])].sort(), files.sort())
})

test('house: a Pod is told settings that there are, and secrets by reference alone', () => {
  const rows = Object.values(serverSettings)
  const plain = read('configmap').at('data').names()
  const referred = container.at('env').items()
  const names = [...plain, ...referred.map((each) => each.at('name').text())]
  for (const name of names)
    assert.ok(
      rows.some(({ environment }) => environment === name),
      name,
    )
  for (const each of referred) {
    assert.equal(each.at('valueFrom', 'secretKeyRef', 'name').text(), 'parapet')
    assert.equal(each.find('value').value, undefined)
  }
  for (const row of rows)
    if ('secret' in row) assert.ok(!plain.includes(row.environment), row.environment)
  // The URL of a store has a password in it.
  for (const name of ['PARAPET_STORE', 'PARAPET_SETTINGS_STORE', 'PARAPET_KEY'])
    assert.ok(names.includes(name) && !plain.includes(name), name)
  const kinds = files.map((name) => manifest(`${folder}/${name}`).at('kind').text())
  assert.ok(!kinds.includes('Secret'))
  assert.equal(pod.at('enableServiceLinks').value, false)
})

test('house: probes ask what answers them: the process alone whether it lives, the stores whether it is ready', async () => {
  const { serve } = await world()
  for (const [probe, path] of [
    ['startupProbe', '/am/json/health/live'],
    ['livenessProbe', '/am/json/health/live'],
    ['readinessProbe', '/am/json/health/ready'],
  ] as const) {
    assert.equal(container.at(probe, 'httpGet', 'path').text(), path)
    assert.equal((await serve(requestOf('GET', `${origin}${path}`))).status, 200)
    assert.equal(
      container.at(probe, 'httpGet', 'port').text(),
      container.at('ports', 0, 'name').text(),
    )
  }
})

test('house: a Pod has the time to stop that the server takes, after the time in which proxies learn of it', () => {
  const before = Number(container.at('lifecycle', 'preStop', 'sleep', 'seconds').text())
  const grace = Number(pod.at('terminationGracePeriodSeconds').text())
  // Ten seconds for what is under way (docs/guide/install.md), five for a primary whose workers take these ten.
  assert.ok(before >= 2 && grace >= before + 15 + 5, `${before} and ${grace}`)
  assert.equal(deployment.at('spec', 'strategy', 'rollingUpdate', 'maxUnavailable').value, 0)
  assert.equal(read('poddisruptionbudget').at('spec', 'maxUnavailable').value, 1)
})

test('house: a Pod is the user of the image, writes where the image writes, and may do nothing else', () => {
  const [, user, group] = /^USER (\d+):(\d+)$/m.exec(dockerfile) ?? []
  const security = pod.at('securityContext')
  assert.equal(security.at('runAsNonRoot').value, true)
  assert.equal(security.at('runAsUser').text(), user)
  assert.equal(security.at('runAsGroup').text(), group)
  assert.equal(security.at('seccompProfile', 'type').text(), 'RuntimeDefault')
  assert.deepEqual(container.at('securityContext').value, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  assert.equal(pod.at('automountServiceAccountToken').value, false)
  const [, port] = /\bPORT=(\d+)/.exec(dockerfile) ?? []
  assert.equal(container.at('ports', 0, 'containerPort').text(), port)
  const [, data] = /\bPARAPET_DATA=(\S+)/.exec(dockerfile) ?? []
  const mounts = container.at('volumeMounts').items()
  assert.ok(mounts.some((mount) => mount.at('mountPath').text() === data))
  for (const mount of mounts)
    assert.ok(
      pod
        .at('volumes')
        .items()
        .some((each) => each.at('name').text() === mount.at('name').text()),
    )
})

test('house: all manifests mean the same Pods, and the image is of this version', () => {
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  assert.equal(container.at('image').text().split(':').at(-1), version)
  assert.deepEqual(deployment.at('spec', 'template', 'metadata', 'labels').value, labels)
  assert.deepEqual(deployment.at('spec', 'selector', 'matchLabels').value, labels)
  for (const each of pod.at('topologySpreadConstraints').items())
    assert.deepEqual(each.at('labelSelector', 'matchLabels').value, labels)
  assert.deepEqual(read('service').at('spec', 'selector').value, labels)
  assert.deepEqual(read('poddisruptionbudget').at('spec', 'selector', 'matchLabels').value, labels)
  assert.deepEqual(read('networkpolicy').at('spec', 'podSelector', 'matchLabels').value, labels)
  const target = read('horizontalpodautoscaler').at('spec', 'scaleTargetRef')
  for (const member of ['apiVersion', 'kind'])
    assert.equal(target.at(member).text(), deployment.at(member).text())
  assert.equal(target.at('name').text(), deployment.at('metadata', 'name').text())
  // Else each apply would set back what the autoscaler has set.
  assert.equal(deployment.find('spec', 'replicas').value, undefined)
  const service = read('ingress').at('spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service')
  assert.equal(service.at('name').text(), read('service').at('metadata', 'name').text())
  assert.equal(
    service.at('port', 'name').text(),
    read('service').at('spec', 'ports', 0, 'name').text(),
  )
})
