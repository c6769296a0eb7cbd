import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { ErrorCode, Fate } from '../protocol/error.ts'
import type { Reason } from '../protocol/reason/reason.ts'
import { linkAddress } from './address.ts'
import type { Frame } from './brand.ts'
import { layout } from './layout.ts'
import type { ErrorText } from './messages/known/known.ts'
import type { Messages } from './messages/message.ts'
import { copyScript } from './static-file.ts'

export interface ErrorPage extends Frame {
  /** HTTP status of the answer. */
  readonly status: number
  readonly code: ErrorCode
  /** Public description, in English, as a JSON answer would have it. */
  readonly description: string
  /** Name of the offending parameter, never its value. */
  readonly parameter?: string | undefined
  /** What is known of the rule that was not met, if anybody may know. */
  readonly reason?: Pick<Reason, 'says' | 'section'> | undefined
  /** What is known beyond the code: of a request_uri (C-2c), of the session, of an answer, or of an address. */
  readonly fate?: Fate | undefined
  readonly back?: { readonly href: string; readonly text: string } | undefined
  /** By what whoever runs the server finds the request that came to this. */
  readonly request: { readonly id: string; readonly time: string }
}

/** What each code says to a person. */
const textOf: Readonly<Record<ErrorCode, ErrorText>> = {
  invalid_request: 'request',
  invalid_client: 'application',
  invalid_grant: 'request',
  unauthorized_client: 'permission',
  unsupported_grant_type: 'unsupported',
  invalid_scope: 'permission',
  access_denied: 'denied',
  unsupported_response_type: 'unsupported',
  server_error: 'fault',
  temporarily_unavailable: 'later',
  invalid_token: 'request',
  insufficient_scope: 'permission',
  unsupported_token_type: 'unsupported',
  invalid_target: 'permission',
  invalid_authorization_details: 'request',
  invalid_dpop_proof: 'request',
  use_dpop_nonce: 'request',
  invalid_request_object: 'request',
  invalid_request_uri: 'gone',
  request_not_supported: 'unsupported',
  request_uri_not_supported: 'unsupported',
  login_required: 'login',
  consent_required: 'login',
  interaction_required: 'login',
  registration_not_supported: 'unsupported',
  unmet_authentication_requirements: 'login',
  bad_request: 'request',
  redirect_uri_mismatch: 'address',
  invalid_resource_uri: 'gone',
  method_not_allowed: 'missing',
  not_found: 'missing',
  payload_too_large: 'request',
  unsupported_media_type: 'request',
  too_many_requests: 'often',
}

/** For `script` of `pageHeaders`: a file of our own; what else is served here is no script to a browser. */
export const errorScript = "'self'"

/** An error that must not travel to a redirect URI: shown where it happened (C-21). */
export function errorPage(page: ErrorPage): string {
  const { messages, code } = page
  const words = messages.error
  const href = linkAddress(page.back?.href)
  return layout({
    messages,
    brand: page.brand,
    title: `${words.heading} · ${code}`,
    main: html`<h1>${words.heading}</h1>
<p id="error">${words.texts[page.fate ?? textOf[code]]}</p>
${
  href === undefined
    ? html`<p id="advice">${words.advice}</p>`
    : html`<p><a class="button" id="back" href="${href}" rel="noreferrer"><bdi>${page.back?.text}</bdi></a></p>`
}
${report(page, words)}${forDevelopers(page, words)}`,
    script: html`<script type="module" src="${copyScript.href}"></script>\n`,
  })
}

/** What somebody needs to find the request in the log. The script shows its button. */
function report({ code, request }: ErrorPage, words: Messages['error']): Html {
  const { id, time } = request
  return html`<section class="report" aria-labelledby="report_text">
<p id="report_text">${words.report}</p>
<dl id="report">
${row('error_code', words.code, code)}<div><dt>${words.time}</dt><dd><time id="time" datetime="${time}">${time}</time></dd></div>
${row('request_id', words.request, id)}</dl>
<p class="copy"><button type="button" id="copy" data-done="${words.copied}" hidden>${words.copy}</button><span id="copied" role="status"></span></p>
</section>
`
}

function forDevelopers(page: ErrorPage, words: Messages['error']): Html {
  const { reason } = page
  return html`<details class="details" id="details">
<summary>${words.forDevelopers}</summary>
<dl>
${row('error_status', 'HTTP', String(page.status))}${row('error_parameter', words.parameter, page.parameter)}${row('error_description', words.description, page.description)}${reason && html`<div><dt>${words.reason}</dt><dd id="error_reason" lang="en">${reason.says}</dd></div>\n`}${row('error_section', words.section, reason?.section)}</dl>
</details>`
}

function row(id: string, term: string, value: string | undefined): Html {
  if (value === undefined || value === '') return html``
  return html`<div><dt>${term}</dt><dd><code id="${id}">${value}</code></dd></div>\n`
}
