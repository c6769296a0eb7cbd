import { redirectionReasons } from './redirection.ts'
import { unservedReasons } from './unserved.ts'

/** Every reason why a request is refused; an error names its row by `why`. */
export const reasons = { ...redirectionReasons, ...unservedReasons } as const

export type ReasonName = keyof typeof reasons
