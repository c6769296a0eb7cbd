/** The project's Markdown as the tests of the documents read it. */
import { sources } from './source.ts'

/** One fenced block; `lang` is empty where none is named. */
export interface Fence {
  readonly lang: string
  readonly text: string
}

/** One document; `path` is relative to the project. */
export interface Document {
  readonly path: string
  readonly text: string
  /** The text without what stands in fences. */
  readonly prose: string
  readonly fences: readonly Fence[]
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm

/** Every document of the project. */
export function documents(): readonly Document[] {
  return sources('*.md', 'docs/**/*.md').map(({ path, text }) => ({
    path,
    text,
    prose: text.replace(fence, ''),
    fences: [...text.matchAll(fence)].map(([, lang = '', inner = '']) => ({ lang, text: inner })),
  }))
}

/** What stands between single backticks. */
export function spans({ prose }: Document): readonly string[] {
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
}

/** Targets of links and pictures. */
export function links({ prose }: Document): readonly string[] {
  const text = prose.replace(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The names by which headings can be linked to, as GitHub makes them. */
export function anchors({ prose }: Document): ReadonlySet<string> {
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
