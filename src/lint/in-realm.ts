import { termsOf, termsOffered } from '../client/terms.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import type { Realm } from '../realm/realm.ts'
import type { LintProfile, Violation } from './lint.ts'
import { lint } from './lint.ts'
import type { Asked } from './rule.ts'

/** What is held against the profiles; the realm always is. */
export interface LintedIn {
  readonly client?: ClientMetadata | undefined
  readonly request?: Asked | undefined
  /** Absent: all of them. */
  readonly profiles?: readonly LintProfile[] | undefined
}

/** The same where all of it is to be in a realm, now. What is only watched there counts as what it is: not enforced. */
export function lintIn(
  realm: Realm,
  { client, request, profiles }: LintedIn,
): readonly Violation[] {
  const terms = client === undefined ? termsOffered(realm) : termsOf(realm, client)
  return lint({ realm, terms, client, request, now: realm.timeOfDay() }, profiles)
}
