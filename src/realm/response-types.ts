import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypes } from '../protocol/response-type.ts'
import type { Realm } from './realm.ts'

/** The response types that grant types and profile of a realm leave; a client's own profile may narrow them further. */
export function servedResponseTypes({ provider, profile }: Realm): readonly ResponseType[] {
  const { response_types: allowed } = profile
  return responseTypes.filter(
    ({ name, grants }) =>
      grants.every((grant) => provider.grantTypes.includes(grant)) &&
      (allowed === 'registered' || allowed.includes(name)),
  )
}
