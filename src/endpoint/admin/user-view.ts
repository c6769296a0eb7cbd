import type { JsonObject } from '../../base/json.ts'
import type { Item } from '../../config/kind.ts'
import { organisationOf, universalId } from '../../config/session.ts'
import { userKind } from '../../config/user.ts'
import type { Realm } from '../../realm/realm.ts'
import type { View } from '../serve/resource.ts'

/** Of the resource, as far as they differ in what is served here. */
export const userVersions: readonly string[] = ['1.2', '2.1', '3.1', '4.1']

/** What a directory says every person is. */
const objectClass = [
  'top',
  'person',
  'organizationalPerson',
  'inetOrgPerson',
  'inetuser',
  'iplanet-am-user-service',
]

/** Accounts in AM's JSON, with what its directory would tell beside what can be set. */
export function userView(realm: Realm): View {
  const seen = ({ id, value }: Item): JsonObject => {
    const { username, groups = [], ...rest } = value
    return {
      realm: realm.path,
      username: username as string,
      uid: [username as string],
      ...rest,
      dn: [`fr-idm-uuid=${id},ou=user,${organisationOf(realm.path)}o=root,ou=identities`],
      universalid: [universalId({ sub: id, realm: realm.path })],
      objectClass,
      ...memberships(realm, groups as readonly string[]),
    }
  }
  return { kind: userKind, listed: seen, alone: seen, counted: false, remaining: 0 }
}

function memberships(realm: Realm, groups: readonly string[]): JsonObject {
  if (groups.length === 0) return {}
  const above = `ou=groups,${organisationOf(realm.path)}o=root,ou=identities`
  return { isMemberOf: groups.map((name) => `cn=${name},${above}`) }
}
