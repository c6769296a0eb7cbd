/**
 * The Helm chart without Helm: what its values, its templates and the manifests beside it say of each other. What Helm makes of
 * it is looked at by `npm run test:deployment`.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { serverSettings } from '../../src/server/settings.ts'
import { manifest, type Node } from './manifests.ts'

const root = resolve(import.meta.dirname, '../..')
const chart = 'packaging/helm'
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
const values = manifest(`${chart}/values.yaml`)
const schema = manifest(`${chart}/values.schema.json`)
const templates = readdirSync(resolve(root, chart, 'templates'))
const template = (name: string): string => read(`${chart}/templates/${name}`)
const plain = (name: string): Node => manifest(`packaging/kubernetes/${name}.yaml`)
const pod = plain('deployment').at('spec', 'template', 'spec')
const container = pod.at('containers', 0)

test('house: the chart is of the version of the package, and of Kubernetes that the manifests want', () => {
  const { version } = JSON.parse(read('package.json')) as { readonly version: string }
  const about = manifest(`${chart}/Chart.yaml`)
  assert.equal(about.at('version').text(), version)
  assert.equal(about.at('appVersion').text(), version)
  const [, oldest = ''] = /Kubernetes (\d\.\d+) or later/.exec(
    read('packaging/kubernetes/deployment.yaml'),
  ) ?? ['']
  assert.equal(about.at('kubeVersion').text(), `>=${oldest}.0-0`)
})

test('house: each value of the chart has a rule and is used, and what a template uses has a value', () => {
  const { global, ...ruled } = schema.at('properties').value as Record<string, unknown>
  // Helm gives it to each chart.
  assert.deepEqual(global, { type: 'object' })
  assert.deepEqual(Object.keys(ruled).sort(), [...values.names()].sort())
  const used = templates.flatMap((name) =>
    [...template(name).matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = '']) =>
      path.slice(1).split('.'),
    ),
  )
  for (const path of used) values.at(...path)
  for (const name of values.names())
    assert.ok(
      used.some(([first]) => first === name),
      name,
    )
  for (const [name, rule] of Object.entries(ruled)) {
    const known = (rule as { properties?: object }).properties
    if (known !== undefined)
      assert.deepEqual(Object.keys(known).sort(), [...values.at(name).names()].sort(), name)
  }
})

test('house: settings of the chart are settings that there are, and none that is secret stands in a ConfigMap', () => {
  const rows = Object.values(serverSettings)
  const names = rows.map(({ environment }) => environment as string)
  const configMap = [...template('configmap.yaml').matchAll(/^ {2}(PARAPET_\w+):/gm)]
  const plainly = configMap.map(([, name = '']) => name)
  const bySecret = [...template('deployment.yaml').matchAll(/"(PARAPET_\w+)"/g)]
  const secretly = bySecret.map(([, name = '']) => name)
  assert.ok(plainly.length > 3 && secretly.length > 3)
  const closed = schema.at('properties', 'settings', 'propertyNames', 'not', 'enum').items()
  const refused = closed.map((each) => each.text())
  for (const name of [...plainly, ...secretly, ...refused]) assert.ok(names.includes(name), name)
  // What has a value of its own or is secret is no other setting.
  for (const name of [...plainly, ...secretly]) assert.ok(refused.includes(name), name)
  for (const row of rows)
    if ('secret' in row) {
      assert.ok(refused.includes(row.environment), row.environment)
      assert.ok(!plainly.includes(row.environment), row.environment)
    }
  assert.ok(!templates.some((name) => /^kind: Secret$/m.test(template(name))))
})

test('house: the values of the chart are those of the manifests', () => {
  const env = container.at('env').items()
  const referred = env.map((each) => each.at('valueFrom', 'secretKeyRef').value)
  assert.deepEqual(Object.values(values.at('secrets').value as object), referred)
  assert.deepEqual(values.at('resources').value, container.at('resources').value)
  const drain = container.at('lifecycle', 'preStop', 'sleep', 'seconds')
  assert.equal(values.at('drainSeconds').text(), drain.text())
  const [, beside = ''] = /add \.Values\.drainSeconds (\d+)/.exec(template('deployment.yaml')) ?? []
  const grace = Number(pod.at('terminationGracePeriodSeconds').text())
  assert.equal(Number(drain.text()) + Number(beside), grace)
  const scaler = plain('horizontalpodautoscaler').at('spec')
  assert.deepEqual(values.at('autoscaling').value, {
    enabled: false,
    minReplicas: scaler.at('minReplicas').value,
    maxReplicas: scaler.at('maxReplicas').value,
    averageUtilization: scaler.at('metrics', 0, 'resource', 'target', 'averageUtilization').value,
  })
  assert.equal(values.at('replicas').value, scaler.at('minReplicas').value)
  const config = plain('configmap').at('data')
  assert.equal(values.at('durability').text(), config.at('PARAPET_DURABILITY').text())
  const given = manifest(`${chart}/ci/least-values.yaml`)
  assert.equal(given.at('baseUrl').text(), config.at('PARAPET_BASE_URL').text())
  assert.equal(given.at('trustedProxies').text(), config.at('PARAPET_TRUSTED_PROXIES').text())
  const policy = plain('networkpolicy').at('spec', 'ingress', 0, 'from')
  assert.deepEqual(values.at('networkPolicy', 'from').value, policy.value)
  const away = plain('poddisruptionbudget').at('spec', 'maxUnavailable')
  assert.equal(values.at('podDisruptionBudget', 'maxUnavailable').value, away.value)
  assert.equal(
    values.at('service', 'port').value,
    plain('service').at('spec', 'ports', 0, 'port').value,
  )
  assert.equal(
    values.at('ingress', 'tlsSecret').text(),
    plain('ingress').at('spec', 'tls', 0, 'secretName').text(),
  )
})

/** Lines of a manifest that a template has no line for, since they come from a value or have the release's name. */
function missing(name: string): readonly string[] {
  const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim())
  const there = new Set(lines(template(name)))
  return lines(read(`packaging/kubernetes/${name}`)).filter(
    (line) => line !== '' && !line.startsWith('#') && !there.has(line),
  )
}

test('house: a template says what the manifest says, but for what has a value', () => {
  const settled =
    /^(?:app\.kubernetes\.io\/name|name: parapet$|(?:- )?name: PARAPET_|(?:- )?topologyKey|secretKeyRef:|key:|optional:|valueFrom:|image:|cpu:|memory:|limits:|requests:|seconds:|terminationGracePeriodSeconds:|maxReplicas|minReplicas|averageUtilization|maxUnavailable|port: 80|- namespaceSelector:|matchLabels:|kubernetes\.io\/metadata)/
  const files = readdirSync(resolve(root, 'packaging/kubernetes'))
  for (const name of files.filter(
    (each) => !['kustomization.yaml', 'configmap.yaml'].includes(each),
  )) {
    assert.ok(templates.includes(name), name)
    const lines = missing(name).filter((line) => !settled.test(line))
    assert.deepEqual(
      lines,
      name === 'ingress.yaml'
        ? ['- hosts: [as.example]', 'secretName: parapet-tls', '- host: as.example']
        : [],
      name,
    )
  }
})
