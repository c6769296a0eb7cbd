/** Servers of other commits than the one that lies here, where the repository knows its history. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = join(import.meta.dirname, '..', '..')

/** A commit's whole name; undefined where the history does not reach so far. */
export function commitOf(name: string): string | undefined {
  try {
    const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]
    const found = execFileSync('git', args, { cwd: here, encoding: 'utf8', stdio: 'pipe' }).trim()
    // A shallow clone may know a commit by name and have nothing of it.
    execFileSync('git', ['cat-file', '-e', `${found}:src/main.ts`], { cwd: here, stdio: 'pipe' })
    return found
  } catch {
    return undefined
  }
}

const absent = 'the history of the repository, for servers of other commits (git fetch --unshallow)'

/** Options for a test that runs a server of another commit; without its history it is listed as missing. */
export function needsCommit(name: string): { readonly skip?: string } {
  return commitOf(name) !== undefined ? {} : { skip: absent }
}

/** Lays out the tree of a commit in a directory of its own, with the packages of this one. */
export function treeOf(commit: string): { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'parapet-tree-'))
  const archive = join(root, 'tree.tar')
  const tree = join(root, 'tree')
  const paths = ['src', 'package.json', 'tsconfig.json']
  writeFileSync(
    archive,
    execFileSync('git', ['archive', commit, ...paths], { cwd: here, maxBuffer: 2 ** 28 }),
  )
  mkdirSync(tree)
  execFileSync('tar', ['-xf', archive, '-C', tree])
  symlinkSync(join(here, 'node_modules'), join(tree, 'node_modules'))
  return { root: tree, remove: () => rmSync(root, { recursive: true, force: true }) }
}
