import type { Json, JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Attribute } from '../../user/attribute.ts'
import { attributeOf, attributes } from '../../user/attribute.ts'
import { valuesOf } from '../../user/attribute-values.ts'
import type { EndUser } from '../../user/end-user.ts'

/**
 * Whose a value is that several accounts have: anybody can say that an address is theirs. Of whom it is confirmed goes
 * before those of whom somebody else said it, and they before those who only say it themselves. Undefined where there is
 * nobody, or no one of them goes before the others.
 */
export function holderAmong(
  { path }: Pick<Realm, 'path'>,
  users: readonly EndUser[],
  attribute: string,
  value: Json,
): EndUser | undefined {
  const row = attributeOf(attribute)
  const ranks = users.map((user) => (row === undefined ? 0 : rankOf(user, row, value)))
  const highest = Math.max(...ranks)
  const [only, ...more] = users.filter((_, i) => ranks[i] === highest)
  if (more.length === 0) return only
  event('user.ambiguous', { realm: path, attribute, accounts: more.length + 1 }, 'warn')
  return undefined
}

/** What is confirmed is the first value alone. */
function rankOf({ attributes: kept }: EndUser, row: Attribute, value: Json): number {
  const proof = proofOf(row)
  if (proof === undefined) return 0
  const [preferred] = valuesOf(kept, row)
  if (plain(preferred) !== plain(value)) return 0
  const [proven] = valuesOf(kept, proof)
  return proven === true ? 2 : Number(proven === undefined)
}

/** The attribute that says whether this one is theirs. */
function proofOf({ name }: Attribute): Attribute | undefined {
  return attributes.find(({ of }) => of === name)
}

function plain(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? value.normalize('NFC').toLowerCase() : value
}

/** What is to be written, and that the mail address among it is confirmed where it is this one. */
export function withConfirmed(rows: JsonObject, confirmed: string | undefined): JsonObject {
  const is = confirmed !== undefined && mailIn(rows) === confirmed
  return is ? { ...rows, email_verified: true } : rows
}

/** The mail address that is to be written, by whichever of its names. */
export function mailIn(rows: JsonObject): Json | undefined {
  const mail = Object.keys(rows).find((name) => attributeOf(name)?.name === 'mail')
  return mail === undefined ? undefined : rows[mail]
}
