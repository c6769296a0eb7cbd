import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypes } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import { termsOffered } from './terms.ts'

/** The response types that grant types and profile of a realm leave; a client's own profile may narrow them further. */
export function servedResponseTypes(realm: Realm): readonly ResponseType[] {
  const { response_types, granted_response_types } = termsOffered(realm)
  return responseTypes.filter(
    ({ name }) => response_types.includes(name) && granted_response_types.includes(name),
  )
}
