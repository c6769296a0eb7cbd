/**
 * `npm run test:deployment`: what is given for Kubernetes, Helm and Compose, by the schemas of those who read it, with tools
 * that are installed into a folder which goes afterwards; `helm` alone has to be there, and is said to be missing where
 * it is not. Each tool has to find a slip of the pen first. That the files fit the server, `npm test` looks at.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../test/program.ts'
import { tryChart } from './deployment/chart.ts'
import { trySteps } from './deployment/steps.ts'
import { judged, passes, root, step, toolsIn } from './deployment/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-deployment-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const manifests = readdirSync(join(root, 'packaging/kubernetes'))
  .filter((name) => name !== 'kustomization.yaml')
  .map((name) => join(root, 'packaging/kubernetes', name))
/** The oldest that the manifests say they need, and the newest whose schemas the tool has. */
const versions = ['1.30', '1.37']

const { install, altered } = toolsIn(folder)

step('Kubernetes: every manifest, strictly, by the schemas of the oldest and the newest version')
install('python3', '-m', 'venv', 'venv')
install(
  join(folder, 'venv/bin/pip'),
  ...['install', '--quiet', '--disable-pip-version-check', 'kubernetes-validate==1.37.0'],
)
const validate = join(folder, 'venv/bin/kubernetes-validate')
const deployment = join(root, 'packaging/kubernetes/deployment.yaml')
for (const version of versions) {
  const by = ['--strict', '--quiet', '-k', version]
  for (const [from, to] of [
    ['readinessProbe', 'readynessProbe'],
    ['periodSeconds: 10', 'periodSeconds: often'],
  ] as const)
    assert.notEqual(judged(validate, [...by, altered(deployment, from, to)]).status, 0, to)
  passes(validate, [...by, ...manifests])
}

const kubectl = findProgram(['kubectl'])
if (kubectl === undefined) console.log('• (no kubectl here to try)')
else {
  step('Kubernetes: kubectl makes one list of them')
  const made = execFileSync(kubectl, ['kustomize', 'packaging/kubernetes'], {
    ...{ cwd: root, encoding: 'utf8' },
  })
  assert.equal(made.match(/^kind: /gm)?.length, manifests.length)
}

const chart = tryChart({ folder, validate, versions, altered })

step('Two servers on one store: every command of the guide, with PostgreSQL and Redis')
await trySteps(folder)

step('Compose: both files, by its schema and the rules of a linter')
mkdirSync(join(folder, 'node'))
install(
  'npm',
  ...['install', '--prefix', 'node', '--ignore-scripts', '--no-audit', '--no-fund'],
  ...['--loglevel=error', 'dclint@3.1.0'],
)
const lint = join(folder, 'node/node_modules/.bin/dclint')
const nodes = join(root, 'compose.nodes.yaml')
for (const [from, to] of [
  ['healthcheck:', 'healthchecks:'],
  ['condition: service_healthy', 'condition: healthy'],
] as const)
  assert.notEqual(judged(lint, ['--quiet', altered(nodes, from, to)]).status, 0, to)
passes(lint, ['--quiet', 'compose.yaml', 'compose.nodes.yaml'])

console.log('✔ Kubernetes and Compose take what they are given')
console.log(chart ? '✔ Helm takes the chart' : '✖ MISSING Helm: the chart was not tried')
