import { formPost } from './form-post.ts'
import { fragment } from './fragment.ts'
import { query } from './query.ts'
import type { ResponseMode, ResponseModeByType } from './response-mode.ts'

/** JARM §2.3.1. */
export const queryJwt = { ...query, tokens: 'encrypted', jwt: true } as const satisfies ResponseMode

/** JARM §2.3.2. */
export const fragmentJwt = { ...fragment, jwt: true } as const satisfies ResponseMode

/** JARM §2.3.3. */
export const formPostJwt = { ...formPost, jwt: true } as const satisfies ResponseMode

/** JARM §2.3.4. */
export const jwt = {
  byType: { query: 'query.jwt', fragment: 'fragment.jwt' },
} as const satisfies ResponseModeByType
