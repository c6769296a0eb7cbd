import type { Json } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'
import { NotRead } from '../../base/read-text.ts'
import type { Problem } from '../../protocol/problem.ts'

/** What a text may refer to instead of saying it: `${env:NAME}`, `${file:/run/secrets/name}`. */
export interface References {
  /** A variable's value; undefined or empty where there is none. */
  env(name: string): string | undefined
  /** What a file holds. @throws Error whose message or code says why it cannot be read. */
  file(path: string): string
}

/** `$${` is how a text says `${` itself; whatever else begins so is taken for a slip of the pen. */
const begun = /\$(\$?)\{(?:(env|file):([^{}]*)\})?/g
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Most characters of a file that stands for a value. */
const longest = 65_536

export interface Resolved<T extends Json> {
  readonly value: T
  /** A reference that leads nowhere, each with its path. */
  readonly problems: readonly Problem[]
}

/** A value with what its texts refer to in its place. Names of members are taken as they are. */
export function resolved<T extends Json>(value: T, references: References): Resolved<T> {
  const problems: Problem[] = []
  const inText = (text: string, path: string): string =>
    text.replace(begun, (_, dollar: string, kind?: 'env' | 'file', name?: string) => {
      if (dollar === '$') return kind === undefined ? '${' : `\${${kind}:${name ?? ''}}`
      const found = lookUp(references, kind, name ?? '')
      if ('text' in found) return found.text
      problems.push({ path, text: found.problem })
      return ''
    })
  const walk = (each: Json, path: string): Json => {
    if (typeof each === 'string') return each.includes('${') ? inText(each, path) : each
    if (Array.isArray(each)) return each.map((entry: Json, i) => walk(entry, `${path}[${i}]`))
    if (!isObject(each)) return each
    return Object.fromEntries(
      Object.entries(each).map(([name, inner]) => [
        name,
        walk(inner, path === '' ? name : `${path}.${name}`),
      ]),
    )
  }
  return { value: walk(value, '') as T, problems }
}

/** A text as a document has to say it. */
export function escaped(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function lookUp(
  references: References,
  kind: 'env' | 'file' | undefined,
  name: string,
): { readonly text: string } | { readonly problem: string } {
  if (kind === undefined || (kind === 'env' ? !variable.test(name) : !name.startsWith('/'))) {
    return {
      problem: 'must be ${env:NAME} or ${file:/absolute/path}; a text with ${ itself says $${',
    }
  }
  if (kind === 'env') {
    const text = references.env(name)
    return text ? { text } : { problem: `needs the variable ${name}, which is not set` }
  }
  return fromFile(references, name)
}

/** The one line end that editors and secret stores put behind a value is none of it. */
function fromFile(
  references: References,
  path: string,
): { readonly text: string } | { readonly problem: string } {
  try {
    const text = references.file(path).replace(/\r?\n$/, '')
    if (text.length > longest)
      return { problem: `needs the file ${path}, which has more than ${longest} characters` }
    return text === '' ? { problem: `needs the file ${path}, which is empty` } : { text }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = error instanceof NotRead ? message : `cannot be read (${code ?? message})`
    return { problem: `needs the file ${path}, which ${why}` }
  }
}
