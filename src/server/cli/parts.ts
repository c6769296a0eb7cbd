import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostOfDocument, NotRead, readText } from '../../base/read-text.ts'
import type { Part } from '../../config/document/text.ts'
import { readDocumentText } from '../../config/document/text.ts'
import { problemLine } from '../../protocol/problem.ts'

export interface PartsRead {
  readonly parts: readonly Part[]
  readonly problems: readonly string[]
}

const endings = /\.(?:json|ya?ml)$/i

/** Reads a document from a file, or in parts from the JSON and YAML files of a directory, in the order of their names. */
export async function readParts(path: string): Promise<PartsRead> {
  const parts: Part[] = []
  const problems: string[] = []
  let at = path
  try {
    const isFolder = statSync(path).isDirectory()
    const names = isFolder ? readdirSync(path).filter((name) => endings.test(name)) : ['']
    if (names.length === 0) problems.push(`${path}: has no files that end in .json, .yaml or .yml`)
    for (const name of names.sort()) {
      const file = join(path, name)
      at = file
      const read = await readDocumentText(readText(file, mostOfDocument))
      if ('document' in read) parts.push({ file, document: read.document })
      else problems.push(`${file}: ${problemLine(read.problem)}`)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    problems.push(`${at}: ${error instanceof NotRead ? message : `cannot be read (${code})`}`)
  }
  return { parts, problems }
}
