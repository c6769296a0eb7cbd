/** What an authorization went through, in words; transitions and the places where pages are shown tell them by name. */
export const stepTexts = {
  pushed: 'The request was validated and stored.',
  opened: 'A browser came with it, and a page or the login followed.',
  held: 'Somebody who was logged in was asked: from here on it belongs to that browser or session.',
  login_shown: 'The login page was shown.',
  login_failed: 'A login failed.',
  logged_in: 'Somebody logged in.',
  consent_shown: 'The consent page was shown.',
  consent_asked: 'The user was sent to a remote consent service.',
  consent_given: 'The user allowed it.',
  denied: 'The user said no.',
  code: 'A code was sent to the client.',
  tokens: 'Tokens were sent to the client by the browser.',
  code_tokens: 'A code and tokens were sent to the client.',
  allowed: 'The client was answered without a code and without an access token.',
  redeemed: 'The code was redeemed: tokens were issued.',
  granted: 'Tokens were issued to the client without a browser.',
  refreshed: 'New tokens were issued for a refresh token.',
  wrong_verifier: 'A code_verifier did not fit; the third one ends the code.',
  token_revoked: 'An access token was revoked.',
  ended: 'It was ended with all its tokens.',
  refused: 'A request was refused.',
  would_refuse: 'What it breaks is only watched: otherwise the request would have been refused.',
  visited: 'A browser came with it, and nothing about it changed.',
} as const

export type StepName = keyof typeof stepTexts

/** Steps that only the client can have caused that it belongs to. */
export const founding: ReadonlySet<string> = new Set<StepName>([
  'pushed',
  'code',
  'tokens',
  'code_tokens',
  'allowed',
  'granted',
])

/** Steps that only tell what a page did; every other one changed the record. */
export const shown: ReadonlySet<string> = new Set<StepName>([
  'login_shown',
  'login_failed',
  'logged_in',
  'consent_shown',
  'consent_asked',
  'consent_given',
  'refused',
  'would_refuse',
  'visited',
])
