import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { mostOfDocument, mostOfSecret, readText } from '../base/read-text.ts'
import { applyDocument } from '../config/document/apply.ts'
import type { Part } from '../config/document/text.ts'
import { readDocumentText } from '../config/document/text.ts'
import { documentProblemLine } from '../config/document/told.ts'
import { problemLine } from '../protocol/problem.ts'
import { handInKeys } from '../realm/key/made-keys.ts'
import { allRealms, type RealmWorld } from '../realm/realms.ts'
import { touchRealm } from '../realm/touch.ts'

/** Reads a document that is given itself, or by the path of its file. @throws Error that says what is wrong with it. */
export async function partOf(config: JsonObject | string): Promise<Part> {
  if (typeof config !== 'string') return { file: 'config', document: config }
  const read = await readDocumentText(textAt(config))
  if ('problem' in read) throw new Error(`${config}: ${problemLine(read.problem)}`)
  return { file: config, document: read.document }
}

function textAt(path: string): string {
  try {
    return readText(path, mostOfDocument)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** The realm a document names first; undefined where it names none. */
export function firstRealm({ document }: Part): string | undefined {
  const realms = member(document, 'realms')
  const [first] = Array.isArray(realms) ? (realms as readonly Json[]) : []
  const path = isObject(first) ? member(first, 'path') : undefined
  return typeof path === 'string' ? path : undefined
}

/** What `${env:NAME}` in a document stands for. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Makes what a document names. @throws Error with every problem it has, each with its place. */
export async function fill(world: RealmWorld, part: Part, env: Variables): Promise<void> {
  const references = {
    env: (name: string) => env[name],
    file: (path: string) => readText(path, mostOfSecret),
  }
  const applied = await applyDocument(world, [part], { by: 'startParapet', references })
  if ('problems' in applied) throw new Error(applied.problems.map(documentProblemLine).join('\n'))
}

/** Gives every realm these keys, before anybody asks for one. */
export async function handIn({ settings, now }: RealmWorld, keys: readonly JsonObject[]) {
  for (const { record } of await allRealms(settings)) {
    await handInKeys(settings, record.path, { keys, now: now() })
    await touchRealm(settings, record.path)
  }
}
