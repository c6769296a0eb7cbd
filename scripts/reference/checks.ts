/**
 * The checks of every endpoint in the order in which they stand, walked from its `handle` through
 * the source by names and imports. What a name is called for is not looked at, so a list may be long.
 */
import { code, page, table } from './markdown.ts'
import type { Declaration } from './reached.ts'
import {
  bare,
  declarationOf,
  declarations,
  declaredIn,
  handling,
  isEndpoint,
  urlOf,
} from './reached.ts'

const thrown = 'new OAuthError('

interface Check {
  readonly from: Declaration
  readonly code: string
  readonly says: string
}

/** Every check that is reached from a text of `path`, each place once. */
function walk(from: Declaration, text: string, seen: Set<Declaration>): readonly Check[] {
  const words = bare(text).matchAll(/new OAuthError\(|(?<![.\w'])([A-Za-z_]\w*)\b(?!:)/g)
  return [...words].flatMap(({ 0: word, index }) => {
    if (word === thrown) return [checkAt(from, text, index + thrown.length)]
    const next = declarationOf(from.path, word)
    if (next === undefined || seen.has(next) || isEndpoint(next)) return []
    seen.add(next)
    return walk(next, next.text, seen)
  })
}

function checkAt(from: Declaration, text: string, start: number): Check {
  const [first = '', second = ''] = argumentsAt(bare(text), start)
  return { from, code: first, says: second }
}

/** The arguments of a call, as they are written. */
function argumentsAt(text: string, start: number): readonly string[] {
  const found = ['']
  let depth = 0
  for (const [part] of text
    .slice(start)
    .matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|[\s\S]/g)) {
    if (/^[)\]}]$/.test(part) && depth-- === 0) break
    if (/^[([{]$/.test(part)) depth++
    if (part === ',' && depth === 0) found.push('')
    else found[found.length - 1] += part
  }
  return found.map((each) => each.replace(/\s+/g, ' ').trim())
}

const section =
  /(?:RFC \d+|OIDC [A-Z]\w+|OpenID [A-Z]\w+|FAPI[\w. ]*)(?: (?:§|App\. )[\w.]*\w)?|\b[CK]-\d+\b/g

function rows(checks: readonly Check[]): string {
  return table(
    ['', 'code', 'says', 'where', 'why', 'section'],
    checks.map(({ from, code: name, says }, i) => [
      String(i + 1),
      written(name),
      written(says),
      `${code(from.name)} in ${from.path.slice('src/'.length)}`,
      /^.*?\.(?=\s|$)/.exec(from.doc)?.[0] ?? from.doc,
      [...new Set(`${from.doc} ${from.text}`.match(section) ?? [])].join(', '),
    ]),
  )
}

/** A string as its text, anything else as the expression that it is. */
function written(expression: string): string {
  const text = /^'(.*)'$|^"(.*)"$/.exec(expression)
  return text ? (text[1] ?? text[2] ?? '') : code(expression.replaceAll('`', "'"))
}

function checksOf(endpoint: Declaration, seen: Set<Declaration>): readonly Check[] {
  return walk(endpoint, handling(endpoint), seen)
}

function wrapper(): readonly Check[] {
  const declared = [...declaredIn('src/endpoint/serve/answer.ts')]
  const seen = new Set(declared)
  return declared.flatMap((each) => walk(each, each.text, seen))
}

/** The page. */
export function checksPage(): string {
  const all = declarations()
  const reached = new Set<Declaration>()
  const parts = all.filter(isEndpoint).flatMap((endpoint) => {
    const seen = new Set([endpoint])
    const checks = checksOf(endpoint, seen)
    for (const each of seen) reached.add(each)
    return checks.length === 0
      ? []
      : [`## ${code(urlOf(endpoint))}, ${endpoint.path}`, endpoint.doc, rows(checks)]
  })
  const around = wrapper()
  for (const { from } of around) reached.add(from)
  const rest = all
    .filter((each) => !reached.has(each))
    .flatMap((each) => walk(each, each.text, new Set(all)))
  return page(
    'Checks',
    'every `new OAuthError` in `src`',
    'What each endpoint refuses, in the order in which the source says it, followed from `handle` by names and imports. A place that several branches reach is listed at the first. What AM’s JSON answers in its own shape, as 401 and 403 to who is no administrator, is made by `crestError` and not listed here.',
    '## Around every endpoint',
    rows(around),
    ...parts,
    ...(rest.length === 0 ? [] : ['## Reached through a value', rows(rest)]),
  )
}
