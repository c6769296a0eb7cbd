/** Declarations of the source, and what each one reaches by names and imports. */
import { posix } from 'node:path'
import { isTest, sourcePaths, sourceText } from './source-text.ts'

/** Something that a file declares at its top. */
export interface Declaration {
  readonly path: string
  readonly name: string
  readonly doc: string
  readonly text: string
}

interface File {
  readonly declared: ReadonlyMap<string, Declaration>
  /** A name as it is called here, and where it is declared under which name. */
  readonly imported: ReadonlyMap<string, readonly [path: string, name: string]>
}

const heading =
  /^(?:export )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm
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
    return [
      name,
      { path, name, doc: plain(doc), text: own.replace(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/, '') },
    ]
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

/** What a name means in a file, through imports and what is passed on. */
export function declarationOf(path: string, name: string): Declaration | undefined {
  const file = files.get(path)
  const elsewhere = file?.imported.get(name)
  return elsewhere === undefined ? file?.declared.get(name) : declarationOf(...elsewhere)
}

/** The text with comments blanked, so that places stay. */
export function bare(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, (found) => ' '.repeat(found.length))
}

/** What an endpoint does with a request: its text from `handle` on. */
export function handling({ text }: Declaration): string {
  return text.slice(text.search(/\bhandle\b/))
}

/** All declarations, file by file. */
export function declarations(): readonly Declaration[] {
  return [...files.values()].flatMap(({ declared }) => [...declared.values()])
}

export function declaredIn(path: string): readonly Declaration[] {
  return [...(files.get(path)?.declared.values() ?? [])]
}

/** Where names of reasons stand because something is said of them, and nothing is refused. */
const onlyTells = /^src\/(?:page|history|protocol\/reason)\//

/** Everything that a text of a declaration comes to, but for other endpoints; into `seen`. */
export function reach({ path }: Declaration, text: string, seen: Set<Declaration>): void {
  for (const { 0: word } of bare(text).matchAll(/(?<![.\w'])[A-Za-z_]\w*\b(?!:)/g)) {
    const next = declarationOf(path, word)
    if (next === undefined || seen.has(next) || isEndpoint(next) || onlyTells.test(next.path))
      continue
    seen.add(next)
    reach(next, next.text, seen)
  }
}

export function isEndpoint({ path, text }: Declaration): boolean {
  const head = text.slice(0, text.indexOf('\n'))
  return path.startsWith('src/endpoint/') && endpointType.test(head) && /\bhandle\b/.test(text)
}

/**
 * Where it is served; what several endpoints of a file share stands there as the constant `path`. A name that
 * a function is told stands as any name.
 */
export function urlOf({ path, name, text }: Declaration): string {
  const shared = /= '([^']+)'/.exec(declarationOf(path, 'path')?.text ?? '')?.[1] ?? ''
  const own = /^ {2,4}path(?:: ['`]([^'`]+)['`])?,$/m.exec(text)
  if (own === null) return name
  return (own[1] ?? shared).replace(/\$\{path\}/, shared).replace(/\$\{\w+\}/g, '*')
}
