import type { Form } from '../base/form.ts'
import type { Html } from '../base/html.ts'
import { attributes, html } from '../base/html.ts'
import type { HeaderValue, HttpResponse } from '../base/http.ts'
import { htmlPage } from '../base/http.ts'
import { frameOf } from '../page/brand.ts'
import { pageHeaders } from '../page/headers.ts'
import { layout } from '../page/layout.ts'
import { chooseMessages } from '../page/messages/index.ts'
import { openAddress } from './by-hand.ts'
import type { History } from './history/ask.ts'
import { historyLink, historySection } from './history/history-view.ts'
import type { Field } from './request.ts'
import { partyFields, requestFields } from './request.ts'
import type { DemoCredentials } from './seed.ts'
import { demoAddresses, demoUser } from './seed.ts'
import type { Step } from './step.ts'
import { allGood } from './step.ts'
import { stepList } from './step-view.ts'

/** A page of the relying party as an answer. */
export function pageAnswer(
  body: string,
  headers: Readonly<Record<string, HeaderValue>> = {},
  script?: string,
): HttpResponse {
  const needs = script === undefined ? {} : { script }
  return htmlPage(200, body, { ...pageHeaders(needs), ...headers })
}

/** The server’s own address: where to go from there. `origin`: `http://localhost:8080`. */
export function firstPage(origin: string, push: string): string {
  const alpha = `${origin}/am/oauth2/realms/root/realms/alpha`
  const discovery = `${alpha}/.well-known/openid-configuration`
  return page(
    'parapet is up',
    html`<h1 id="start">parapet is up</h1>
<p>An authorization server for OAuth 2.0 and OpenID Connect, with a demo in it.</p>
<p><a class="button" id="demo" href="${demoAddresses(origin).start}">Try it in the browser</a></p>
<h2>Push a request in a minute</h2>
<pre id="push_command">${push}</pre>
<p>Then open <code>${openAddress(origin)}…</code> with the <code>request_uri</code> that came.</p>
<h2>For an application of your own</h2>
<dl>
<div><dt>Issuer of the realm alpha</dt><dd><code>${alpha}</code></dd></div>
<div><dt>Discovery</dt><dd><a id="discovery" href="${discovery}"><code>${discovery}</code></a></dd></div>
</dl>
<p><a id="account" href="/am/XUI/account?realm=%2Falpha">${chooseMessages().account.title}</a></p>`,
  )
}

/** Where everything starts: the parameters, to be changed and pushed. `underWay`: this browser pushed, and no answer came back. */
export function startPage({ password, known }: DemoCredentials, underWay: boolean): string {
  return page(
    'Demo application',
    html`<h1>Demo application</h1>
<p>This is a client of the server. Choose what to ask for, push it, and log in as <code>${demoUser.username}</code> with the password ${known ? html`<code>${password}</code>` : 'that the server printed when it was first started'}.</p>
${underWay && html`<p>Your last push has not come back here.</p>\n${historyLink}\n`}<form id="push_form" method="post" action="/demo/push">
<div class="grid">
${partyFields.map(field)}</div>
<h2>Authorization request</h2>
<div class="grid">
${requestFields.map(field)}</div>
<div class="check">
<input type="checkbox" id="pkce" name="pkce" value="on" checked>
<label for="pkce">PKCE: send a code_challenge (S256)</label>
</div>
<p class="lead">redirect_uri, state and nonce are added to every push, and a code_challenge where PKCE is ticked. Empty parameters are not sent.</p>
<button class="primary" type="submit" id="push">Push</button>
</form>`,
  )
}

/** After a good push: the way on. */
export function pushedPage(steps: readonly Step[], authorize: string): string {
  return page(
    'Request pushed',
    html`<h1>Request pushed</h1>
<p>The server holds the request now. The browser carries only its name.</p>
<p><a class="button" id="continue" href="${authorize}">Continue in the browser</a></p>
${historyLink}
${stepList(steps)}
${again}`,
  )
}

