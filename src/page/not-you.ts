import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { Messages } from './messages/message.ts'

/** How somebody leaves a session that is not theirs, and comes back to where they are without it. */
export interface NotYou {
  /** Where that is posted to. */
  readonly action: string
  readonly csrf: string
}

const form = 'not_you_form'

/** A button that looks like words of the sentence before it; its form stands elsewhere. */
export function notYouButton(messages: Messages, { csrf }: NotYou): Html {
  return html` <button class="words" type="submit" id="not_you" form="${form}" name="leave" value="${csrf}">${messages.notYou}</button>`
}

/** Stands behind the page's own form, so that Enter in a field never leaves. */
export function notYouForm({ action }: NotYou): Html {
  return html`\n<form class="bare" id="${form}" method="post" action="${action}"></form>`
}
