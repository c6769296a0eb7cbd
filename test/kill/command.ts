/** A command of the command line, beside the servers. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { bareEnvironment } from '../bare.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

export interface Outcome {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Runs `parapet <args>` on a data directory until it ends. */
export async function command(data: string, ...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...bareEnvironment, PARAPET_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)]
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, out: await out, err: await err }
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const part of stream) text += String(part)
  return text
}
