import type { HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { CallbackPage, Question } from './question.ts'
import { outputOf, textOf } from './question.ts'

/** Something to read: news, a warning or an error. */
export const textOutputPage: CallbackPage = { type: 'TextOutputCallback', ask: showText }

function showText(asked: Question): HtmlValue {
  const type = outputOf(asked, 'messageType')
  const kind = typeof type === 'string' || typeof type === 'number' ? String(type) : '0'
  if (kind === '4') return undefined // a script of PingAM's console: nothing to read
  const classes = { '1': 'notice warning', '2': 'notice error' }[kind] ?? 'notice'
  const role = kind === '0' ? undefined : 'alert'
  return html`<p ${attributes({ class: classes, role })}>${textOf(asked, 'message') ?? ''}</p>`
}
