import type { Html, HtmlValue } from '../base/html.ts'
import { attributes, html } from '../base/html.ts'
import type { Json } from '../base/json.ts'
import type { Callback } from '../journey/callback/callback.ts'
import type { Messages } from './messages/message.ts'

/** One callback on its way into a form. */
interface Asked {
  readonly callback: Callback
  readonly messages: Messages
  /** The form field: the callback's first input, `IDToken1`. Empty when it has none. */
  readonly name: string
  readonly id: string
  /** The step was tried before and refused. */
  readonly failed: boolean
  readonly autofocus: boolean
}

/** How each type of callback is asked. A type that is not here cannot be answered by a page. */
const askings: Readonly<Record<string, (asked: Asked) => HtmlValue>> = {
  NameCallback: (asked) =>
    input(asked, { type: 'text', autocomplete: 'username', value: startValue(asked) }),
  PasswordCallback: (asked) => input(asked, { type: 'password', autocomplete: 'current-password' }),
  TextInputCallback: (asked) =>
    input(asked, { type: 'text', value: startValue(asked) ?? textOf(asked, 'defaultText') }),
  TextOutputCallback: showText,
  ChoiceCallback: choose,
  ConfirmationCallback: confirm,
  HiddenValueCallback: (asked) =>
    html`<input type="hidden" name="${asked.name}" value="${textOf(asked, 'value') ?? ''}">`,
  BooleanAttributeInputCallback: check,
}

/** The fields of a step, and whether they bring their own submit buttons. */
export function callbackFields(
  messages: Messages,
  callbacks: readonly Callback[],
  failed: boolean,
): { fields: Html; submits: boolean } {
  const ids = fieldIds(callbacks)
  const focus = callbacks.findIndex(isEmptyField)
  const fields = callbacks.map((callback, i) => {
    const asked: Asked = {
      callback,
      messages,
      name: callback.input?.[0]?.name ?? '',
      id: ids[i] as string,
      failed,
      autofocus: i === focus,
    }
    const ask = Object.hasOwn(askings, callback.type) ? askings[callback.type] : undefined
    return html`${ask === undefined ? cannotAsk(asked) : ask(asked)}\n`
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

function input(asked: Asked, own: Readonly<Record<string, string | undefined>>): Html {
  const { id, name, failed, autofocus } = asked
  return html`<div class="field">
<label for="${id}">${label(asked)}</label>
<input ${attributes({
    id,
    name,
    ...own,
    required: true,
    autofocus,
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-invalid': failed ? 'true' : undefined,
    'aria-describedby': failed ? 'failed' : undefined,
  })}>
</div>`
}

function showText(asked: Asked): HtmlValue {
  const type = member(asked, 'messageType')
  const kind = typeof type === 'string' || typeof type === 'number' ? String(type) : '0'
  if (kind === '4') return undefined // a script of PingAM's console: nothing to read
  const classes = { '1': 'notice warning', '2': 'notice error' }[kind] ?? 'notice'
  const role = kind === '0' ? undefined : 'alert'
  return html`<p ${attributes({ class: classes, role })}>${textOf(asked, 'message') ?? ''}</p>`
}

function choose(asked: Asked): Html {
  const chosen = Number(asked.callback.input?.[0]?.value ?? member(asked, 'defaultChoice') ?? 0)
  const options = textsOf(asked, 'choices').map(
    (text, i) =>
      html`<option ${attributes({ value: i, selected: i === chosen })}>${text}</option>\n`,
  )
  return html`<div class="field">
<label for="${asked.id}">${label(asked)}</label>
<select id="${asked.id}" name="${asked.name}">
${options}</select>
</div>`
}

function confirm(asked: Asked): Html {
  const usual = Number(member(asked, 'defaultOption') ?? 0)
  const buttons = textsOf(asked, 'options').map(
    (text, i) =>
      html`<button ${attributes({
        type: 'submit',
        id: `${asked.id}_${i}`,
        name: asked.name,
        value: i,
        class: i === usual ? 'primary' : undefined,
      })}>${text}</button>\n`,
  )
  const prompt = textOf(asked, 'prompt')
  return html`${prompt && html`<p>${prompt}</p>\n`}<div class="buttons">\n${buttons}</div>`
}

function check(asked: Asked): Html {
  const set = (asked.callback.input?.[0]?.value ?? member(asked, 'value')) === true
  return html`<div class="check">
<input ${attributes({ type: 'checkbox', id: asked.id, name: asked.name, value: 'true', checked: set })}>
<label for="${asked.id}">${label(asked)}</label>
</div>`
}

function cannotAsk(asked: Asked): Html {
  return html`<p class="notice error" role="alert">${asked.messages.login.cannotShow(asked.callback.type)}</p>`
}

/** The prompt in the page's language where it is one of PingAM's own: ` User Name: `. */
function label(asked: Asked): string {
  const prompt = textOf(asked, 'prompt') ?? ''
  const bare = prompt.trim().replace(/:$/, '')
  const known: Readonly<Record<string, string>> = asked.messages.login.prompts
  return Object.hasOwn(known, bare) ? (known[bare] as string) : bare || asked.name
}

function startValue(asked: Asked): string | undefined {
  const value = asked.callback.input?.[0]?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}

function member(asked: Asked, name: string): Json | undefined {
  return asked.callback.output.find((each) => each.name === name)?.value
}

function textOf(asked: Asked, name: string): string | undefined {
  const value = member(asked, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsOf(asked: Asked, name: string): string[] {
  const value = member(asked, name)
  return Array.isArray(value) ? value.map(String) : []
}
