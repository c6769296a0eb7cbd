/** The tools of `npm run test:deployment`: installed into a folder of their own, and run at the root of the checkout. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export function step(what: string): void {
  console.log(`• ${what}`)
}

/** How a tool judged files. */
interface Judged {
  readonly status: number | null
  readonly output: string
  /** What it found, on either output. */
  readonly said: string
}

export function judged(program: string, args: readonly string[]): Judged {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  return { status, output: stdout, said: `${stdout}${stderr}` }
}

/** What a tool prints. @throws AssertionError with what it found wrong. */
export function passes(program: string, args: readonly string[]): string {
  const { status, output, said } = judged(program, args)
  assert.equal(status, 0, said)
  return output
}

/** What tools write into a folder of their own. */
interface Tools {
  readonly install: (program: string, ...args: readonly string[]) => void
  /** A copy of a file with something replaced in it. */
  readonly altered: (path: string, from: string, to: string) => string
}

export function toolsIn(folder: string): Tools {
  return {
    install(program, ...args) {
      execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    },
    altered(path, from, to) {
      const text = readFileSync(path, 'utf8')
      assert.ok(text.includes(from), `${path} has no ${from}`)
      const copy = join(folder, 'altered.yaml')
      writeFileSync(copy, text.replaceAll(from, to))
      return copy
    },
  }
}
