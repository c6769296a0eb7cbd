import type { Html } from '../base/html.ts'
import { attributes, html } from '../base/html.ts'
import type { Exchange } from './exchange.ts'
import type { Check, Step } from './step.ts'

/** Steps as a numbered list. */
export function stepList(steps: readonly Step[]): Html {
  return html`<ol class="steps">
${steps.map(
  (step, i) => html`<li>
<h2>${i + 1}. ${step.title}</h2>
${step.text && html`<p>${step.text}</p>\n`}${step.values && html`<pre>${lines(step.values)}</pre>\n`}${step.exchange && exchangeView(step.exchange, step.folded === true)}${tokens(step)}${step.checks && checks(step.checks)}</li>
`,
)}</ol>`
}

/** What was asked and answered; folded away where that was said in other words. */
export function exchangeView(exchange: Exchange, folded: boolean): Html {
  const both = html`<pre>${requestText(exchange)}</pre>
<pre>${answerText(exchange)}</pre>
`
  if (!folded || exchange.answer === undefined) return both
  const summary = `${exchange.method} ${exchange.url} → ${exchange.answer.status}`
  return html`<details>\n<summary>${summary}</summary>\n${both}</details>\n`
}

function requestText({ method, url, headers, body }: Exchange): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const text = body.replaceAll('&', '\n&')
  return [`${method} ${url}`, ...fields, ...(text === '' ? [] : ['', text])].join('\n')
}

function answerText({ answer, failure }: Exchange): string {
  if (answer === undefined) return `no answer: ${failure ?? ''}`
  const body = answer.json === undefined ? answer.body : JSON.stringify(answer.json, null, 2)
  const name = answer.request === undefined ? '' : `x-request-id: ${answer.request}\n`
  return `${answer.status}\ncontent-type: ${answer.type}\n${name}\n${body}`
}

function tokens(step: Step): Html[] {
  return (step.tokens ?? []).map(
    ({ name, parts }) => html`<h3>${name}, decoded</h3>
<pre ${attributes({ class: name })}>${parts.map((part) => JSON.stringify(part, null, 2)).join('\n')}</pre>
`,
  )
}

function checks(made: readonly Check[]): Html {
  return html`<ul class="checks">
${made.map(({ good, text }) => html`<li>${good ? html`<span class="good">✓ Right:</span>` : html`<span class="bad">✗ Wrong:</span>`} ${text}</li>\n`)}</ul>
`
}

function lines(values: Iterable<readonly [string, string]>): string {
  return [...values].map(([name, value]) => `${name} = ${value}`).join('\n')
}
