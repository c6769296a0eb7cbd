/** What the pages of all kinds of callbacks share: a callback on its way into a form, and how its texts are read. */
import type { Attributes, Html, HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { Json } from '../../base/json.ts'
import type { Callback } from '../../journey/callback/callback.ts'
import type { Messages } from '../messages/message.ts'
import type { StaticFile } from '../static-file.ts'

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
  /** Null: what it asks no page can ask. */
  readonly ask: (question: Question) => HtmlValue | null
  /** How many of its inputs a person fills in, and may leave empty. None unless said. */
  readonly fields?: number
  /** The first field of a step that is typed into has the focus: where it is empty, or always. */
  readonly focus?: 'empty' | 'always'
  /** It is left by buttons of its own, or not by this page at all. */
  readonly submits?: true
  /** What makes it more than it is without a script. */
  readonly script?: (callback: Callback) => StaticFile | undefined
}

/** What no page can ask is said in words, once of a step, with a way back: the same address once more is the first step. */
export function cannotAsk({ login, question }: Messages, types: readonly string[]): Html {
  return html`<p class="notice error" role="alert">${login.cannotShow(types.join(', '))}</p>
<p><a href="">${question.ownAccount.beginAgain}</a></p>`
}

/** A field with its label, and what stands below it. */
export function input(
  asked: Question,
  own: Readonly<Record<string, string | boolean | undefined>>,
  below: Below = {},
): Html {
  const { id, name, autofocus } = asked
  const field = attributes({
    ...{ id, name },
    required: true,
    autocapitalize: 'none',
    spellcheck: 'false',
    ...own,
    autofocus,
  })
  const { text, within } = below
  return html`<div class="${within === undefined ? 'field' : 'field secret'}">
<label for="${id}">${below.label ?? label(asked)}</label>
<input ${field} ${described(asked, below)}>
${within}${text}</div>`
}

/** What a field has beside itself. */
export interface Below {
  /** Instead of the prompt. */
  readonly label?: string
  /** Something that describes it, under the id `<id>_about`. */
  readonly text?: Html | undefined
  /** What of it is wrong is said there. */
  readonly wrong?: boolean
  /** A button in it. */
  readonly within?: Html
}

/** Whether what was entered was refused, and what tells of it. */
function described({ id, failed }: Question, { text, wrong = false }: Below): Attributes {
  const tells = [...(failed ? ['failed'] : []), ...(text === undefined ? [] : [`${id}_about`])]
  return attributes({
    'aria-invalid': failed || wrong ? 'true' : undefined,
    'aria-describedby': tells.length === 0 ? undefined : tells.join(' '),
  })
}

/** A box to tick. */
export function box(
  { id, name }: Question,
  text: HtmlValue,
  { checked, required = false }: { readonly checked: boolean; readonly required?: boolean },
): Html {
  return html`<div class="check">
<input ${attributes({ type: 'checkbox', id, name, value: 'true', checked, required })}>
<label for="${id}">${text}</label>
</div>`
}

/** The prompt in the page's language where it is one of PingAM's own: ` User Name: `. */
export function label(asked: Question): string {
  const bare = barePrompt(asked)
  return known(asked.messages.question.prompts, bare) ?? (bare || asked.name)
}

/** The prompt as the node has it, without what some put around it. */
export function barePrompt(asked: Question): string {
  return (textOf(asked, 'prompt') ?? '').trim().replace(/:$/, '')
}

/** The word for a text that is among those that are known. */
export function known(words: Readonly<Record<string, string>>, text: string): string | undefined {
  return Object.hasOwn(words, text) ? words[text] : undefined
}

/** What the first input holds before anybody has answered. */
export function startValue(asked: Question): string | undefined {
  const value = asked.callback.input?.[0]?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What the callback says under a name. */
export function outputOf({ callback }: Pick<Question, 'callback'>, name: string): Json | undefined {
  return callback.output.find((each) => each.name === name)?.value
}

export function textOf(asked: Pick<Question, 'callback'>, name: string): string | undefined {
  const value = outputOf(asked, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function textsOf(asked: Pick<Question, 'callback'>, name: string): string[] {
  const value = outputOf(asked, name)
  return Array.isArray(value) ? value.map(String) : []
}
