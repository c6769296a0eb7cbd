/** `parapet store doctor` as somebody types it, on a store that a test has made what it is. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { examineStore } from '../../src/maintain.ts'
import type { Finding } from '../../src/store/doctor/finding.ts'
import { bareEnvironment } from '../bare.ts'
import { type Outcome, runIn } from '../command-line.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

type Environment = Readonly<Record<string, string>>

/** Runs the command in a process of its own, as a shell does. */
export async function typed(args: readonly string[], env: Environment = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [main, 'store', 'doctor', ...args], {
    env: { ...bareEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[status], out, err] = await Promise.all([
    once(child, 'exit') as Promise<[number]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return { status, out, err }
}

/** Runs the command in this process; those that race are processes of their own. */
export function doctor(args: readonly string[], environment: Environment = {}): Promise<Outcome> {
  return runIn({ environment, examineStore }, ['store', 'doctor', ...args])
}

/** What it found, as text: each outcome with what was looked at and how it came out. */
export async function findings(url: string, env: Environment, run = doctor): Promise<Findings> {
  const { status, out, err } = await run([url, '--json'], env)
  assert.equal(err, '')
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] }
  const lines = findings.map(({ what, outcome, detail }) => `${outcome} ${what}: ${detail}`)
  return { status, lines, of: (outcome) => lines.filter((line) => line.startsWith(outcome)) }
}

export interface Findings {
  readonly status: number
  readonly lines: readonly string[]
  readonly of: (outcome: Finding['outcome']) => readonly string[]
}

/** What every store must have shown: each verb, the marks of three clocks, and that nothing is left. */
export function provesVerbs({ lines }: Findings): void {
  for (const shown of [
    /^proved one key is created once: 25 contests of 48 tries by 3 processes, one winner each/,
    /^proved one version is replaced once: /,
    /^proved one record is deleted once: /,
    /^proved one mark is spent once, and only the winner writes: /,
    /^proved what one clock has spent, another one finds spent: /,
    /^proved nothing is left of what was tried: \d{2,} records were removed, none is listed$/,
    /^unproved loss of power: /,
    /^unproved failover: /,
  ])
    assert.ok(
      lines.some((line) => shown.test(line)),
      `${shown} in ${lines.join('\n')}`,
    )
}

/** One line says why, status 1, nothing is printed, and no password is shown. */
export async function refused(
  url: string,
  why: RegExp,
  env: Environment = {},
  run = doctor,
): Promise<void> {
  const { status, out, err } = await run(url === '' ? [] : [url], env)
  assert.deepEqual([status, out], [1, ''], err)
  assert.match(err, /^parapet: [^\n]+\n$/)
  assert.match(err, why)
  assert.doesNotMatch(err, /secret/)
}
