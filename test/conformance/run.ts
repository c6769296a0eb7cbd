/**
 * Runs plans of the OpenID conformance suite against a server of its own; see README.md. Arguments:
 * a file of plans (`oidc`), then the plans or none for all, and `progress=<file>` to go on with. `SUITE` is where the
 * suite is, `PORT` where the server shall be, `ALIAS` parts runs at the same time, `MODULES` narrows to names with it.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../src/base/json.ts'
import { type AdminRest, adminRest } from '../clients/admin-rest.ts'
import { startServer } from '../server.ts'
import { fetchOver } from '../tls-wire.ts'
import { type PlanFile, readPlanFile } from './file.ts'
import { clientAuthority, resourceCertificate, serverIdentity } from './keys.ts'
import { writePage } from './page.ts'
import { runPlans } from './plan.ts'
import { keepResult, passed, readResults } from './progress.ts'
import { startResource } from './resource.ts'
import { suiteAt } from './suite.ts'

const { SUITE = 'https://localhost:8443', PORT = '9443', ALIAS = 'parapet', MODULES } = process.env
const realm = 'alpha'
const op = `https://localhost:${PORT}`
const issuer = `${op}/am/oauth2/realms/root/realms/${realm}`
const resource = `https://localhost:${Number(PORT) + 1}`
/** Not EdDSA: of new keys the suite takes RSA and EC only (VerifyNewJwksHasNewSigningKey.java, line 71). */
const replaced = ['RS256', 'PS256', 'ES256']
const resultsPath = join(import.meta.dirname, 'results.json')

/** The certificates are of this machine only, and nothing here is a secret. */
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'

// The server and all files go with us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(1))

const [name = 'oidc', ...wanted] = process.argv.slice(2).filter((arg) => !arg.includes('='))
const progress = process.argv.find((arg) => arg.startsWith('progress='))?.slice('progress='.length)
process.exitCode = await main()

/** 1: a module failed, warned or did not end; 2: there is nothing by these names. */
async function main(): Promise<number> {
  if (!existsSync(join(import.meta.dirname, `${name}.json`))) return nothing(`no file ${name}.json`)
  const file = readPlanFile(name, {
    ...{ op, issuer, resource, suite: SUITE, alias: ALIAS },
    callback: `${SUITE}/test/a/${ALIAS}/callback`,
  })
  const unknown = wanted.find((plan) => file.plans[plan] === undefined)
  if (unknown !== undefined)
    return nothing(`no ${unknown} in ${Object.keys(file.plans).join(', ')}`)
  const done = progress === undefined ? {} : readResults(progress)
  const asked = wanted.length > 0 ? wanted : Object.keys(file.plans)
  const left = asked.filter((plan) => {
    const before = done[`${name}/${plan}`]
    return before === undefined || !passed(before)
  })
  for (const plan of asked.filter((each) => !left.includes(each))) print(`${plan}: passed before`)
  // Each has a server of its own: keys that were replaced in one are not replaced again within the hour.
  const ended = new Set<number>()
  for (const plan of left) ended.add(await withServer((admin) => runHere(admin, file, [plan])))
  return ended.has(1) ? 1 : ended.size === 0 || ended.has(0) ? 0 : 2
}

function nothing(why: string): number {
  process.stderr.write(`${why}\n`)
  return 2
}

async function withServer(run: (admin: AdminRest) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'parapet-conformance-'))
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', clear)
  const { cert, key } = serverIdentity()
  await writeFile(join(folder, 'cert.pem'), cert)
  await writeFile(join(folder, 'key.pem'), key)
  await writeFile(join(folder, 'ca.pem'), clientAuthority.pem)
  const server = await startServer({
    demo: true,
    env: {
      PORT,
      PARAPET_BASE_URL: op,
      PARAPET_TLS_CERT: join(folder, 'cert.pem'),
      PARAPET_TLS_KEY: join(folder, 'key.pem'),
      PARAPET_TLS_CLIENT_CA: join(folder, 'ca.pem'),
    },
  })
  const api = await startResource({ origin: resource, introspect, cert, key })
  let status = 1
  try {
    status = await run(await adminRest(server))
  } finally {
    api.close()
    await server.stop()
    process.removeListener('exit', clear)
    clear()
  }
  // The suite replays codes on purpose, which ends grants; any other alarm is a fault.
  const faults = server.alarms.filter((line) => !line.includes('"event":"grant.ended"'))
  for (const fault of faults) print(`alarm: ${fault}`)
  return faults.length > 0 ? 1 : status
}

async function runHere(
  admin: AdminRest,
  file: PlanFile,
  plans: readonly string[],
): Promise<number> {
  const suite = suiteAt(SUITE)
  const version = await suite.version()
  for (const [type, document] of Object.entries(file.types))
    await admin('PUT', `${realm}/parapet/authorization-details-types/${type}`, document)
  for (const [id, document] of Object.entries(file.clients))
    await admin('PUT', `${realm}/realm-config/agents/OAuth2Client/${id}`, document)
  return runPlans(file, plans, {
    suite,
    only: MODULES,
    print,
    prepare: async ({ realm: settings }) => {
      await admin('PUT', `${realm}/realm-config/services/oauth-oidc`, settings)
    },
    act: async () => {
      for (const keys of replaced)
        await admin('POST', `${realm}/parapet/keys?_action=rotate`, { keys })
    },
    keep: (plan, tally) => {
      const date = new Date().toISOString().slice(0, 10)
      const kept = { ...tally, commit: commit(), date, suite: version }
      if (progress !== undefined) keepResult(progress, `${name}/${plan}`, kept)
      keepResult(resultsPath, `${name}/${plan}`, kept, writePage)
    },
  })
}

/** The resource is the client `resource`. */
async function introspect(token: string): Promise<JsonObject> {
  const call = fetchOver(clientAuthority.pem, [resourceCertificate])
  const body = new URLSearchParams({ token, client_id: 'resource' })
  return (
    await call(`${issuer}/introspect`, { method: 'POST', body })
  ).json() as Promise<JsonObject>
}

/** Which commit the server is of; `+` if the sources of the server are not as it has them. */
function commit(): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', '../../src') === '' ? '' : '+'
  return `${git('rev-parse', '--short=10', 'HEAD')}${changed}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
