import type { Html, HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import { isoTime } from '../../base/time.ts'

/** What every form of the account page is sent with. */
export interface Posted {
  readonly action: string
  /** Proves that the form is this session's. */
  readonly csrf: string
}

/** A form of the page; `change` says which of its changes it makes. */
export function accountForm({ action, csrf }: Posted, change: string, inside: HtmlValue): Html {
  return html`<form id="${change}_form" method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="change" value="${change}">
${inside}</form>\n`
}

/** A button of a list. */
interface ListButton {
  readonly name: string
  readonly value: string
  /** Its place in the list. */
  readonly at: number
  readonly text: string
  /** What it is for: said to those who do not see beside what it stands. */
  readonly what: string
}

export function listButton({ name, value, at, text, what }: ListButton): Html {
  const own = { type: 'submit', class: 'short', id: `${name}_${at + 1}`, name, value }
  return html`<button ${attributes(own)}>${text}<span class="unseen"> <bdi>${what}</bdi></span></button>`
}

/** A moment as a person reads it, and as a program does. */
export function timeText(seconds: number, lang: string, timeZone: string): Html {
  const style = { year: 'numeric', month: 'long', day: 'numeric' } as const
  const clock = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone } as const
  const text = new Intl.DateTimeFormat(lang, { ...style, ...clock }).format(seconds * 1000)
  return html`<time datetime="${isoTime(seconds)}">${text}</time>`
}
