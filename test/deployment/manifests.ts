/** Files of deployment as they are read: YAML with merge keys, as Compose and Kubernetes read it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')

/** Something that was read, with what stands below it. */
export interface Node {
  readonly value: unknown
  /** What stands there. Fails where nothing does. */
  at(...path: readonly (string | number)[]): Node
  /** What stands there, or nothing. */
  find(...path: readonly (string | number)[]): Node
  text(): string
  names(): readonly string[]
  items(): readonly Node[]
}

/** A file of the repository, by its path. */
export function manifest(path: string): Node {
  return node(parse(readFileSync(resolve(root, path), 'utf8'), { merge: true }), path)
}

function node(value: unknown, name: string): Node {
  const step = (from: unknown, key: string | number): unknown =>
    typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[key] : undefined
  const found: Node = {
    value,
    find: (...path) => node(path.reduce(step, value), [name, ...path].join('.')),
    at(...path) {
      const there = found.find(...path)
      assert.notEqual(there.value, undefined, `${[name, ...path].join('.')} is missing`)
      return there
    },
    text() {
      assert.ok(['string', 'number'].includes(typeof value), `${name} is no text`)
      return String(value)
    },
    names: () => Object.keys(value as object),
    items: () => (value as readonly unknown[]).map((each, i) => node(each, `${name}[${i}]`)),
  }
  return found
}
