import { createHash } from 'node:crypto'
import type { JsonObject } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { Realm } from '../../realm/realm.ts'
import { filledNodeDocument } from '../find.ts'
import type { FoundNode } from '../journey.ts'
import { insideOf } from '../unserved.ts'

/**
 * A digest of how a node is set that asks, and of how those on its page are. Answers count by their places: what was
 * asked by other choices, of other attributes or in another order is no answer to what the node would ask now.
 */
export async function settingsDigest(
  realm: Realm,
  id: string,
  { type, document }: FoundNode,
): Promise<string> {
  const { children } = await insideOf(realm, { type: type.type, id })
  const own = digestOf(document).text
  if (children.length === 0) return own
  const all = [own]
  for (const child of children)
    all.push(digestOf(await filledNodeDocument(realm, child.type, child.id)).text)
  return createHash('sha256').update(all.join(' ')).digest('base64url').slice(0, 22)
}

const digestOf = memo((document: JsonObject) => ({
  text: createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 22),
}))
