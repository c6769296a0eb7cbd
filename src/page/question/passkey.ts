import type { Html } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Question } from './question.ts'

/**
 * Where a passkey is asked for: its script reads here what to ask the browser, and says here what became of it. Without
 * a script one goes on without a passkey.
 */
export function passkey(
  { messages, failed: again }: Question,
  data: JsonObject | undefined,
): Html | undefined {
  if (data === undefined) return undefined
  const words = messages.question.passkey
  const registers = member(data, '_action') === 'webauthn_registration'
  const { waiting, refused, known, unsupported, failed } = words
  const said = JSON.stringify({ waiting, refused, known, unsupported, failed })
  const own = attributes({ id: 'passkey', 'data-again': again })
  return html`<div ${own} data-asked="${JSON.stringify(data)}" data-said="${said}">
<p class="lead">${registers ? words.register : words.authenticate}</p>
<noscript><p class="notice warning">${words.scriptless}</p></noscript>
<p class="notice" id="passkey_said" role="status" hidden></p>
<div class="buttons">
<button class="primary" type="button" id="passkey_start" hidden>${words.start}</button>
<button type="submit" id="passkey_without">${words.without}</button>
</div>
</div>`
}
