import type { JsonObject } from '../src/base/json.ts'
import { anyState } from '../src/config/kind.ts'
import { userKind } from '../src/config/user.ts'
import type { Realm } from '../src/realm/realm.ts'

/** What becomes of a change of an account by an administrator, or by its user. */
export async function administered(
  realm: Realm,
  sub: string,
  input: JsonObject,
  own = false,
): Promise<string> {
  const authority = { administers: undefined, roles: [] }
  const who = own ? { sub, authority } : {}
  const saved = await userKind.save(realm, sub, input, {
    ...{ by: 'test', condition: anyState },
    ...who,
  })
  return saved.outcome
}

/** What administrators are shown of an account. */
export async function shownAccount(realm: Realm, sub: string): Promise<JsonObject | undefined> {
  return (await userKind.read(realm, sub))?.value
}