/** What became of the push of this browser, so far. */
export function historyPage(history: History): string {
  return page(
    'So far',
    html`<h1>So far</h1>
${historySection(history)}<p><a class="button" id="look_again" href="/demo/history">Look again</a></p>
${again}`,
  )
}

/** Something on the way to the server did not work. `history`: what it tells of a push that it answered. */
export function failedPage(steps: readonly Step[], reason: string, history?: History): string {
  return page(
    'That did not work',
    html`<h1>That did not work</h1>
<p class="notice error" id="result" role="alert">${reason}</p>
${history && historySection(history)}${stepList(steps)}
${again}`,
  )
}

/** The end of a flow: what happened, step by step. `logout` are fields to post to the server. */
export function resultPage(
  steps: readonly Step[],
  history: History,
  logout: { readonly action: string; readonly fields: Html } | undefined,
): string {
  const good = allGood(steps)
  const title = good ? 'You are logged in' : 'That did not work'
  return page(
    title,
    html`<h1>${title}</h1>
<p ${attributes({ class: good ? 'notice' : 'notice error', id: 'result', role: 'status' })}>${good ? 'Every check passed.' : 'Not every check passed: see below.'}</p>
${historySection(history)}${stepList(steps)}
${logout && html`<form id="logout_form" method="post" action="${logout.action}">\n${logout.fields}<button type="submit" id="logout">Log out at the server</button>\n</form>\n`}${again}`,
  )
}

/** An answer without a flow: another browser's, an old one's, or a page that was loaded again. */
export function strayPage(): string {
  return page(
    'Nothing to do here',
    html`<h1>Nothing to do here</h1>
<p class="notice error" id="result" role="alert">This browser has no request under way. It may have been finished already.</p>
${again}`,
  )
}

/** The end of a request that was pushed by hand: what came, and how tokens come of it. */
export function byHandPage(answer: Form, redeem: string | undefined): string {
  const error = answer.get('error')
  const title = error === undefined ? 'It worked' : 'The server said no'
  const text =
    error === undefined
      ? 'You are logged in, and this is what the server sent to the application.'
      : `The server answered ${error}.`
  return page(
    title,
    html`<h1>${title}</h1>
<p ${attributes({ class: error === undefined ? 'notice' : 'notice error', id: 'result', role: 'status' })}>${text}</p>
${stepList([{ title: 'Authorization response', values: answer }])}
${redeem && html`<h2>Tokens for the code</h2>\n<p>Within a minute, and once: with the <code>code_verifier</code> that belongs to the pushed <code>code_challenge</code>, here that of the README’s.</p>\n<pre id="redeem">${redeem}</pre>\n`}${again}`,
  )
}

/** Browsers keep the fragment to themselves: a script must post it (`demo/relying-party.ts` has it). */
export function fragmentPage(): string {
  return layout({
    ...frame,
    title: 'One moment',
    main: html`<h1>One moment</h1>
<p>The answer is in the fragment of this page’s address, which browsers do not send. A script passes it on.</p>
<form id="fragment_form" method="post" action="/demo/callback">
<input type="hidden" id="fragment" name="fragment" value="">
<button class="primary" type="submit" id="continue">Continue</button>
</form>`,
    script: html`<script src="/demo/fragment.js"></script>\n`,
  })
}

/** The demo is nobody’s: it stands beside the realms, and speaks English. */
const frame = frameOf(undefined, chooseMessages())

const again = html`<p><a class="button quiet" id="again" href="/demo">Start again</a></p>`

function page(title: string, main: Html): string {
  return layout({ ...frame, title, main, wide: true })
}

function field({ name, label, start, choices }: Field): Html {
  const control =
    choices === undefined
      ? html`<input type="text" id="${name}" name="${name}" value="${start}" maxlength="500" autocapitalize="none" spellcheck="false">`
      : html`<select id="${name}" name="${name}">\n${choices.map((each) => html`<option ${attributes({ value: each, selected: each === start })}>${each || '(not sent)'}</option>\n`)}</select>`
  return html`<div class="field">
<label for="${name}">${label}</label>
${control}
</div>
`
}
