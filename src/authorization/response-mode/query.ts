import { encodeForm } from '../../base/form.ts'
import type { ResponseMode } from './response-mode.ts'

/** OAuth 2.0 Multiple Response Types §2.1: behind the query that the registered URI may have. */
export const query = {
  tokens: false,
  carry(redirect_uri, parameters) {
    const encoded = encodeForm(parameters)
    if (encoded === '') return { location: redirect_uri }
    const separator = redirect_uri.includes('?') ? (/[?&]$/.test(redirect_uri) ? '' : '&') : '?'
    return { location: `${redirect_uri}${separator}${encoded}` }
  },
} as const satisfies ResponseMode
