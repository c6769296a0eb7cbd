/** The project's own source as the house tests read it. */
import { globSync, readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** One source file; `path` is relative to the project and parted by slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** Every file that matches, in order. */
export function sources(...patterns: readonly string[]): readonly Source[] {
  return globSync([...patterns], { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(resolve(root, path), 'utf8') }))
}

export function isTest(path: string): boolean {
  return /\.(test|suite)\.ts$/.test(path)
}

const importing =
  /^(?:import|export)\b[\w\s{},*$]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm

/**
 * What a file imports, static or dynamic; relative names resolved against the project. With `types`
 * false what is imported as types only is left out: at run time it is not there.
 */
export function imports(source: Source, types = true): readonly string[] {
  const found = [...source.text.matchAll(importing)]
  const wanted = types ? found : found.filter(([line]) => !/^(import|export) type\b/.test(line))
  return wanted.map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? ''
    return name.startsWith('.') ? posix.join(posix.dirname(source.path), name) : name
  })
}

/** The text without comments, so that words about a thing are not taken for the thing. */
export function code(source: Source): string {
  return source.text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|[\s;{(,])\/\/.*$/gm, blank)
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** Every place of a pattern in the code, as `path:line: text`. `expression` has the flag `g`. */
export function places(source: Source, expression: RegExp): readonly string[] {
  const text = code(source)
  return [...text.matchAll(expression)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length
    return `${source.path}:${line}: ${match[0].trim()}`
  })
}
