/** The source as text, for what no table says. */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** One file; `path` is relative to the project. */
export function sourceText(path: string): string {
  return readFileSync(resolve(root, path), 'utf8')
}

/** Paths that match, relative to the project, in order. */
export function sourcePaths(...patterns: readonly string[]): readonly string[] {
  return globSync([...patterns], { cwd: root }).sort()
}

export function isTest(path: string): boolean {
  return /\.(test|suite)\.ts$/.test(path) || path.startsWith('test/')
}

/** The docstring right before `declaration`, on one line; empty when there is none. */
export function docstring(text: string, declaration: string): string {
  const at = text.indexOf(declaration)
  const before = at < 0 ? '' : text.slice(0, at).trimEnd()
  if (!before.endsWith('*/')) return ''
  return before
    .slice(before.lastIndexOf('/**') + 3, -2)
    .replace(/\n\s*\* ?/g, '\n')
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}
