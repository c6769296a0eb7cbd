import type { Form } from '../../base/form.ts'
import type { Html } from '../../base/html.ts'
import { html } from '../../base/html.ts'
import type { Callback, Inputs } from '../../journey/callback/callback.ts'
import { callbackPages } from '../callback/index.ts'
import { hiddenFields } from '../layout.ts'
import type { Messages } from '../messages/message.ts'
import type { StaticFile } from '../static-file.ts'
import { passkeyScript } from '../static-file.ts'
import type { CallbackPage, Question } from './question.ts'
import { cannotAsk } from './question.ts'

/** A step's questions as they stand in a form. */
export interface Fields {
  readonly fields: Html
  /** It brings its own submit buttons. */
  readonly submits: boolean
  /** False: there is a part that no page can ask, and to send the rest would answer nothing. */
  readonly answerable: boolean
}

/** The name of the field that says which fields a form has. */
const askedName = 'asked'

/** What was answered. Forms have no word for an empty field or a box that is not ticked, so the page said what it asked. */
export function answersIn(form: Form): Inputs {
  const names = (form.get(askedName) ?? '').split(' ').filter((name) => /^IDToken\d/.test(name))
  return new Map([...names.map((name) => [name, ''] as const), ...form])
}

/** The fields of a step, and how they are sent. */
export function callbackFields(
  messages: Messages,
  callbacks: readonly Callback[],
  failed: boolean,
): Fields {
  const ids = fieldIds(callbacks)
  const focus = callbacks.findIndex(wantsFocus)
  const parts = callbacks.map((callback, i) => {
    const asked: Question = {
      callback,
      messages,
      name: callback.input?.[0]?.name ?? '',
      id: ids[i] as string,
      failed,
      autofocus: i === focus,
    }
    const page = pageOf(callback)
    return page === undefined ? null : page.ask(asked)
  })
  const first = parts.indexOf(null)
  const unasked = callbacks.filter((_, i) => parts[i] === null).map(({ type }) => type)
  const fields = parts.flatMap((shown, i) => {
    if (shown !== null) return html`${shown}\n`
    return i === first ? html`${cannotAsk(messages, [...new Set(unasked)])}\n` : []
  })
  const names = callbacks.flatMap(namesIn)
  const submits = callbacks.some((each) => pageOf(each)?.submits === true || asksPasskey(each))
  const asked = names.length === 0 ? [] : hiddenFields([[askedName, names.join(' ')]])
  return { fields: html`${asked}${fields}`, submits, answerable: first === -1 }
}

/** The scripts of a step, each once. */
export function stepScripts(callbacks: readonly Callback[]): readonly StaticFile[] {
  const scripts = callbacks.map((each) => pageOf(each)?.script?.(each))
  return [...new Set(scripts)].filter((each) => each !== undefined)
}

function pageOf({ type }: Callback): CallbackPage | undefined {
  return Object.hasOwn(callbackPages, type) ? callbackPages[type] : undefined
}

/** Its place on the page has buttons of its own. */
function asksPasskey(callback: Callback): boolean {
  return pageOf(callback)?.script?.(callback) === passkeyScript
}

/** The names of the inputs that a person fills in. */
function namesIn(callback: Callback): readonly string[] {
  const inputs = (callback.input ?? []).slice(0, pageOf(callback)?.fields ?? 0)
  return inputs.map(({ name }) => name)
}

/** Stable ids: the first name and password are `username` and `password`, others keep their names. */
function fieldIds(callbacks: readonly Callback[]): string[] {
  const first = (types: readonly string[]) =>
    callbacks.findIndex(({ type }) => types.includes(type))
  const username = first(['NameCallback', 'ValidatedCreateUsernameCallback'])
  const password = first(['PasswordCallback', 'ValidatedCreatePasswordCallback'])
  return callbacks.map((callback, i) => {
    if (i === username) return 'username'
    if (i === password) return 'password'
    return callback.input?.[0]?.name ?? ''
  })
}

function wantsFocus(callback: Callback): boolean {
  const focus = pageOf(callback)?.focus
  return focus === 'always' || (focus === 'empty' && !callback.input?.[0]?.value)
}
