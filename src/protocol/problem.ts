import type { JsonObject } from '../base/json.ts'

/** One thing that is wrong with what somebody asked to be stored. */
export interface Problem {
  /** Where, in the names of the document: `coreOAuth2ClientConfig.redirectionUris[0]`. */
  readonly path: string
  /** What would be right, or what is wrong, in words; never the value, which may be a secret. */
  readonly text: string
  /** The rule that stands against it, as PingIDM calls it, where that has a name of its own. */
  readonly policy?: Policy
}

/** PingIDM: policies of managed objects. */
export interface Policy {
  readonly policyRequirement: string
  readonly params?: JsonObject
}

/** The same in one line. */
export function problemLine({ path, text }: Problem): string {
  return path === '' ? text : `${path}: ${text}`
}
