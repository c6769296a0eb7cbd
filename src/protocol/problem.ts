/** One thing that is wrong with what somebody asked to be stored. */
export interface Problem {
  /** Where, in the names of the document: `coreOAuth2ClientConfig.redirectionUris[0]`. */
  readonly path: string
  /** What would be right, or what is wrong, in words; never the value, which may be a secret. */
  readonly text: string
}

/** `path: text` apart. */
export function asProblem(line: string): Problem {
  const colon = line.indexOf(': ')
  return colon < 0
    ? { path: '', text: line }
    : { path: line.slice(0, colon), text: line.slice(colon + 2) }
}

/** The same in one line. */
export function problemLine({ path, text }: Problem): string {
  return path === '' ? text : `${path}: ${text}`
}
