import type { ResponseMode } from './response-mode.ts'

/** OAuth 2.0 Form Post Response Mode §2: a form that posts itself to the client. */
export const formPost = {
  tokens: true,
  carry: (action, parameters) => ({
    action,
    values: parameters.filter((pair): pair is readonly [string, string] => pair[1] !== undefined),
  }),
} as const satisfies ResponseMode
