import { html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { textOf } from '../question/question.ts'
import { waitScript } from '../static-file.ts'

/** Waits for something that happens elsewhere, and asks again by itself; without a script by its button. */
export const pollingWaitPage: CallbackPage = {
  type: 'PollingWaitCallback',
  submits: true,
  script: () => waitScript,
  ask(asked) {
    const milliseconds = Number(textOf(asked, 'waitTime') ?? 'x')
    // Nobody is asked more than once a second, nor never again.
    const wait = Number.isFinite(milliseconds)
      ? Math.min(Math.max(milliseconds, 1000), 600_000)
      : 5000
    return html`<div id="wait" data-milliseconds="${wait}">
<p class="notice waiting" role="status">${textOf(asked, 'message') ?? ''}</p>
<button type="submit" id="ask_again">${asked.messages.question.askAgain}</button>
</div>`
  },
}
