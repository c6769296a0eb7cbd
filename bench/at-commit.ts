import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/**
 * Lays out the tree of another commit of this repository, by today's packages, for as long as the work takes.
 * `commit` is anything git knows by name; the work is given the folder of its bench.
 */
export async function atCommit<T>(commit: string, work: (bench: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-at-'))
  const tree = join(folder, 'tree')
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: root })
  git('worktree', 'add', '--detach', '--quiet', tree, commit)
  const remove = (): void => {
    git('worktree', 'remove', '--force', tree)
    rmSync(folder, { recursive: true })
  }
  // Whoever stops the bench leaves none behind.
  process.once('exit', remove)
  try {
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    return await work(join(tree, 'bench'))
  } finally {
    process.off('exit', remove)
    remove()
  }
}
