/** The Helm chart: linted, made into manifests, and compared with those that stand beside it. */
import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { findProgram } from '../../test/program.ts'
import { judged, passes, root, step } from './tools.ts'

const chart = 'packaging/helm'
/** The values that the chart is tried with. */
const sets = globSync(`${chart}/ci/*-values.yaml`, { cwd: root }).sort()
const least = `${chart}/ci/least-values.yaml`

interface Tried {
  readonly folder: string
  /** The validator of manifests. */
  readonly validate: string
  /** Of Kubernetes. */
  readonly versions: readonly string[]
  readonly altered: (path: string, from: string, to: string) => string
}

/** Tries the chart; false where there is no `helm`, in CI too. @throws AssertionError for what is wrong. */
export function tryChart({ folder, validate, versions, altered }: Tried): boolean {
  const helm = findProgram(['helm'])
  if (helm === undefined) {
    console.log('✖ MISSING Helm: no helm found (install Helm 3), so the chart was not tried')
    return false
  }
  const [oldest = ''] = versions
  const render = (version: string, ...args: readonly string[]): string[] => [
    ...['template', 'parapet', chart, '--kube-version', version, ...args],
  ]
  step(`Helm: the chart with ${sets.length} sets of values, as the manifests are looked at`)
  for (const values of sets) {
    passes(helm, ['lint', chart, '--strict', '--values', values])
    for (const version of versions) {
      const made = join(folder, 'rendered.yaml')
      writeFileSync(made, passes(helm, render(version, '--values', values)))
      const by = ['--strict', '--quiet', '-k', version]
      const slip = altered(made, 'readinessProbe', 'readynessProbe')
      assert.notEqual(judged(validate, [...by, slip]).status, 0, values)
      passes(validate, [...by, made])
    }
  }
  step('Helm: values that are missing, misspelled or secret are refused, by their names')
  for (const [named, args] of refused) {
    const { status, said } = judged(helm, render(oldest, ...args))
    assert.notEqual(status, 0, named)
    assert.match(said, new RegExp(named))
  }
  step('Helm: with the least of values the chart says what packaging/kubernetes says')
  const on = ['autoscaling.enabled=true', 'ingress.enabled=true', 'ingress.hosts={as.example}']
  const switches = on.flatMap((each) => ['--set', each])
  const made = passes(helm, render(oldest, '--values', least, ...switches))
  assert.deepEqual(byKind(documentsIn(made)), byKind(plainManifests()))
  const kinds = documentsIn(passes(helm, render(oldest, '--values', least))).map(kindOf)
  assert.ok(!kinds.includes('HorizontalPodAutoscaler') && !kinds.includes('Ingress'))
  return true
}

/** What must stand in a refusal, and what is refused. */
const refused: readonly (readonly [named: string, args: readonly string[]])[] = [
  ['baseUrl is missing', ['--set', 'image.repository=a,trustedProxies=10.0.0.0/8']],
  ['trustedProxies is missing', ['--set', 'image.repository=a,baseUrl=https://as.example']],
  ['image.repository is missing', ['--set', 'baseUrl=https://as.example,trustedProxies=10.0.0.1']],
  ['ingress.hosts is missing', ['--values', least, '--set', 'ingress.enabled=true']],
  ["'worker' not allowed", ['--values', least, '--set', 'worker=2']],
  ['PARAPET_KEY', ['--values', least, '--set', 'settings.PARAPET_KEY=secret']],
  ['/baseUrl', ['--values', least, '--set', 'baseUrl=as.example']],
  ['/workers', ['--values', least, '--set', 'workers=many']],
]

function documentsIn(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((each) => each.toJS() as unknown)
}

function plainManifests(): readonly unknown[] {
  const folder = join(root, 'packaging/kubernetes')
  const names = readdirSync(folder).filter((name) => name !== 'kustomization.yaml')
  return names.map((name) => parse(readFileSync(join(folder, name), 'utf8')) as unknown)
}

function kindOf(document: unknown): string {
  return (document as { readonly kind: string }).kind
}

function byKind(documents: readonly unknown[]): object {
  return Object.fromEntries(documents.map((each) => [kindOf(each), withoutMarks(each)]))
}

/** By these a chart tells its releases apart, and sees that settings have changed. */
const marks = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/version',
  'checksum/settings',
  'helm.sh/chart',
]

/** The same without what a chart adds, wherever that stands. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value as Record<string, unknown>).filter(
    ([name, below]) => !marks.includes(name) && !(name === 'annotations' && onlyMarks(below)),
  )
  return Object.fromEntries(kept.map(([name, below]) => [name, withoutMarks(below)]))
}

function onlyMarks(annotations: unknown): boolean {
  return Object.keys(annotations as object).every((name) => marks.includes(name))
}
