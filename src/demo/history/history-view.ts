import type { Html } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import { isObject, type JsonObject, member } from '../../base/json.ts'
import { stepTexts } from '../../history/step.ts'
import { exchangeView } from '../step-view.ts'
import type { History } from './ask.ts'

const title = 'What became of this push'

/** The way to the page that tells it. It leads to another tab, so that the flow can go on in this one. */
export const historyLink = html`<p><a id="history_link" href="/demo/history" target="_blank">${title}</a> (in a new tab)</p>`

/** What became of a push: a step for each thing that happened, and where it stopped. */
export function historySection(history: History): Html {
  return html`<section id="history" aria-labelledby="history_title">
<h2 id="history_title">${title}</h2>
${history.way === 'public' ? publicView(history) : askedView(history)}</section>
`
}

function publicView({ asked }: Extract<History, { way: 'public' }>): Html {
  const name = asked.by === 'request' ? 'the name of the request' : 'the request_uri'
  return html`<p>${asked.client_id} is a public client: it has nothing to prove itself by, so the server does not tell it. Whoever runs the server asks with <code>parapet explain --realm /${asked.realm}</code> and types ${name}, <code>${asked.value}</code>.</p>
`
}

function askedView({ exchange, told }: Extract<History, { way: 'asked' }>): Html {
  const said =
    told === undefined
      ? html`<p>The server did not tell: it knows no such push of this client, or keeps no history.</p>\n`
      : toldView(told)
  return html`${said}${exchangeView(exchange, true)}`
}

function toldView(told: JsonObject): Html {
  const { steps, stopped, left_out } = told
  const missing = textIn(told, 'missing')
  return html`<p>Its state is <code>${textIn(told, 'state')}</code>.</p>
<ol class="timeline" id="timeline">
${(Array.isArray(steps) ? steps : []).filter(isObject).map(stepView)}</ol>
${isObject(stopped) && stoppedView(stopped)}${missing && html`<p>${missing}</p>\n`}${Number(left_out) > 0 && html`<p>${Number(left_out)} requests of this day were not kept: too many in an hour.</p>\n`}`
}

function stepView(step: JsonObject): Html {
  const name = textIn(step, 'step') ?? ''
  const at = textIn(step, 'at')
  const request = textIn(step, 'request')
  const texts: Readonly<Record<string, string>> = stepTexts
  const time = at === undefined ? 'at a time not known' : html`<time>${at}</time>`
  const by =
    request &&
    html` by <code>${textIn(step, 'endpoint')}</code>, ${textIn(step, 'status')}, request <code>${request}</code>`
  return html`<li ${attributes({ 'data-step': name })}>${Object.hasOwn(texts, name) ? texts[name] : name}
<small>${time}${by}</small></li>
`
}

/** Where it stopped, as far as the server says. */
const particulars = [
  ['stopped by', 'error'],
  ['why', 'says'],
  ['section', 'section'],
  ['parameter', 'parameter'],
  ['what differs', 'differs'],
  ['when', 'at'],
] as const

function stoppedView(stopped: JsonObject): Html {
  const rows = particulars.flatMap(([label, name]) => {
    const value = textIn(stopped, name)
    return value === undefined ? [] : [html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`]
  })
  return html`<div class="notice error" id="stopped">
<dl>
${rows}</dl>
</div>
`
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = member(object, name)
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined
}
