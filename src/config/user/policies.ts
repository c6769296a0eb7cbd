import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { attributeOf } from '../../user/attribute.ts'
import { passwordPolicies } from '../../user/new-password/policy.ts'
import { requiredOfManaged } from './managed.ts'

function policy(policyId: string, policyRequirement: string, params: JsonObject = {}): JsonObject {
  return { policyId, params, policyRequirements: [policyRequirement] }
}

/** The rules of an attribute in the shape in which PingIDM tells a property's. */
export function policiesOf(realm: Realm, attribute: string): JsonObject {
  const required = requiredOfManaged.some((name) => name === attribute)
  const policies = [
    ...(required ? [policy('required', 'REQUIRED')] : []),
    ...rulesOf(realm, attribute),
  ]
  const policyRequirements = policies.flatMap(
    (each) => member(each, 'policyRequirements') as readonly string[],
  )
  return {
    policyRequirements,
    ...{ fallbackPolicies: null, name: attribute, policies, conditionalPolicies: null },
  }
}

function rulesOf(realm: Realm, attribute: string): readonly JsonObject[] {
  if (attribute === 'password') return passwordPolicies(realm)
  if (attribute === 'userName')
    return [
      policy('minimum-length', 'MIN_LENGTH', { minLength: 1 }),
      policy('maximum-length', 'MAX_LENGTH', { maxLength: 256 }),
      policy('valid-username', 'VALID_USERNAME'),
      policy('unique', 'UNIQUE'),
    ]
  const schema = attributeOf(attribute)?.read.schema
  const most = schema === undefined ? undefined : member(schema as JsonObject, 'maxLength')
  return typeof most === 'number'
    ? [policy('maximum-length', 'MAX_LENGTH', { maxLength: most })]
    : []
}
