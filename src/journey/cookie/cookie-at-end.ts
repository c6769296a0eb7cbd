import type { JourneyState } from '../state.ts'

/** A cookie that is set once a journey has succeeded. */
export interface CookieAtEnd {
  readonly name: string
  /** What it holds; absent: a proof of who logged in (`proof.ts`). */
  readonly value?: string
  /** Seconds; absent: as long as the browser runs. */
  readonly maxAge?: number
  readonly domain?: string
  readonly path?: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: string
  /** Of a proof: the second from which it is none, seconds without use after which it is none, and what it is bound to beside. */
  readonly proof?: {
    readonly until: number
    readonly idle: number
    readonly bound: string
    /** Which family it is of (`session/family.ts`); absent: of none. */
    readonly family?: string | undefined
  }
}

/** With a cookie that a success sets; of one name the last. */
export function withCookie(state: JourneyState, cookie: CookieAtEnd): JourneyState {
  const others = (state.atEnd.cookies ?? []).filter(({ name }) => name !== cookie.name)
  return { ...state, atEnd: { ...state.atEnd, cookies: [...others, cookie] } }
}
