/** JOSE in another language: Debian's python3-jwcrypto, driven by one process for many jobs. */
import { spawnSync } from 'node:child_process'
import { isCi } from './program.ts'

const script = new URL('jose-interop.py', import.meta.url).pathname
const absent =
  'no jwcrypto found (install python3-jwcrypto or set PARAPET_PYTHON to a Python that has it)'

/** What jwcrypto is asked for; `text` to make a token of, or `token` to read. */
export interface Job {
  readonly action: 'encrypt' | 'decrypt' | 'sign' | 'verify'
  readonly key: unknown
  readonly header: Readonly<Record<string, unknown>>
  readonly text?: string
  readonly token?: string
}

export interface JobResult {
  readonly value?: string
  readonly error?: string
}

/** A Python that has jwcrypto. */
const python: string | undefined = (
  process.env.PARAPET_PYTHON ? [process.env.PARAPET_PYTHON] : ['/usr/bin/python3', 'python3']
).find((path) => spawnSync(path, ['-c', 'import jwcrypto'], { stdio: 'ignore' }).status === 0)

/**
 * Options for a test that needs jwcrypto. Without it the test is reported as missing, except in CI,
 * where it runs and fails.
 */
export function needsJwcrypto(): { readonly skip?: string } {
  return python !== undefined || isCi() ? {} : { skip: absent }
}

/** Runs the jobs, in order. */
export function jwcrypto(jobs: readonly Job[]): readonly JobResult[] {
  if (python === undefined) throw new Error(absent)
  const { stdout, stderr, status } = spawnSync(python, [script], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`jwcrypto: ${stderr}`)
  return JSON.parse(stdout) as readonly JobResult[]
}
