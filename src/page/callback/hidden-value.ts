import { attributes, html } from '../../base/html.ts'
import { authenticator } from '../question/authenticator.ts'
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
    const field = html`<input ${attributes({ type: 'hidden', id, name: asked.name, value })}>`
    const isDevice = textOf(asked, 'id') === deviceRegistration
    return isDevice ? html`${authenticator(asked.messages, value)}${field}` : field
  },
}

/** PingAM: the id of the value that an authenticator app reads. */
const deviceRegistration = 'mfaDeviceRegistration'

/** PingAM: the id of the value in which the answer of a passkey goes back. */
const passkeyOutcome = 'webAuthnOutcome'
