import type { NodeType } from '../../journey.ts'
import { cookiePresence } from './cookie-presence.ts'
import { metadata } from './metadata.ts'
import { persistentCookieDecision } from './persistent-cookie-decision.ts'
import { queryParameter, requestHeader } from './request-values.ts'
import { setCustomCookie } from './set-custom-cookie.ts'
import { setPersistentCookie } from './set-persistent-cookie.ts'
import { zeroPageLogin } from './zero-page-login.ts'

/** Nodes that go by the request, and by what the browser keeps. */
export const requests: readonly NodeType[] = [
  cookiePresence,
  metadata,
  persistentCookieDecision,
  queryParameter,
  requestHeader,
  setCustomCookie,
  setPersistentCookie,
  zeroPageLogin,
]
