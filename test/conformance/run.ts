/**
 * Runs plans of the OpenID conformance suite against a server of its own; see README.md. Arguments:
 * a file of plans (`oidc`), then the plans or none for all. `SUITE` is where the suite is, `PORT`
 * where the server shall be, `ALIAS` parts runs at the same time, `MODULES` narrows to names with it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AdminRest, adminRest } from '../clients/admin-rest.ts'
import { startServer } from '../server.ts'
import { type PlanFile, type PlanRow, readPlanFile } from './file.ts'
import { clientAuthority, serverIdentity } from './keys.ts'
import { type Outcome, type Suite, suiteAt } from './suite.ts'

const { SUITE = 'https://localhost:8443', PORT = '9443', ALIAS = 'parapet', MODULES } = process.env
const realm = 'alpha'

/** Both certificates are of this machine only, and nothing here is a secret. */
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'

// The server goes with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

await main(process.argv[2] ?? 'oidc', process.argv.slice(3))

async function main(name: string, wanted: readonly string[]): Promise<void> {
  const op = `https://localhost:${PORT}`
  const file = readPlanFile(name, {
    ...{ op, suite: SUITE, alias: ALIAS },
    issuer: `${op}/am/oauth2/realms/root/realms/${realm}`,
    callback: `${SUITE}/test/a/${ALIAS}/callback`,
  })
  const folder = await mkdtemp(join(tmpdir(), 'parapet-conformance-'))
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
  try {
    const admin = await adminRest(server)
    await register(admin, file)
    for (const plan of wanted.length > 0 ? wanted : Object.keys(file.plans)) {
      const row = file.plans[plan]
      if (row === undefined) throw new Error(`no ${plan} in ${Object.keys(file.plans).join(', ')}`)
      await admin('PUT', `${realm}/realm-config/services/oauth-oidc`, row.realm)
      await runPlan(suiteAt(SUITE), row, plan)
    }
    // The suite replays codes on purpose, which ends grants; any other alarm is a fault.
    const faults = server.alarms.filter((line) => !line.includes('"event":"grant.ended"'))
    for (const fault of faults) print(`alarm: ${fault}`)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

async function register(admin: AdminRest, { clients }: PlanFile): Promise<void> {
  for (const [id, document] of Object.entries(clients)) {
    await admin('PUT', `${realm}/realm-config/agents/OAuth2Client/${id}`, document)
  }
}

/** Runs a plan module by module and prints a row for each as it ends. */
async function runPlan(suite: Suite, row: PlanRow, name: string): Promise<void> {
  const plan = await suite.createPlan(row.plan, row.variant, row.config)
  const counts: Record<string, number> = {}
  print(`\n## ${name}: ${row.plan} ${JSON.stringify(row.variant ?? {})}\n`)
  print('| module | variant | result |\n|---|---|---|')
  for (const module of plan.modules) {
    if (MODULES !== undefined && !module.testModule.includes(MODULES)) continue
    const outcome = await suite.run(plan, module)
    const result = outcome.status === 'FINISHED' ? outcome.result : outcome.status
    counts[result] = (counts[result] ?? 0) + 1
    const variant = Object.values(module.variant ?? {}).join(', ')
    const linked = `[${module.testModule}](${outcome.page})`
    const why = result === 'PASSED' ? '' : complaintsOf(outcome)
    print(`| ${linked} | ${variant} | ${result}${why} |`)
  }
  const sum = Object.entries(counts).map(([result, count]) => `${count} ${result}`)
  print(`\n${name}: ${sum.join(', ')}; ${SUITE}/plan-detail.html?plan=${plan.id}`)
}

function complaintsOf({ complaints }: Outcome): string {
  return complaints.map((each) => `<br>${each.replaceAll('|', '\\|')}`).join('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
