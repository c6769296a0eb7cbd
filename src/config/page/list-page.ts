import { base64url } from '../../base/bytes.ts'
import { openText, sealText } from '../../base/sealed-text.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Kind } from '../kind.ts'
import type { Listed, Query } from '../query.ts'

/**
 * A page of a collection as it goes outside. What leads on holds a name, or the values by which people are sorted, and travels
 * in URLs, which land in logs: so it is sealed by the realm, for this kind of object alone.
 *
 * @throws OAuthError bad_request for a cookie that is none.
 */
export async function listPage(
  realm: Realm,
  kind: Pick<Kind, 'name' | 'list'>,
  query: Query,
): Promise<Listed> {
  const about = `page of ${kind.name}`
  const after = query.after === undefined ? undefined : opened(realm, about, query.after)
  const page = await kind.list(realm, { ...query, after })
  if (page.outcome !== 'listed' || page.cookie === undefined) return page
  const sealed = sealText(realm.secret('list cookie'), realm.random(12), about, page.cookie)
  return { ...page, cookie: base64url(sealed) }
}

function opened(realm: Realm, about: string, cookie: string): string {
  const sealed = Buffer.from(cookie, 'base64url')
  for (const key of realm.secrets('list cookie')) {
    const text = openText(key, about, sealed)
    if (text !== undefined) return text
  }
  throw new OAuthError('bad_request', 'The _pagedResultsCookie is none of this collection')
}
