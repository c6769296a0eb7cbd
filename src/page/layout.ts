/**
 * page: data → HTML text. Everything a person sees; no request, no store, no decision. No page needs a
 * script to work, and all take their looks from one stylesheet, so that the policy of `headers.ts` holds.
 */
import type { Html, HtmlValue } from '../base/html.ts'
import { attributes, html, htmlText } from '../base/html.ts'
import type { Frame } from './brand.ts'
import type { Messages } from './messages/message.ts'
import { mark, stylesheet } from './static-file.ts'

export interface Layout extends Frame {
  readonly title: string
  readonly main: Html
  /** Small print below the card. */
  readonly foot?: Html | undefined
  /** Instead of the product's mark: a client's logo, already through `shownAddress`. */
  readonly logo?: string | undefined
  /** Wide pages hold more than one short form. */
  readonly wide?: boolean
  /** Written at the end of the body; that of a form post or an error. */
  readonly script?: Html
}

/** A whole document. */
export function layout(page: Layout): string {
  const { messages, brand } = page
  return htmlText(html`<!doctype html>
<html ${attributes({ lang: messages.lang, dir: messages.dir })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title}${brand.name && ` · ${brand.name}`}</title>
<link rel="stylesheet" href="${stylesheet.href}">
${brand.colours && html`<link rel="stylesheet" href="${brand.colours}">\n`}<link rel="icon" href="${mark.href}" type="${mark.type}">
</head>
<body>
${banner(page)}<main ${attributes({ class: page.wide ? 'wide' : 'card' })}>
${picture(page)}${page.main}
</main>
${footer(page)}${page.script}</body>
</html>
`)
}

/** Whose page it is, above the card. */
function banner({ brand, wide }: Layout): HtmlValue {
  const { name, logo } = brand
  if (name === '' && logo === undefined) return undefined
  const shown = logo && html`<img class="logo" src="${logo}" alt="" height="40">`
  return html`<header ${attributes({ class: wide ? 'brand wide' : 'brand' })}>${shown}${name && html`<bdi id="brand">${name}</bdi>`}</header>\n`
}

/** The application's logo; the product's mark where nobody else says whose page it is. */
function picture({ logo, brand }: Layout): HtmlValue {
  if (logo !== undefined) return html`<img class="logo" src="${logo}" alt="" height="56">\n`
  if (brand.name !== '' || brand.logo !== undefined) return undefined
  return html`<img class="mark" src="${mark.href}" alt="" width="40" height="40">\n`
}

function footer({ foot, messages, brand }: Layout): HtmlValue {
  const { help, privacy } = brand
  const words = messages.brand
  const links = [
    help && outerLink(messages, 'help', help, html`${words.help}`),
    privacy && outerLink(messages, 'privacy', privacy, words.privacy(brand.name)),
  ].filter((link) => typeof link === 'object')
  if (foot === undefined && links.length === 0) return undefined
  return html`<footer>${foot}${links.length > 0 && linkList(links)}</footer>\n`
}

/** A link away from here that leaves the page open. */
export function outerLink(messages: Messages, id: string, href: string, text: Html): Html {
  return html`<li><a id="${id}" href="${href}" target="_blank" rel="noopener noreferrer">${text}<span class="unseen"> ${messages.opensNewTab}</span></a></li>\n`
}

export function linkList(links: readonly Html[]): Html {
  return html`<ul class="links">\n${links}</ul>\n`
}

/** Somebody else's words inside our sentence: set apart, whatever direction they are written in. */
export function foreign(text: string): Html {
  return html`<bdi class="name">${text}</bdi>`
}

/** Hidden fields, in order. */
export function hiddenFields(fields: Iterable<readonly [name: string, value: string]>): Html[] {
  return [...fields].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  )
}
