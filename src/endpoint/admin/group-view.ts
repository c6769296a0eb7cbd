import type { JsonObject } from '../../base/json.ts'
import { groupKind } from '../../config/group.ts'
import type { Item, Kind } from '../../config/kind.ts'
import { organisationOf } from '../../config/session.ts'
import { mostMembers } from '../../config/user/membership.ts'
import type { Realm } from '../../realm/realm.ts'
import { findGroup, membersOf } from '../../user/group.ts'
import type { View } from '../serve/resource.ts'

/** What groups may be let do in AM; here they are let do nothing (C-29). */
const privileges = Object.fromEntries(
  [
    'RealmAdmin',
    'RealmReadAccess',
    'PolicyAdmin',
    'AgentAdmin',
    'FederationAdmin',
    'EntitlementRestAccess',
    'PrivilegeRestAccess',
    'PrivilegeRestReadAccess',
    'ApplicationReadAccess',
    'ApplicationModifyAccess',
    'ApplicationTypesReadAccess',
    'ResourceTypeReadAccess',
    'ResourceTypeModifyAccess',
    'ConditionTypesReadAccess',
    'SubjectTypesReadAccess',
    'SubjectAttributesReadAccess',
    'DecisionCombinersReadAccess',
    'SessionPropertyModifyAccess',
    'LogRead',
    'LogWrite',
    'LogAdmin',
    'CacheAdmin',
  ].map((name) => [name, false]),
)

/** Groups in AM's JSON; with their members where one is read alone. */
export function groupView(realm: Realm): View {
  const seen = ({ id, value }: Item): JsonObject => {
    const { username, ...rest } = value
    const organisation = organisationOf(realm.path)
    return {
      username: username as string,
      realm: realm.path,
      universalid: [
        `id=${id},ou=group,${organisation}${organisation === '' ? '' : 'ou=services,'}ou=am-config`,
      ],
      dn: [`cn=${id},ou=groups,${organisation}o=root,ou=identities`],
      cn: [id],
      objectclass: ['top', 'groupofuniquenames'],
      ...rest,
    }
  }
  const alone = (item: Item): JsonObject => ({ ...seen(item), privileges })
  return { kind: withMembers, listed: seen, alone, counted: false, remaining: 0 }
}

const withMembers: Kind = {
  ...groupKind,
  async read(realm, id) {
    const item = await groupKind.read(realm, id)
    return item && whole(realm, item)
  },
  async save(realm, id, input, change) {
    const saved = await groupKind.save(realm, id, input, change)
    return 'item' in saved ? { ...saved, item: await whole(realm, saved.item) } : saved
  },
}

async function whole(realm: Realm, item: Item): Promise<Item> {
  const group = await findGroup(realm, item.id)
  const members = group === undefined ? [] : await membersOf(realm, group, mostMembers)
  return { ...item, value: { ...item.value, members: { uniqueMember: members } } }
}
