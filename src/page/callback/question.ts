/** What the pages of all kinds of callbacks share: a callback on its way into a form, and how its texts are read. */
import type { Html, HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { Json } from '../../base/json.ts'
import type { Callback } from '../../journey/callback/callback.ts'
import type { Messages } from '../messages/message.ts'

/** One callback on its way into a form. */
export interface Question {
  readonly callback: Callback
  readonly messages: Messages
  /** The form field: the callback's first input, `IDToken1`. Empty when it has none. */
  readonly name: string
  readonly id: string
  /** The step was tried before and refused. */
  readonly failed: boolean
  readonly autofocus: boolean
}

/** How a kind of callback is asked. */
export interface CallbackPage {
  readonly type: string
  readonly ask: (question: Question) => HtmlValue
}

/** A field with its label. */
export function input(
  asked: Question,
  own: Readonly<Record<string, string | undefined>>,
): Html {
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

/** The prompt in the page's language where it is one of PingAM's own: ` User Name: `. */
export function label(asked: Question): string {
  const prompt = textOf(asked, 'prompt') ?? ''
  const bare = prompt.trim().replace(/:$/, '')
  const known: Readonly<Record<string, string>> = asked.messages.login.prompts
  return Object.hasOwn(known, bare) ? (known[bare] as string) : bare || asked.name
}

/** What the first input holds before anybody has answered. */
export function startValue(asked: Question): string | undefined {
  const value = asked.callback.input?.[0]?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What the callback says under a name. */
export function outputOf(asked: Question, name: string): Json | undefined {
  return asked.callback.output.find((each) => each.name === name)?.value
}

export function textOf(asked: Question, name: string): string | undefined {
  const value = outputOf(asked, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function textsOf(asked: Question, name: string): string[] {
  const value = outputOf(asked, name)
  return Array.isArray(value) ? value.map(String) : []
}
