/**
 * The checks of every endpoint in the order in which they stand, walked from its `handle` through
 * the source by names and imports. What a name is called for is not looked at, so a list may be long.
 */
import { posix } from 'node:path'
import { code, page, table } from './markdown.ts'
import { isTest, sourcePaths, sourceText } from './source-text.ts'

interface Declaration {
  readonly path: string
  readonly name: string
  readonly doc: string
  readonly text: string
}

interface Check {
  readonly from: Declaration
  readonly code: string
  readonly says: string
}

interface File {
  readonly declared: ReadonlyMap<string, Declaration>
  /** A name as it is called here, and where it is declared under which name. */
  readonly imported: ReadonlyMap<string, readonly [path: string, name: string]>
}

const heading =
  /^(?:export )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm
const thrown = 'new OAuthError('
const endpointType = /: Endpoint\b|\bEndpoint\b.*=>/

function readFile(path: string): File {
  const text = sourceText(path)
  const heads = [...text.matchAll(heading)]
  const declared = heads.map((head, i): [string, Declaration] => {
    const name = head[1] ?? ''
    const before = text.slice(0, head.index).trimEnd()
    const doc = before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : ''
    const end = heads[i + 1]?.index ?? text.length
    const own = /(?:interface|type) \w+$/.test(head[0]) ? '' : text.slice(head.index, end)
    // What stands before the next heading is that one's docstring.
    return [name, { path, name, doc: plain(doc), text: own.replace(/\/\*\*[\s\S]*?\*\/\s*$/, '') }]
  })
  return { declared: new Map(declared), imported: importsOf(path, text) }
}

function importsOf(path: string, text: string): File['imported'] {
  const found = text.matchAll(/^(?:import|export) \{([^}]*)\} from '(\.[^']+)'/gm)
  return new Map(
    [...found].flatMap(([, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name): [string, [string, string]] => {
          const [there = '', here = there] = name.split(' as ')
          return [here, [posix.join(posix.dirname(path), from), there]]
        }),
    ),
  )
}

function plain(comment: string): string {
  return comment
    .replace(/^\/\*\*|\*\/$|^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const files = new Map(
  sourcePaths('src/**/*.ts')
    .filter((path) => !isTest(path))
    .map((path) => [path, readFile(path)]),
)

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

/** What a name means in a file, through imports and what is passed on. */
function declarationOf(path: string, name: string): Declaration | undefined {
  const file = files.get(path)
  const elsewhere = file?.imported.get(name)
  return elsewhere === undefined ? file?.declared.get(name) : declarationOf(...elsewhere)
}

/** The text with comments blanked, so that places stay. */
function bare(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, (found) => ' '.repeat(found.length))
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

function isEndpoint({ path, text }: Declaration): boolean {
  const head = text.slice(0, text.indexOf('\n'))
  return path.startsWith('src/endpoint/') && endpointType.test(head) && /\bhandle\b/.test(text)
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
  const at = endpoint.text.search(/\bhandle\b/)
  return walk(endpoint, endpoint.text.slice(at), seen)
}

function wrapper(): readonly Check[] {
  const declared = [...(files.get('src/endpoint/serve/answer.ts')?.declared.values() ?? [])]
  const seen = new Set(declared)
  return declared.flatMap((each) => walk(each, each.text, seen))
}

/**
 * Where it is served; what several endpoints of a file share stands there as the constant `path`. A name that
 * a function is told stands as any name.
 */
function urlOf({ path, name, text }: Declaration): string {
  const shared = /= '([^']+)'/.exec(declarationOf(path, 'path')?.text ?? '')?.[1] ?? ''
  const own = /^ {2,4}path(?:: ['`]([^'`]+)['`])?,$/m.exec(text)
  if (own === null) return name
  return (own[1] ?? shared).replace(/\$\{path\}/, shared).replace(/\$\{\w+\}/g, '*')
}

/** The page. */
export function checksPage(): string {
  const all = [...files.values()].flatMap(({ declared }) => [...declared.values()])
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
