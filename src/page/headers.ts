import { policySource } from './address.ts'

/** What one page needs beyond the common policy. */
export interface PageNeeds {
  /** Addresses its forms may lead to, redirects included: the proven redirect URI. */
  readonly formAction?: readonly string[]
  /** Hash of its one inline script, or `'self'` for an own script file. */
  readonly script?: string
  /** Registered logo, already through `shownAddress`. */
  readonly logo?: string | undefined
}

/**
 * Headers of every HTML answer, errors included (C-30, B-6, H-10): nothing but our own stylesheet
 * and pictures, no frame around it, no copy of it kept.
 */
export function pageHeaders(needs: PageNeeds = {}): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    `img-src ${sources(needs.logo === undefined ? [] : [needs.logo])}`,
    ...(needs.script === undefined ? [] : [`script-src ${needs.script}`]),
    `form-action ${sources(needs.formAction ?? [])}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    pragma: 'no-cache',
  }
}

function sources(addresses: readonly string[]): string {
  const named = addresses.map(policySource).filter((source) => source !== undefined)
  return [...new Set(["'self'", ...named])].join(' ')
}
