import type {
  CST,
  DocumentOptions,
  ErrorCode,
  Node,
  ParseOptions,
  SchemaOptions,
  YAMLMap,
} from 'yaml'
import type { Json, JsonObject } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'

/** Most nodes of a text, those that aliases stand for counted each time, and most aliases. */
const mostNodes = 1_000_000
const mostAliases = 1_000

export type YamlRead = { readonly value: Json } | { readonly problem: Problem }

/** What of the parser's reasons is worth telling apart; none of them repeats what stands in the text. */
const reasons = {
  BAD_ALIAS: 'stands for nothing: its anchor has to come before it',
  BAD_DIRECTIVE: 'must be YAML 1.2 without directives',
  BAD_INDENT: 'is not YAML: wrong indentation',
  MULTIPLE_DOCS: 'must be one document: there is another one behind it',
  NON_STRING_KEY: 'is a name that is no text',
  RESOURCE_EXHAUSTION: 'is nested too deep',
  TAB_AS_INDENT: 'is not YAML: a tab as indentation',
  TAG_RESOLVE_FAILED: 'must have no tag but those of YAML 1.2’s core schema',
} as const satisfies Partial<Record<ErrorCode, string>>

const options: ParseOptions & DocumentOptions & SchemaOptions = {
  ...{ schema: 'core', merge: false, resolveKnownTags: false, stringKeys: true },
  ...{ uniqueKeys: false, prettyErrors: false, logLevel: 'error' },
}

/**
 * Reads a text of YAML 1.2, core schema, as JSON. Nothing of what YAML has beyond it comes through: no
 * other tags, no names but text, no name twice in one mapping, nothing that grows by aliases.
 */
export async function readYaml(text: string, depth: number): Promise<YamlRead> {
  // Loaded where there is YAML to read: it costs a tenth of a start.
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const at = (offset: number, reason: string): YamlRead => {
    const { line, col } = lines.linePos(offset)
    return { problem: { path: `line ${line}, column ${col}`, text: reason } }
  }
  lines.addNewLine(0)
  // Piece by piece, since what is nested deep takes the parser ever longer.
  const parser = new yaml.Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  for (const lexeme of new yaml.Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    if (parser.stack.length > 3 * depth) return at(parser.offset, reasons.RESOURCE_EXHAUSTION)
  }
  tokens.push(...parser.end())
  const composer = new yaml.Composer(options)
  const [document, another] = [...composer.compose(tokens, true, text.length)]
  if (document === undefined) return at(0, 'is not YAML')
  if (another !== undefined) return at(another.range[0], reasons.MULTIPLE_DOCS)
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) return at(fault.pos[0], reasonOf(fault.code))
  if (document.directives?.yaml.explicit) return at(0, reasons.BAD_DIRECTIVE)
  try {
    return { value: walker(yaml, depth)(document.contents, 0) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return at(error.offset, error.message)
  }
}

function reasonOf(code: ErrorCode): string {
  return (reasons as Partial<Record<ErrorCode, string>>)[code] ?? 'is not YAML'
}

class Refused extends Error {
  readonly offset: number
  constructor(node: Node, reason: string) {
    super(reason)
    this.offset = node.range?.[0] ?? 0
  }
}

/** Makes JSON of nodes, and counts them on the way. */
function walker(
  { isAlias, isMap, isScalar, isSeq }: typeof import('yaml'),
  depth: number,
): (node: Node | null, level: number) => Json {
  const anchors = new Map<string, Node>()
  let [nodes, aliases] = [0, 0]
  const walk = (node: Node | null, level: number): Json => {
    if (node === null) return null
    nodes += 1
    if (nodes > mostNodes) throw new Refused(node, `is one more than ${mostNodes} values`)
    if (isAlias(node)) {
      aliases += 1
      if (aliases > mostAliases) throw new Refused(node, `is one more than ${mostAliases} aliases`)
      const meant = anchors.get(node.source)
      if (meant === undefined) throw new Refused(node, reasons.BAD_ALIAS)
      return walk(meant, level)
    }
    if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isScalar(node)) return scalar(node, node.value)
    if (level >= depth) throw new Refused(node, 'is nested too deep')
    if (isSeq(node)) return node.items.map((item) => walk(item as Node | null, level + 1))
    if (isMap(node)) return members(node, (value) => walk(value, level + 1))
    throw new Refused(node, 'is not YAML')
  }
  return walk
}

function scalar(node: Node, value: unknown): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string' || Number.isFinite(value)) return value as string | number
  throw new Refused(node, 'must be a number that JSON can say')
}

/** A name may be any text, `__proto__` too: each becomes a member of its own. */
function members(map: YAMLMap, valueOf: (value: Node | null) => Json): Json {
  const entries = new Map<string, Json>()
  for (const { key, value } of map.items) {
    const name = (key as { readonly value: string }).value
    // What the parser makes of a mapping behind a mapping.
    if (name === '') throw new Refused(key as Node, 'is a name without a letter')
    if (entries.has(name)) throw new Refused(key as Node, 'is a name that has come before')
    entries.set(name, valueOf(value as Node | null))
  }
  return Object.fromEntries(entries)
}

/** A document as a person reads and edits it. */
export async function writeYaml(document: JsonObject): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(document, { schema: 'core', lineWidth: 0, aliasDuplicateObjects: false })
}
