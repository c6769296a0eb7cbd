/** Page that joins references in the source with names of tests: section → code → tests. */
import { code, page, table } from './markdown.ts'
import { isTest, sourcePaths, sourceText } from './source-text.ts'

/** What source files and tests stand by one reference. */
interface Cited {
  readonly sources: Set<string>
  readonly tests: Set<string>
}

type Index = Map<string, Cited>

const standards =
  /\b(RFC \d{4,5}|OIDC (?:[A-Z][\w-]+ ?)+|OAuth 2\.0 (?:[A-Z]\w+ )+|FAPI [12]\.0|NIST SP [\d-]+\w?)((?:\s*§[\dA-Z][\d.]*(?:,\s|\s?(?=§)|\sand\s)?)+)/g
const ping = /\bPingAM: ([a-z][\w]*(?:-[\w]+)+|serverinfo|callbacks|trees)\b/g
const checks = /(?<![\w-])([A-Z][A-Z0-9]{0,4}-[1-9]\d?[a-z]?)(?![\w-])/g
const noChecks =
  /^(?:AES|CVE|DSA|OAEP|SHA|UTF|SP|ISO|P|AM|HS|ES|RS|PS)-(?:\d{3,}|8$|1$)|^(?:UTF|SHA|AES|CVE|OAEP|ISO|FNV|SSH|[EHPR]S\d{3})-/

/** `coverage.md`: without line numbers, so that it changes only when a reference comes or goes. */
export function coveragePage(): string {
  const norms: Index = new Map()
  const pages: Index = new Map()
  const ids: Index = new Map()
  const paths = sourcePaths('src/**/*.ts', 'test/**/*.{test,suite}.ts')
  for (const path of paths) {
    const text = sourceText(path)
    const note = isTest(path) ? noteTests : noteSource
    note(norms, path, text, sectionsIn)
    note(pages, path, text, (part) => [...part.matchAll(ping)].map(([, name = '']) => name))
    note(ids, path, text, checksIn)
  }
  return page(
    'Coverage',
    'the references in src and the names of tests',
    'Which source cites a section, and which test files have tests whose names begin with it. A section without tests is one the code mentions in passing, or obeys as a side effect.',
    '## Standards',
    rows(norms, 'Section'),
    '## Pages of PingAM’s documentation',
    rows(pages, 'Page'),
    '## Checks',
    'Ids of rules that a test or a comment names; what each says is in [rules.md](rules.md).',
    rows(ids, 'Id'),
  )
}

function noteSource(
  index: Index,
  path: string,
  text: string,
  read: (text: string) => readonly string[],
): void {
  for (const name of read(text)) cited(index, name).sources.add(path)
}

/** In a test only what a text begins with counts: that is the name of a test, or of a row of its table. */
function noteTests(
  index: Index,
  path: string,
  text: string,
  read: (text: string) => readonly string[],
): void {
  for (const [, start = ''] of text.matchAll(/['"`]([^'"`\n]{3,80})/g)) {
    const names = read(start)
    const [head = ''] = (names[0] ?? '').split(' §')
    if (head === '' || !(start.startsWith(head) || start.startsWith(`PingAM: ${head}`))) continue
    for (const name of names) cited(index, name).tests.add(path)
  }
}

/** `RFC 6749 §4.1.1, §3.3` names two sections. */
function sectionsIn(text: string): string[] {
  const joined = text.replace(/\n\s*(?:\*|\/\/) ?/g, ' ')
  return [...joined.matchAll(standards)].flatMap(([, name = '', sections = '']) =>
    (sections.match(/[\dA-Z][\d.]*/g) ?? []).map(
      (section) => `${name.trim()} §${section.replace(/\.$/, '')}`,
    ),
  )
}

/** The ids of rules that a text names, as `C-13` and `PAR-4`. */
export function checksIn(text: string): string[] {
  return [...text.matchAll(checks)].map(([, id = '']) => id).filter((id) => !noChecks.test(id))
}

function cited(index: Index, name: string): Cited {
  let entry = index.get(name)
  if (entry === undefined) {
    entry = { sources: new Set(), tests: new Set() }
    index.set(name, entry)
  }
  return entry
}

function rows(index: Index, head: string): string {
  const names = [...index.keys()].sort(byNumbers)
  return table(
    [head, 'Source', 'Tests'],
    names.map((name) => {
      const { sources, tests } = cited(index, name)
      return [head === 'Page' ? code(name) : name, links(sources), links(tests)]
    }),
  )
}

const collator = new Intl.Collator('en', { numeric: true })

function byNumbers(a: string, b: string): number {
  return collator.compare(a, b)
}

function links(paths: ReadonlySet<string>): string {
  return [...paths]
    .sort()
    .map((path) => `[${path.replace(/^src\//, '').replace(/(\.test)?\.ts$/, '')}](../../${path})`)
    .join(' · ')
}
