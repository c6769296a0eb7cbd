import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypes } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import type { Terms } from './terms.ts'
import { termsOffered } from './terms.ts'

/** Whether terms have the grants a response type needs. */
export function mayHaveGrantsOf({ grant_types }: Terms, { grants }: ResponseType): boolean {
  return grants.every((grant) => grant_types.includes(grant))
}

/** The response types that grant types and profile of a realm leave; a client's own profile may narrow them further. */
export function servedResponseTypes(realm: Realm): readonly ResponseType[] {
  const terms = termsOffered(realm)
  return responseTypes.filter(
    (type) => mayHaveGrantsOf(terms, type) && terms.response_types.includes(type.name),
  )
}
