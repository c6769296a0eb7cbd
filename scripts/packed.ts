import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** Packs parapet as it is published; gives the archive's path. */
export function pack(folder: string): string {
  const args = ['pack', '--loglevel=error', '--pack-destination', folder]
  const name = execFileSync('npm', args, {
    ...{ cwd: root, encoding: 'utf8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return join(folder, name.trim().split('\n').at(-1) ?? '')
}
