/** One thing that is wrong with what somebody asked to be stored. */
export interface Problem {
  /** Where, in the names of the document: `coreOAuth2ClientConfig.redirectionUris[0]`. */
  readonly path: string
  /** What would be right, or what is wrong, in words; never the value, which may be a secret. */
  readonly text: string
}

/** The same in one line. */
export function problemLine({ path, text }: Problem): string {
  return path === '' ? text : `${path}: ${text}`
}
