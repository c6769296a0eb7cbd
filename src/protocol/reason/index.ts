import { redirectionReasons } from './redirection.ts'

/** Every reason why a request is refused; an error names its row by `why`. */
export const reasons = { ...redirectionReasons } as const

export type ReasonName = keyof typeof reasons
