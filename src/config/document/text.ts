import { isObject, type JsonObject, parseJson } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import { readYaml } from './yaml.ts'

/** Most characters of a text, and how deep it may be nested. */
const longest = 16_777_216
const deepest = 20

/** A document, or a part of one, as it was read. */
export interface Part {
  /** Where it came from, to be told with a problem; empty for one that was handed over as it is. */
  readonly file: string
  readonly document: JsonObject
}

export type TextRead = { readonly document: JsonObject } | { readonly problem: Problem }

/**
 * Reads the text of a configuration document, JSON or YAML. What is wrong with it is told by its place;
 * nothing of what stands in it is repeated, since secrets may.
 */
export async function readDocumentText(text: string): Promise<TextRead> {
  if (text.length > longest) return refused(`has more than ${longest} characters`)
  if (text.trim() === '') return refused('is empty')
  const json = text.trimStart().startsWith('{') ? parseJson(text, deepest) : undefined
  // What is no JSON is told by the reader of YAML, which knows all of JSON too, and the line.
  const read = json === undefined ? await readYaml(text, deepest) : { value: json }
  if ('problem' in read) return read
  if (isObject(read.value)) return { document: read.value }
  return refused('must be an object, such as one with realms')
}

function refused(text: string): TextRead {
  return { problem: { path: '', text } }
}
