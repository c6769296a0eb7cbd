import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { NotReadable } from '../found.ts'
import { held } from '../read-file.ts'

const deepest = 8
const mostFiles = 10_000

export interface Files {
  /** With the names they have within the folder. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  /** Links, which might lead anywhere on this machine. */
  readonly links: readonly string[]
}

/** The JSON files of a folder and of those in it, in the order of their names; or one file. */
export async function filesIn(path: string): Promise<Files> {
  const is = await held(basename(path), () => stat(path))
  if (!is.isDirectory()) return { files: [{ name: basename(path), path }], links: [] }
  const files: { name: string; path: string }[] = []
  const links: string[] = []
  const walk = async (folder: string, within: string, level: number): Promise<void> => {
    if (level > deepest) throw new NotReadable(`${within}: is nested more than ${deepest} deep`)
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const name = `${within}${entry.name}`
      const at = join(folder, entry.name)
      if (entry.isSymbolicLink()) links.push(name)
      else if (entry.isDirectory()) await walk(at, `${name}/`, level + 1)
      else if (entry.isFile() && /\.json$/i.test(name)) files.push({ name, path: at })
      if (files.length > mostFiles)
        throw new NotReadable(`${basename(path)}: has more than ${mostFiles} files`)
    }
  }
  await walk(path, '', 0)
  if (files.length === 0) throw new NotReadable(`${basename(path)}: has no file that ends in .json`)
  return { files, links }
}
