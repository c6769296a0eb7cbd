import { html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { outputOf, textOf } from '../question/question.ts'
import { deviceScript } from '../static-file.ts'

/** What a device says of itself; without a script it says nothing. Where it stands is not asked. */
export const deviceProfilePage: CallbackPage = {
  type: 'DeviceProfileCallback',
  script: (callback) => (outputOf({ callback }, 'metadata') === true ? deviceScript : undefined),
  ask(asked) {
    const message = textOf(asked, 'message')
    return html`${message && html`<p>${message}</p>\n`}<input type="hidden" id="device_profile" name="${asked.name}" value="{}">`
  },
}
