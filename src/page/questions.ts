import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { Callback } from '../journey/callback/callback.ts'
import { callbackPages } from './callback/index.ts'
import type { Question } from './callback/question.ts'
import type { Messages } from './messages/message.ts'

/** The fields of a step, and whether they bring their own submit buttons. */
export function callbackFields(
  messages: Messages,
  callbacks: readonly Callback[],
  failed: boolean,
): { fields: Html; submits: boolean } {
  const ids = fieldIds(callbacks)
  const focus = callbacks.findIndex(isEmptyField)
  const fields = callbacks.map((callback, i) => {
    const asked: Question = {
      callback,
      messages,
      name: callback.input?.[0]?.name ?? '',
      id: ids[i] as string,
      failed,
      autofocus: i === focus,
    }
    const page = Object.hasOwn(callbackPages, callback.type)
      ? callbackPages[callback.type]
      : undefined
    return html`${page === undefined ? cannotAsk(asked) : page.ask(asked)}\n`
  })
  const submits = callbacks.some(({ type }) => type === 'ConfirmationCallback')
  return { fields: html`${fields}`, submits }
}

/** Stable ids: the first name and password are `username` and `password`, others keep their names. */
function fieldIds(callbacks: readonly Callback[]): string[] {
  const first = (type: string) => callbacks.findIndex((callback) => callback.type === type)
  const username = first('NameCallback')
  const password = first('PasswordCallback')
  return callbacks.map((callback, i) => {
    if (i === username) return 'username'
    if (i === password) return 'password'
    return callback.input?.[0]?.name ?? ''
  })
}

function isEmptyField(callback: Callback): boolean {
  if (callback.type === 'PasswordCallback') return true
  return /^(?:Name|TextInput)Callback$/.test(callback.type) && !callback.input?.[0]?.value
}

function cannotAsk(asked: Question): Html {
  return html`<p class="notice error" role="alert">${asked.messages.login.cannotShow(asked.callback.type)}</p>`
}
