import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { userKind } from '../config/user.ts'
import type { Problem } from '../protocol/problem.ts'
import { isSub } from '../user/account/key.ts'
import { plainUsername } from '../user/username.ts'
import type { Found } from './found.ts'

/** What is wrong with one that was there before; or that it says the same, and is the same one. */
type Twice = readonly Problem[] | 'the same'

/**
 * What a file has twice: the first is taken, and a later one that says something else is not, and told. Else whatever
 * came last would win in silence, of a person only in part. Of people only digests are remembered, some hundred
 * bytes for each.
 */
export function twice(): (found: Found) => Twice {
  const objects = new Map<string, Found>()
  const people = new Set<string>()
  return (found) => (found.kind === userKind ? ofPerson(people, found) : ofObject(objects, found))
}

function ofObject(seen: Map<string, Found>, found: Found): Twice {
  const { kind, realm, id, input } = found
  if (kind === undefined || (id === '' && !kind.single)) return []
  const name = kind.named === 'username' ? plainUsername(id) : id
  const key = JSON.stringify([kind.name, realm, name])
  const first = seen.get(key)
  seen.set(key, first ?? found)
  if (first === undefined) return []
  if (isDeepStrictEqual(first.input, input)) return 'the same'
  return [{ path: '', text: `is there twice, and the first counts (${first.place})` }]
}

function ofPerson(seen: Set<string>, { realm, id, input }: Found): readonly Problem[] {
  const username = typeof input.username === 'string' ? input.username : id
  const sub = isSub(id) ? [digest(realm, '_id', id)] : []
  const keys = [...sub, digest(realm, 'username', plainUsername(username))]
  if (keys.some((key) => seen.has(key)))
    return [{ path: '', text: 'is there twice, by name or id, and the first counts' }]
  for (const key of keys) seen.add(key)
  return []
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
}
