/** How long it takes to bring in a realm of Keycloak, and to run that again. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monotonic } from '../src/base/time.ts'
import { keycloakRealm } from '../test/keycloak-realm.ts'
import { table } from './figures.ts'

/** People of the realm, beside its three clients. */
const people = 10_000
/** Seconds that the first time may take. */
const bar = 20

const main = join(import.meta.dirname, '../src/main.ts')

/** Seconds of the command, from its start to its end, on a store on disk. */
export async function imports(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-import-'))
  try {
    const file = join(folder, 'realm.json')
    writeFileSync(file, JSON.stringify(keycloakRealm(people), undefined, 2))
    const lines: string[][] = []
    for (const [what, limit] of [
      ['first time', String(bar)],
      ['again', ''],
    ] as const) {
      const { seconds, cpu, megabytes } = await run(folder, file)
      lines.push([what, seconds.toFixed(1), cpu.toFixed(1), megabytes.toFixed(0), limit])
    }
    return [
      `Seconds to import a realm of Keycloak with three clients and ${people} people:`,
      table(['', 'seconds', 'CPU seconds', 'MB at most', 'bar'], lines),
    ].join('\n\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the command itself says at its end: its most memory, in KiB, and its CPU time, in microseconds. */
const tells =
  "data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write(['\\nused',u.maxRSS,u.userCPUTime+u.systemCPUTime].join(' '))})"

interface Used {
  readonly seconds: number
  readonly cpu: number
  readonly megabytes: number
}

function run(folder: string, file: string): Promise<Used> {
  const begin = monotonic()
  const args = ['--import', tells, main, 'import', 'keycloak', file]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PARAPET_DATA: join(folder, 'data') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.on('exit', (status) => {
      const seconds = (monotonic() - begin) / 1000
      const [kib = 0, micros = 0] = (/^used (\d+) (\d+)$/m.exec(said) ?? []).slice(1).map(Number)
      if (status === 0) resolve({ seconds, cpu: micros / 1e6, megabytes: kib / 1024 })
      else reject(new Error(`the import ended with ${status}: ${said}`))
    })
  })
}
