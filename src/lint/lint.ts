import { fapi2MessageSigning } from './profile/fapi2-message-signing.ts'
import { fapi2SecurityProfile } from './profile/fapi2-security-profile.ts'
import { haip } from './profile/haip.ts'
import { oauth21 } from './profile/oauth-2.1.ts'
import type { Linted, Rule } from './rule.ts'

/** The profiles there are, by the names they are asked for by. */
export const lintProfiles = {
  'fapi2-sp': { title: 'FAPI 2.0 Security Profile', rules: fapi2SecurityProfile },
  'fapi2-ms': { title: 'FAPI 2.0 Message Signing', rules: fapi2MessageSigning },
  'oauth-2.1': { title: 'OAuth 2.1 (draft)', rules: oauth21 },
  haip: { title: 'OpenID4VC HAIP 1.0', rules: haip },
} as const satisfies Readonly<Record<string, { title: string; rules: readonly Rule[] }>>

export type LintProfile = keyof typeof lintProfiles

export const lintProfileNames = Object.keys(lintProfiles) as readonly LintProfile[]

export function isLintProfile(name: unknown): name is LintProfile {
  return typeof name === 'string' && Object.hasOwn(lintProfiles, name)
}

/** One requirement that is not met. */
export interface Violation {
  readonly profile: LintProfile
  readonly rule: string
  readonly section: string
  readonly says: string
  readonly looks: Rule['looks']
  /** What is there instead. */
  readonly found: string
}

/** Every requirement of these profiles that is not met, in the order of their tables. */
export function lint(
  linted: Linted,
  profiles: readonly LintProfile[] = lintProfileNames,
): readonly Violation[] {
  return profiles.flatMap((profile) =>
    lintProfiles[profile].rules.flatMap(({ id, section, says, looks, broken }: Rule) => {
      const found = broken(linted)
      return found === undefined ? [] : [{ profile, rule: id, section, says, looks, found }]
    }),
  )
}
