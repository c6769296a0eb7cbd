import type { Json } from '../base/json.ts'
import { groupKind } from '../config/group.ts'
import { attributeOf } from '../user/attribute.ts'
import type { Found, ImportAsked, Leftover } from './found.ts'
import { entriesOf, NotReadable } from './found.ts'

/** What is known of a person so far, by the names of the row. */
export type Said = Map<string, Json | undefined>

/** Where people go whose file does not say it. */
export function realmAsked({ realm }: ImportAsked): string {
  if (realm === undefined) throw new NotReadable('say which realm they belong to: --realm /alpha')
  return realm
}

/** Takes an attribute by any of its names here; what of it cannot be taken is told. */
export function takeAttribute(said: Said, name: string, value: Json): readonly Leftover[] {
  const row = attributeOf(name)
  if (row === undefined || said.has(row.name)) return [{ attribute: name }]
  const [first, second] = entriesOf(value)
  if (row.many || first === undefined) said.set(row.name, value)
  else said.set(row.name, first)
  return row.many || second === undefined ? [] : [{ attribute: name, why: 'has several values' }]
}

/** A group that people of a file are in. */
export function foundGroup(name: string, realm: string, place: string, description?: Json): Found {
  const input = { username: name, ...(description === undefined ? {} : { description }) }
  return { kind: groupKind, called: 'group', realm, id: name, input, leftovers: [], place }
}
