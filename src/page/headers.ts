import { formSources, policySource } from './address.ts'
import type { Brand } from './brand.ts'

/** What one page needs beyond the common policy. */
export interface PageNeeds {
  /** Where the answer to its form leads in the end: the proven redirect URI. */
  readonly redirect_uri?: string | undefined
  /** Hash of its one inline script, or `'self'` for an own script file. */
  readonly script?: string
  /** Registered logo, already through `shownAddress`. */
  readonly logo?: string | undefined
  /** Whose page it is: its picture may come from elsewhere. */
  readonly brand?: Pick<Brand, 'logo'> | undefined
}

/**
 * Headers of every HTML answer, errors included (C-30, B-6, H-10): nothing but our own stylesheet
 * and pictures, no frame around it, no copy of it kept.
 */
export function pageHeaders(needs: PageNeeds = {}): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    `img-src ${sources(pictures(needs))}`,
    ...(needs.script === undefined ? [] : [`script-src ${needs.script}`]),
    `form-action ${sources(needs.redirect_uri === undefined ? [] : formSources(needs.redirect_uri))}`,
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

/** Pictures of our own are `'self'` already. */
function pictures({ logo, brand }: PageNeeds): readonly (string | undefined)[] {
  return [logo, brand?.logo].map((address) => address && policySource(address))
}

function sources(others: readonly (string | undefined)[]): string {
  const named = others.filter((source) => source !== undefined)
  return [...new Set(["'self'", ...named])].join(' ')
}
