import type { Form } from '../../../base/form.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { WouldAct } from '../../../journey/engine/looking.ts'
import { start } from '../../../journey/run.ts'
import type { Step } from '../../../journey/step.ts'
import type { Again, Page } from '../login-page.ts'
import { ask, messagesFor } from '../login-page.ts'
import { bindingOf, isBoundTo, markOf } from '../pre-login.ts'
import { resumeAt } from '../resume-at.ts'

/** The first step; undefined where more than a question would come of it, and nobody has asked for that. */
export async function firstStep(page: Page, how: { looking?: true }): Promise<Step | undefined> {
  const { realm, visit, asked, mark, goto } = page
  const { journey, index, targetLevel } = asked
  const bound = bindingOf(realm, mark)
  const at = resumeAt(realm, journey, goto)
  try {
    return await start(realm, visit, { journey, index, targetLevel, bound, resumeAt: at, ...how })
  } catch (error) {
    if (error instanceof WouldAct) return undefined
    throw error
  }
}

/**
 * A button alone, where a journey would send or write something before it asks. Browsers open addresses ahead of whoever
 * may want them, and others' pages name them in a picture; none of that presses a button (RFC 9110 §9.2.1).
 */
export function askToBegin(page: Page, why?: Again): HttpResponse {
  const { begin, resume } = messagesFor(page).question.ownAccount
  const hidden = [['proof', bindingOf(page.realm, page.mark)]] as const
  return ask(page, { callbacks: [], hidden, description: begin, button: resume.button }, why)
}

/** Whether somebody has pressed it, in the browser that the form was given to. */
export function isStart({ realm, http, mark }: Page, form: Form): boolean {
  const proof = form.get('proof')
  return proof !== undefined && markOf(http) !== undefined && isBoundTo(realm, mark, proof)
}
