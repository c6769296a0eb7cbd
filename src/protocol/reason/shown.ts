import type { ReasonName } from './index.ts'
import { parameterReasons } from './parameter.ts'
import type { Reason, Reasons } from './reason.ts'
import { redirectionReasons } from './redirection.ts'
import { referenceReasons } from './reference.ts'
import { requestObjectReasons } from './request-object.ts'

/** Topics about what was sent. The others may say how a client proves itself, or something of a user. */
const topics: Reasons = {
  ...redirectionReasons,
  ...parameterReasons,
  ...requestObjectReasons,
  ...referenceReasons,
}

/** P-8: they get one answer, so whichever it was is not told. */
const alike: ReadonlySet<ReasonName> = new Set(['request-uri-unknown', 'request-uri-foreign'])

/** The row of a reason, where whoever asked may read it: on a page that is anybody. */
export function shownReason(why: ReasonName | undefined): Reason | undefined {
  if (why === undefined || alike.has(why) || !Object.hasOwn(topics, why)) return undefined
  return topics[why]
}
