import type { NodeType } from '../../journey.ts'
import { kbaDecision, termsDecision } from './agreement-decision.ts'
import {
  attributePresent,
  attributeValue,
  profileCompleteness,
  queryFilterDecision,
  requiredAttributes,
} from './attribute-decision.ts'
import { createObject } from './create-object.ts'
import { identifyExistingUser } from './identify-existing-user.ts'
import { patchObject } from './patch-object.ts'

/** Nodes that find, judge, make and change accounts as managed objects. */
export const objects: readonly NodeType[] = [
  attributePresent,
  attributeValue,
  createObject,
  identifyExistingUser,
  kbaDecision,
  patchObject,
  profileCompleteness,
  queryFilterDecision,
  requiredAttributes,
  termsDecision,
]
