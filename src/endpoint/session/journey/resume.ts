import type { Form } from '../../../base/form.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { htmlPage } from '../../../base/http.ts'
import { resume } from '../../../journey/run.ts'
import type { Step } from '../../../journey/step.ts'
import { frameOf } from '../../../page/brand.ts'
import { pageHeaders } from '../../../page/headers.ts'
import { resumePage } from '../../../page/resume.ts'
import { readQuery } from '../../../protocol/parameter.ts'
import type { Page } from '../login-page.ts'
import { actionOf, messagesFor } from '../login-page.ts'
import { bindingOf, isBoundTo, markCookie, markOf } from '../pre-login.ts'
import { resumeAt } from '../resume-at.ts'

/** What a mailed link names (PingAM: `suspendedId`). */
export function suspendedIdOf({ http }: Page): string | undefined {
  return readQuery(http).get('suspendedId')
}

/**
 * What a mailed link opens: a button. Programs that look at mail open links as well, and would spend this one; none of
 * them presses a button. The form counts in the browser that it was given to.
 */
export function askToResume(page: Page, suspendedId: string, status = 200): HttpResponse {
  const { realm, http, mark } = page
  const frame = frameOf(realm, messagesFor(page))
  const body = resumePage({
    ...frame,
    action: actionOf(page, page.other, suspendedId),
    hidden: [['proof', bindingOf(realm, mark)]],
  })
  return htmlPage(status, body, {
    ...pageHeaders(frame),
    'set-cookie': [markCookie(http, mark, '')],
  })
}

/** Goes on with the journey, in this browser from now on; undefined: the form was given to another one. */
export async function resumed(
  page: Page,
  suspendedId: string,
  form: Form,
): Promise<Step | undefined> {
  const { realm, http, visit, mark, goto } = page
  const given = markOf(http) !== undefined && isBoundTo(realm, mark, form.get('proof') ?? '')
  if (!given) return undefined
  const bound = bindingOf(realm, mark)
  return resume(realm, visit, suspendedId, bound, (journey) => resumeAt(realm, journey, goto))
}
