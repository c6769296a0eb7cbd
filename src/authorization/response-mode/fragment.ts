import { encodeForm } from '../../base/form.ts'
import type { ResponseMode } from './response-mode.ts'

/** OAuth 2.0 Multiple Response Types §2.1: behind a `#`, which no server sees. */
export const fragment = {
  tokens: true,
  carry: (redirect_uri, parameters) => ({ location: `${redirect_uri}#${encodeForm(parameters)}` }),
} as const satisfies ResponseMode
