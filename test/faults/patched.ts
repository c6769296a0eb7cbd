/** Sources that are changed while they are loaded, so that a test can run a build with one fault in it. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** One change: what stands once in a file of the project, and what stands there instead. */
export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

const root = join(import.meta.dirname, '..', '..')

/** Applies these to whatever is loaded from now on; what does not fit is an error when its file is loaded. */
export function patch(edits: readonly Edit[]): void {
  const byUrl = new Map(edits.map((edit) => [pathToFileURL(join(root, edit.file)).href, edit]))
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const edit = byUrl.get(url)
      if (edit === undefined) return loaded
      const text = String(loaded.source)
      if (text.split(edit.from).length !== 2)
        throw new Error(`${edit.file} does not have once: ${edit.from}`)
      return { ...loaded, source: text.replace(edit.from, () => edit.to) }
    },
  })
}
