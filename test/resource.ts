/** Resources of a test's realm (RFC 8707), and requests that name some. */
import assert from 'node:assert/strict'
import { encodeForm } from '../src/base/form.ts'
import type { JsonObject } from '../src/base/json.ts'
import { anyState } from '../src/config/kind.ts'
import { resourceKind } from '../src/config/resource/resource.ts'
import type { World } from './world.ts'

const change = { by: 'test', condition: anyState }

/** Two APIs, of which a client that lists them or not has to do with the first. */
export const notes = 'https://api.example/notes'
export const mail = 'https://mail.example/'

/** Makes a resource, for every client unless said otherwise. */
export async function resource(
  w: World,
  identifier: string,
  apart: JsonObject = {},
  path = '/alpha',
): Promise<void> {
  const input = { everyClient: true, ...apart }
  const saved = await resourceKind.save(await w.realm(path), identifier, input, change)
  assert.ok('item' in saved, JSON.stringify(saved))
}

export async function withoutResource(w: World, identifier: string): Promise<void> {
  const removed = await resourceKind.remove(await w.realm(), identifier, change)
  assert.equal(removed.outcome, 'removed')
}

/** A form that names resources each by a parameter of its own, as clients send them. */
export function naming(
  form: Readonly<Record<string, string | undefined>>,
  ...identifiers: readonly string[]
): string {
  const named = identifiers.map((each): [string, string] => ['resource', each])
  return encodeForm([...Object.entries(form), ...named])
}
