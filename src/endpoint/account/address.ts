import { encodeForm } from '../../base/form.ts'
import type { Realm } from '../../realm/realm.ts'

/** Where a realm’s people find their account. */
export function accountUrl(
  realm: Realm,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = encodeForm([['realm', realm.path], ...Object.entries(more)])
  return `${new URL(realm.url).pathname}/XUI/account?${query}`
}
