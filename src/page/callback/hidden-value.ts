import { attributes, html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { textOf } from '../question/question.ts'

/** What goes back as it came, unless a script has put something else in. */
export const hiddenValuePage: CallbackPage = {
  type: 'HiddenValueCallback',
  ask(asked) {
    const isPasskey = textOf(asked, 'id') === passkeyOutcome
    // Where no script runs, this browser has no passkeys.
    const value = isPasskey ? 'unsupported' : (textOf(asked, 'value') ?? '')
    const id = isPasskey ? passkeyOutcome : undefined
    return html`<input ${attributes({ type: 'hidden', id, name: asked.name, value })}>`
  },
}

/** PingAM: the id of the value in which the answer of a passkey goes back. */
const passkeyOutcome = 'webAuthnOutcome'
