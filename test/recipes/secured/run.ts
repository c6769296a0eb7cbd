/** Runs a library's program and every trial that it is made for. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import type { Library } from './libraries.ts'
import type { Stage } from './stage.ts'
import { type Program, type Said, trials } from './trials.ts'

/** Milliseconds a program may take for one answer. */
const patience = 60_000

/** What is told of each trial: nothing, or why it failed. */
export type Report = (trial: string, failure?: string) => void

export async function tryOut(
  library: Library,
  folder: string,
  stage: Stage,
  report: Report,
): Promise<void> {
  let program = start(library, folder, stage)
  for (const trial of trials.filter(({ of }) => !library.lacks.includes(of))) {
    const name = `${library.name}: ${trial.name}`
    try {
      await trial.run(program, stage)
      report(name)
    } catch (error) {
      report(name, `${String(error)}\n${await program.end()}`)
      // Another one, since this one may wait for anything now.
      program = start(library, folder, stage)
    }
  }
  await program.end()
}

/** The program of a library; ended, it gives what it had printed beside its answers. */
function start(
  { command }: Library,
  folder: string,
  { environment }: Stage,
): Program & { end(): Promise<string> } {
  const [executable = '', ...args] = command
  const { PATH } = process.env
  const trust = { NODE_EXTRA_CA_CERTS: environment.SERVER_CERT }
  const env = { PATH, HOME: folder, ...trust, ...environment }
  const child = spawn(executable, args, { cwd: folder, env })
  let printed = ''
  child.stderr.on('data', (text: Buffer) => {
    printed = (printed + String(text)).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', (error) => {
    printed += String(error)
  })
  // A program that is gone is noticed by its silence.
  child.stdin.on('error', () => undefined)
  return {
    say: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    async hear() {
      const waiting = new AbortController()
      const late = setTimeout(patience, undefined, { signal: waiting.signal, ref: false })
      const line = await Promise.race([lines.next(), late.catch(() => undefined)])
      waiting.abort()
      if (line === undefined || line.done === true) throw new Error('no answer')
      return JSON.parse(line.value) as Said
    },
    async end() {
      child.kill('SIGKILL')
      await ended
      return printed
    },
  }
}
