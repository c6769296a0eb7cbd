import type { HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import { codesInScript } from '../../journey/node/second-factor/recovery-code-display.ts'
import { dataInScript } from '../../journey/node/webauthn/script.ts'
import { passkey } from '../question/passkey.ts'
import type { CallbackPage, Question } from '../question/question.ts'
import { outputOf, textOf } from '../question/question.ts'
import { passkeyScript } from '../static-file.ts'

/** Something to read: news, a warning or an error. Of PingAM's scripts those are known that ask for a passkey. */
export const textOutputPage: CallbackPage = {
  type: 'TextOutputCallback',
  ask: showText,
  script: (callback) =>
    dataInScript(textOf({ callback }, 'message') ?? '') === undefined ? undefined : passkeyScript,
}

/** The journey waits for whoever comes with the link that was sent. */
export const suspendedTextPage: CallbackPage = {
  type: 'SuspendedTextOutputCallback',
  submits: true,
  ask: showText,
}

function showText(asked: Question): HtmlValue {
  const type = outputOf(asked, 'messageType')
  const kind = typeof type === 'string' || typeof type === 'number' ? String(type) : '0'
  const message = textOf(asked, 'message') ?? ''
  // A script of PingAM's pages: nothing to read.
  if (kind === '4') {
    const codes = codesInScript(message)
    return codes.length > 0 ? shownCodes(asked, codes) : passkey(asked, dataInScript(message))
  }
  const classes = { '1': 'notice warning', '2': 'notice error' }[kind] ?? 'notice'
  const role = kind === '0' ? undefined : 'alert'
  return html`<p ${attributes({ class: classes, role })}>${message}</p>`
}

/** Codes that stand in for a lost device. */
function shownCodes({ messages }: Question, codes: readonly string[]): HtmlValue {
  return html`<p>${messages.question.ownAccount.codes}</p>
<ul id="recovery_codes">
${codes.map((code) => html`<li><code>${code}</code></li>\n`)}</ul>`
}
