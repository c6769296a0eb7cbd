import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startServer } from '../server.ts'

/** A data directory that goes with the test. */
export async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parapet-start-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

export interface Attempt {
  readonly demo: boolean
  readonly data: string
  readonly env?: Readonly<Record<string, string>>
}

/** A start that must fail with status 1 and one line that says why; gives the line. */
export async function refusal(attempt: Attempt): Promise<string> {
  const outcome = await startServer(attempt).then(
    async (server) => {
      await server.stop()
      return 'the server served'
    },
    (error: Error) => error.message,
  )
  const [first, ...lines] = outcome.trim().split('\n')
  assert.equal(first, 'the server ended with 1:', outcome)
  assert.equal(lines.length, 1, outcome)
  assert.match(lines[0] ?? '', /^parapet: /)
  return lines[0] ?? ''
}

/** Every file of a directory with its mode and a digest of its bytes. */
export async function fingerprint(data: string): Promise<Readonly<Record<string, string>>> {
  const prints: Record<string, string> = {}
  for (const name of (await readdir(data)).sort()) {
    const file = join(data, name)
    const hash = createHash('sha256').update(await readFile(file))
    prints[name] = `${(await stat(file)).mode.toString(8)} ${hash.digest('hex')}`
  }
  return prints
}
